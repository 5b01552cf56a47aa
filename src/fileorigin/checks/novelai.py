"""The signature of one generator over its pixels and settings (Ed25519; the key is public)."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import VerifyKey

from fileorigin.checks.generators import input_marks
from fileorigin.evidence import AiInvolvement, Finding, RealBasis, Status, Strength
from fileorigin.pixels import Undecodable
from fileorigin.reading import Reading, Written, digest, locations
from fileorigin.vocabulary import NOVELAI_KEY, PLAIN_SETTINGS, REQUESTS

_SIGNED = '"signed_hash'
_MAX_COMMENTS = 2  # the generator writes it as a text and hides it in the pixels; each is verified over all pixels


def signature(reading: Reading, key: str = NOVELAI_KEY) -> Finding:
    """Whether the generator signed exactly these pixels with these settings.

    A true signature says that the generator wrote them. It says that no picture went in only if the signed settings
    ask for a picture from text and name no reference. `key` is the public key in base64.
    """
    comments = list(_comments(reading))
    if not comments:
        return reading.nothing("novelai_signature")
    stored = reading.pixels.stored
    if isinstance(stored, Undecodable):
        status = Status.UNSUPPORTED if stored.reason != "undecodable_pixels" else Status.ERROR
        name = "reason" if status is Status.UNSUPPORTED else "problems"
        return Finding("novelai_signature", status, values={name: (stored.reason,)})
    pixels = stored[..., :3].tobytes()
    for written, settings in comments:
        if _verified(pixels, settings, key):
            return _finding(reading, written, settings, valid=True)
    return _finding(reading, *comments[0], valid=False)


def _finding(reading: Reading, written: Written, settings: Mapping[str, Any], *, valid: bool) -> Finding:
    request = str(settings.get("request_type", ""))
    other = bool(input_marks([written])) or _references(settings)
    plain = valid and request == "PromptGenerateRequest" and not other
    return Finding(
        "novelai_signature",
        Status.PRESENT,
        Strength.STRONG if valid else Strength.NONE,
        ai=AiInvolvement.ASSERTED_SIGNED_TRUSTED if valid else AiInvolvement.CLAIMED_UNSIGNED,
        real=RealBasis.ASSERTED_ABSENT_SIGNED if plain else RealBasis.INDICATED if other else RealBasis.UNKNOWN,
        altered_real=other,
        values={
            "outcome": "signature_valid" if valid else "signature_invalid",
            "request": request if request in REQUESTS else "other",
            "references": other,
            "sha256": digest(written.value),
        },
        sealed_refs=(reading.seal.put("signed", written.value),),
        locations=locations([written.at]),
    )


def _comments(reading: Reading) -> Iterator[tuple[Written, dict[str, Any]]]:
    """Settings that carry a signature; settings may stand as text within an object."""
    found = 0
    for written in reading.written:
        if _SIGNED not in written.value.replace("\\", "") or found >= _MAX_COMMENTS:
            continue
        parsed = _parsed(written.value)
        if isinstance(parsed.get("Comment"), str):
            parsed = _parsed(parsed["Comment"])
        if isinstance(parsed.get("signed_hash"), str):
            found += 1
            yield written, parsed


def _parsed(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _verified(pixels: bytes, settings: Mapping[str, Any], key: str) -> bool:
    """The signature covers red, green and blue of every pixel by rows, then the other settings as JSON."""
    rest = {name: value for name, value in settings.items() if name != "signed_hash"}
    try:
        given = base64.b64decode(str(settings["signed_hash"]), validate=True)
        VerifyKey(base64.b64decode(key)).verify(pixels + json.dumps(rest).encode(), given)
    except (CryptoError, ValueError, binascii.Error, RecursionError):
        return False
    return True


def _references(settings: Mapping[str, Any]) -> bool:
    """Whether any setting may name a picture that went in: one that is set and not known to be plain.

    Empty lists and nulls stand in every file.
    """
    return any(value and name not in PLAIN_SETTINGS for name, value in settings.items())
