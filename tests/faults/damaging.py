"""Files with marks of origin, damaged: every container and block that `fileorigin` reads, signed ones among them."""

import functools
import random
import struct

from nacl.signing import SigningKey

from faults import mutating
from faults.mutating import Part
from marking import INFOTEXT, Marked, Signer, encoded, landscape, png_texts

_JXL = b"\0\0\0\x0cJXL \r\n\x87\n"
_BLOCKS = ("JPEG", "PNG", "WEBP", "GIF")
_SIDE = 48
MOST = 2_000_000  # bytes of a damaged file


@functools.cache
def seeds(remote: str) -> tuple[tuple[str, bytes], ...]:
    """Return (format, file) of each kind; those with credentials kept elsewhere point at `remote`."""
    made = Marked(landscape(1, _SIDE, _SIDE))
    signer = Signer()
    graph = '{"1": {"class_type": "LoadImage", "inputs": ' + '{"a": [1, {"b": "c"}]}' * 3 + "}}"
    hexadecimal = {"Raw profile type exif": f"\nexif\n 8\n{b'Exif  '.hex()}{b'II*'.hex()}00\n", "parameters": INFOTEXT}
    found = [
        ("JPEG", made.camera_with_ai()),
        ("JPEG", made.iptc("Made with Google AI")),
        ("JPEG", made.thumbnailed(landscape(2, 32, 32), software="Fooocus")),
        ("JPEG", encoded(landscape(1, _SIDE, _SIDE), "JPEG", subsampling=0)),
        ("JPEG", signer.sign(made.picture(), remote=remote)),
        ("JPEG", signer.sign(made.picture(), remote=remote, embedded=True)),
        ("PNG", signer.sign(made.picture("PNG"), kind="PNG", remote=remote, embedded=True)),
        ("PNG", made.png(zipped=True, parameters=INFOTEXT, prompt=graph, AIGC='{"Label": "1"}')),
        ("PNG", encoded(made.image(), "PNG", pnginfo=png_texts(hexadecimal))),
        ("PNG", made.hidden(INFOTEXT)),
        ("PNG", made.novelai(SigningKey(b"\3" * 32))),
        ("WEBP", made.commented(INFOTEXT, "WEBP")),
        ("WEBP", made.hidden(INFOTEXT, kind="WEBP")),
        ("GIF", encoded(made.image(), "GIF", comment=INFOTEXT.encode())),
        ("TIFF", made.camera("TIFF")),
        ("AVIF", made.camera("AVIF")),
        ("JXL", _JXL + b"".join(_box(k, b) for k, b in ((b"Exif", b"\0" * 4), (b"xml ", b"<a/>"), (b"jumb", b"x")))),
    ]
    statements = "t:AIGC='{}' p:Credit='x' d:provenance='http://127.0.0.1:9/'"
    found += [(kind, made.xmp(statements, kind)) for kind in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF")]
    found += [(kind, signer.sign(made.picture(kind), kind=kind)) for kind in (*_BLOCKS, "TIFF", "AVIF")]
    under = signer.sign(made.picture(), "digitalCapture")
    found.append(("JPEG", signer.sign(made.picture(), over=under)))
    return tuple(found)


def case(remote: str, seed: int, number: int) -> tuple[str, bytes]:
    """Return the format and the bytes of one case."""
    chance = random.Random(f"{seed}:{number}")
    form, data = chance.choice(seeds(remote))
    known = form in _BLOCKS
    parts = mutating.apart(form, data) if known else [Part(b"", piece) for piece in _pieces(form, data)]
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        damaged = chance.choice(mutating.DAMAGES)(parts, chance, form if known else "GIF") or parts
        # Growing a signed file again and again would make one that no machine holds.
        parts = damaged if sum(len(part.body) for part in damaged) <= MOST else parts
    made = mutating.together(form if known else "GIF", parts, chance)
    if chance.random() < 0.1:
        made = made[: chance.randrange(len(made) + 1)]
    return form, made + (chance.randbytes(40) if chance.random() < 0.05 else b"")


def _pieces(form: str, data: bytes) -> list[bytes]:
    """Cut a file of boxes at its boxes; a TIFF is one piece."""
    if form == "TIFF":
        return [data]
    pieces, at = [], 0
    while at < len(data):
        size = struct.unpack_from(">I", data, at)[0] or len(data) - at
        pieces.append(data[at : at + size])
        at += size
    return pieces


def _box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body) + 8) + kind + body
