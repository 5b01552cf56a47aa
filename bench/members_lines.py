"""Lines of an edition and signed changes of them, made up of nothing, for `bench_members.py`."""

from typing import Any


def line_of(at: int, since: int) -> bytes:
    """Return one line of an edition."""
    from hashlib import md5, sha1, sha256

    from openhotline.hashlists.models import canonical

    data = f"{at}-{since}".encode()
    hashes = {
        "sha256": sha256(data),
        "sha1": sha1(data, usedforsecurity=False),
        "md5": md5(data, usedforsecurity=False),
    }
    digests = {name: one.hexdigest() for name, one in hashes.items()} | {"pdq": sha256(data * 2).hexdigest()}
    basis = {"jurisdiction": "GB-EAW", "outcome": "photograph", "category": "B", "provision": "PCA 1978 s1"}
    return canonical(
        {"kind": "entry", "entry": f"ent_{at:026d}", "since": since, "hashes": digests, "pdq_quality": 100}
        | {"ai_involvement": "none_seen", "real_child": "not_determined", "legal_basis": basis, "consensus": 2}
        | {"sharing": "not_determined", "address_live": "not_determined", "stream": "ordinary"}
    )


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
