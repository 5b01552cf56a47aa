"""Content Credentials (C2PA), read offline: no remote manifest, no OCSP, no network at all."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from typing import Any

import c2pa

from fileorigin.checks import manifests
from fileorigin.checks.manifests import Manifest
from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status, Strength, Value
from fileorigin.reading import Reading, locations
from fileorigin.sealing import Seal
from fileorigin.trust import TrustLists
from fileorigin.vocabulary import FAILURE_CODES

_MIME = {
    "png": "image/png", "jpeg": "image/jpeg", "webp": "image/webp", "gif": "image/gif", "tiff": "image/tiff",
    "heif": "image/heif", "avif": "image/avif", "jxl": "image/jxl",
}  # fmt: skip
MAX_STORE = 8_000_000  # characters of a report that is parsed
MAX_THUMBNAILS = 16

# Without these, a leaf made for documentSigning or claimSigning alone reads as invalid although its root is
# trusted: emailProtection, documentSigning, Microsoft's C2PA signing, claimSigning of the C2PA programme.
_PURPOSES = ("1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.311.76.59.1.9", "1.3.6.1.4.1.62558.2.1")
_STRENGTHS = {
    "trusted": Strength.STRONG,
    "trusted_interim": Strength.MODERATE,
    "valid_untrusted": Strength.WEAK,
}


def settings(anchors: str = "") -> dict[str, Any]:
    """The settings of the C2PA reader: offline, with the purposes a signer's certificate may have."""
    trusted = {"trust_config": "\n".join(_PURPOSES)}
    if anchors:
        trusted["trust_anchors"] = anchors
    return {
        "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False},
        "core": {"allowed_network_hosts": []},
        "trust": trusted,
    }


def credentials(reading: Reading, trust: TrustLists | None) -> Finding:
    """The C2PA manifests of the file. The reader is called only if the walker saw their box."""
    if not reading.parts.has_manifest:
        return reading.nothing("c2pa")
    places = locations(reading.parts.manifests)
    lists = trust or TrustLists()
    try:
        reader = _open(reading, lists.anchors)
        if reader is None:
            return Finding("c2pa", Status.PRESENT, values={"outcome": "remnant"}, locations=places)
        text, crjson = reader.json(), reader.crjson()
        references = _seal(reader, text, reading.seal)
    except c2pa.C2paError as error:
        return _unread(error, places)
    if max(len(text), len(crjson)) > MAX_STORE:
        problems = ("metadata_too_large",)
        return Finding("c2pa", Status.ERROR, values={"problems": problems}, sealed_refs=references, locations=places)
    store = json.loads(text)
    interim = store.get("validation_state") == "Valid" and _trusted_by_interim(reading, lists)
    return judge(
        store, json.loads(crjson), revoked=lists.revoked, interim=interim, references=references, places=places
    )


def _open(reading: Reading, anchors: str) -> Any:
    # A context does not survive fork(), so it is made here; it costs 0.3 ms.
    context = c2pa.Context.from_dict(settings(anchors))
    return c2pa.Reader.try_create(_MIME[reading.parts.format], io.BytesIO(reading.data), context=context)


def _trusted_by_interim(reading: Reading, lists: TrustLists) -> bool:
    """Whether the roots of the frozen list vouch for a signer that the current list does not know."""
    if not lists.interim:
        return False
    reader = _open(reading, lists.interim)
    return reader is not None and reader.get_validation_state() == "Trusted"


def _unread(error: Exception, places: tuple[str, ...]) -> Finding:
    # c2pa tells this one only by the start of its message ("Remote: must fetch ...").
    if str(error).startswith("Remote"):
        return Finding("c2pa", Status.UNSUPPORTED, values={"outcome": "remote_reference"}, locations=places)
    values: dict[str, Value] = {"outcome": "remnant", "problems": ("unreadable_manifest",)}
    return Finding("c2pa", Status.ERROR, values=values, locations=places)


def judge(
    store: Mapping[str, Any],
    crjson: Mapping[str, Any],
    *,
    revoked: frozenset[str] = frozenset(),
    interim: bool = False,
    references: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
) -> Finding:
    """What a store's reports support. An invalid store proves nothing, but what it claims is a claim."""
    found = manifests.read(store, crjson)
    codes = _failures(store)
    withdrawn = any(m.serial in revoked for m in found)
    if withdrawn:
        codes.add("signingCredential.revoked")
    outcome = _outcome(store.get("validation_state"), withdrawn=withdrawn, interim=interim)
    trusted = frozenset(m for m in found if m.trusted and not withdrawn and outcome != "invalid")
    return Finding(
        "c2pa",
        Status.PRESENT,
        _STRENGTHS.get(outcome, Strength.NONE),
        ai=_ai(found, trusted, outcome),
        real=_real(found, trusted, outcome),
        altered_real=any(m.altered for m in found),
        values={
            "outcome": outcome,
            "manifests": len(found),
            "trusted_manifests": len(trusted),
            "signals": _sorted(s for m in found for s in m.signals),
            "source_types": _sorted(t for m in found for t in m.source_types),
            "relationships": _sorted(r for m in found for r in m.relationships),
            "failures": _sorted(codes),
        },
        sealed_refs=references,
        locations=places,
    )


def _outcome(state: object, *, withdrawn: bool, interim: bool) -> str:
    if state not in {"Valid", "Trusted"}:
        return "invalid"
    if withdrawn:
        return "valid_untrusted"
    if state == "Trusted":
        return "trusted"
    return "trusted_interim" if interim else "valid_untrusted"


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
    # A second manifest is an input by itself; what only repackages or marks adds nothing to the picture.
    alone = len(found) == 1 and found[0] in trusted and outcome == "trusted"
    if alone and found[0].signals - {"nonEditorial"} == {"fullyGenAIMedia"}:
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
    for manifest in (store.get("manifests") or {}).values():
        for part in (manifest, *(manifest.get("ingredients") or [])):
            address = (part.get("thumbnail") or {}).get("identifier")
            if address:
                found.append(str(address))
    return list(dict.fromkeys(found))


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
