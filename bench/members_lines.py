"""Lines of an edition and signed changes of them, made up of nothing, for `bench_members.py`."""

from functools import lru_cache
from typing import Any

DIGITS = {"sha256": 64, "sha1": 40, "md5": 32, "pdq": 64}


def line_of(at: int, since: int) -> bytes:
    """Return one line of an edition, as it is written of a picture that three places' law calls criminal."""
    from hashlib import shake_128

    digits, filled, place = shake_128(f"{at}-{since}".encode()).hexdigest(sum(DIGITS.values()) // 2), {}, 0
    for name, many in DIGITS.items():
        filled[name] = digits[place : place + many]
        place += many
    return (_form() % (f"{at:026d}", filled["md5"], filled["pdq"], filled["sha1"], filled["sha256"], since)).encode()


@lru_cache
def _form() -> str:
    """Return the line with places for what differs, in the order of its names: made once, not ten million times."""
    from openhotline.hashlists.models import canonical

    basis = {"outcome": "photograph", "category": "B", "provision": "Protection of Children Act 1978 s1"}
    bases = [{"jurisdiction": place, **basis} for place in ("GB-EAW", "GB-NIR", "GB-SCT")]
    line: dict[str, Any] = {"kind": "entry", "entry": "ent_%s", "state": "active", "revision": 1}
    line |= {"hashes": dict.fromkeys(DIGITS, "%s"), "pdq_quality": 100, "pdq_canonical": "upright-srgb-white/1"}
    line |= {"legal_basis": bases[0], "legal_bases": bases, "consensus": 2}
    line |= {"ai_involvement": "none_seen", "real_child": "not_determined", "stream": "ordinary", "since": "%d"}
    line |= {"sharing": "not_determined", "address_live": "not_determined"}
    return canonical(line).decode().replace('"%d"', "%d")


def signed_changes(about: dict[str, Any], lines: list[bytes], key: Any) -> bytes:
    """Return a file of changes."""
    from hashlib import sha256

    from openhotline.hashlists.models import canonical
    from openhotline.hashlists.models.edition_file import CHANGES, SIGNED_AS

    body = b"".join(line + b"\n" for line in lines)
    manifest = {**about, "format": CHANGES, "lines": len(lines), "body_sha256": sha256(body).hexdigest()}
    text = canonical(manifest)
    signature = canonical({"signature": key.sign(SIGNED_AS[CHANGES] + text).hex()})
    return text + b"\n" + signature + b"\n" + body
