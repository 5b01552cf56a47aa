"""Content Credentials (C2PA), read offline: no remote manifest, no OCSP, no network at all."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import c2pa
from cryptography.x509 import load_pem_x509_certificates

from fileorigin import manifests
from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status, Strength
from fileorigin.manifests import Manifest
from fileorigin.reading import Reading
from fileorigin.sealing import Seal
from fileorigin.vocabulary import FAILURE_CODES

_MIME = {"png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif"}
MAX_STORE = 8_000_000  # characters of the report that is parsed
MAX_THUMBNAILS = 16

# Without these, a leaf made for documentSigning or claimSigning alone reads as invalid although its root is
# trusted: emailProtection, documentSigning, Microsoft's C2PA signing, claimSigning of the C2PA programme.
_PURPOSES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.76.59.1.9", "1.3.6.1.4.1.62558.2.1")


@dataclass(frozen=True)
class TrustLists:
    """Whom to trust, as the operator keeps it on disk: nothing is fetched.

    `anchors` are root certificates in PEM. `revoked` are serial numbers (decimal) of signers that are known
    to be revoked, because offline there is no OCSP: their signatures count as untrusted. Anchors that are not
    certificates raise ValueError: an empty trust list by mistake must not look like untrusted signers.
    """

    anchors: str = ""
    revoked: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not self.anchors:
            return
        try:
            load_pem_x509_certificates(self.anchors.encode())
        except ValueError as error:
            raise ValueError(
                "The trust list is not a list of certificates; give root certificates in PEM, or none."
            ) from error

    @property
    def sha256(self) -> str:
        """Identifies exactly these lists; it stands in every piece of evidence."""
        whole = "\n".join([self.anchors, *sorted(self.revoked)])
        return hashlib.sha256(whole.encode()).hexdigest()


def settings(trust: TrustLists | None) -> dict[str, Any]:
    """The settings of the C2PA reader: offline, with the purposes a signer's certificate may have."""
    trusted = {"trust_config": "\n".join(_PURPOSES)}
    if trust is not None and trust.anchors:
        trusted["trust_anchors"] = trust.anchors
    return {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": []},
        "trust": trusted,
    }


def credentials(reading: Reading, trust: TrustLists | None) -> Finding:
    """The C2PA manifests of the file. The reader is called only if the walker saw their box."""
    if not reading.parts.has_manifest:
        return reading.nothing("c2pa")
    try:
        # A context does not survive fork(), so it is made here; it costs 0.3 ms.
        context = c2pa.Context.from_dict(settings(trust))
        mime = _MIME[reading.parts.format]
        reader = c2pa.Reader.try_create(mime, io.BytesIO(reading.data), context=context)
        if reader is None:
            return Finding("c2pa", Status.PRESENT, values={"outcome": "remnant"})
        text = reader.json()
        references = _seal(reader, text, reading.seal)
    except c2pa.C2paError as error:
        return _unread(error)
    if len(text) > MAX_STORE:
        return Finding("c2pa", Status.ERROR, values={"problems": ("metadata_too_large",)})
    return judge(json.loads(text), trust, references)


def _unread(error: Exception) -> Finding:
    # c2pa tells this one only by the start of its message ("Remote: must fetch ...").
    if str(error).startswith("Remote"):
        return Finding("c2pa", Status.UNSUPPORTED, values={"outcome": "remote_reference"})
    return Finding("c2pa", Status.ERROR, values={"problems": ("unreadable_manifest",)})


def judge(store: Mapping[str, Any], trust: TrustLists | None, references: tuple[str, ...] = ()) -> Finding:
    """What a store's report supports. An invalid store proves nothing, but what it claims is a claim."""
    found = manifests.read(store)
    codes = _failures(store)
    revoked = trust.revoked if trust is not None else frozenset[str]()
    if any(m.serial in revoked for m in found):
        codes.add("signingCredential.revoked")
        outcome = "valid_untrusted" if store.get("validation_state") in {"Valid", "Trusted"} else "invalid"
        trusted: frozenset[Manifest] = frozenset()
    else:
        outcome = {"Trusted": "trusted", "Valid": "valid_untrusted"}.get(str(store.get("validation_state")), "invalid")
        trusted = frozenset(m for m in found if m.trusted) if outcome != "invalid" else frozenset()
    return Finding(
        "c2pa",
        Status.PRESENT,
        {"trusted": Strength.STRONG, "valid_untrusted": Strength.WEAK}.get(outcome, Strength.NONE),
        ai=_ai(found, trusted, outcome),
        real=_real(found, trusted, outcome),
        altered_real=any(m.altered for m in found),
        values={
            "outcome": outcome,
            "manifests": len(found),
            "signals": _sorted(s for m in found for s in m.signals),
            "source_types": _sorted(t for m in found for t in m.source_types),
            "relationships": _sorted(r for m in found for r in m.relationships),
            "failures": _sorted(codes),
        },
        sealed_refs=references,
    )


def _ai(found: tuple[Manifest, ...], trusted: frozenset[Manifest], outcome: str) -> AiInvolvement:
    stating = [m for m in found if m.states_ai]
    if not stating:
        return AiInvolvement.NONE_FOUND
    if outcome == "invalid":
        return AiInvolvement.CLAIMED_UNSIGNED
    if any(m in trusted for m in stating):
        return AiInvolvement.ASSERTED_SIGNED_TRUSTED
    return AiInvolvement.ASSERTED_SIGNED_UNTRUSTED


def _real(found: tuple[Manifest, ...], trusted: frozenset[Manifest], outcome: str) -> RealBasis:
    if any(m in trusted and m.states_capture for m in found):
        return RealBasis.ASSERTED_SIGNED
    if any(m.altered or m.states_capture for m in found):
        return RealBasis.INDICATED
    alone = len(found) == 1 and found[0] in trusted and outcome == "trusted"
    if alone and found[0].signals == {"fullyGenAIMedia"}:
        return RealBasis.ASSERTED_ABSENT_SIGNED
    return RealBasis.UNKNOWN


def _failures(store: Mapping[str, Any]) -> set[str]:
    active = (store.get("validation_results") or {}).get("activeManifest") or {}
    codes = {str(f.get("code")) for f in active.get("failure") or []}
    codes |= {str(f.get("code")) for f in store.get("validation_status") or []}
    return {c if c in FAILURE_CODES else "other" for c in codes}


def _seal(reader: Any, text: str, seal: Seal) -> tuple[str, ...]:
    """Keep the whole report and the thumbnails: they may show the picture before it was changed."""
    references = [seal.put("c2pa.report", text[:MAX_STORE])]
    if len(text) > MAX_STORE:
        return tuple(references)
    for address in _thumbnails(json.loads(text))[:MAX_THUMBNAILS]:
        picture = io.BytesIO()
        try:
            reader.resource_to_stream(address, picture)
        except c2pa.C2paError:
            continue  # a thumbnail that is named and not there is no reason to lose the rest
        references.append(seal.put("c2pa.thumbnail", picture.getvalue()))
    return tuple(references)


def _thumbnails(store: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for manifest in store.get("manifests", {}).values():
        for part in (manifest, *(manifest.get("ingredients") or [])):
            address = (part.get("thumbnail") or {}).get("identifier")
            if address:
                found.append(str(address))
    return list(dict.fromkeys(found))


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
