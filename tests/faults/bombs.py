"""Small files that would unfold to something enormous, never end, or are something else than they seem.

All are made here out of zeros, gradients and the formats' own rules.
"""

import gzip
import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from PIL import Image

from faults.mutating import PNG, Part, apart, seeds, together
from moving import moving

MOST = 64 << 20
SIDE = 20_000


def bombs() -> Iterator[tuple[str, bytes]]:
    """Yield every bomb with its name."""
    for made in (_videos, _png, _gif, _webp, _jpeg, _metadata, _strangers, _double):
        yield from made()


def _zeros(length: int) -> bytes:
    return zlib.compress(bytes(length), 9)


def _ihdr(width: int, height: int, depth: int = 8, colour: int = 2, interlace: int = 0) -> Part:
    return Part(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace))


def _of_png(*parts: Part) -> bytes:
    return together("PNG", [*parts, Part(b"IEND", b"")])


def _png() -> Iterator[tuple[str, bytes]]:
    small, row = _ihdr(64, 64, 8, 0), Part(b"IDAT", zlib.compress(bytes(65 * 64)))
    text, noise = b"Comment\0\0", Part(b"tEXt", b"a\0b")
    for width, height in ((SIDE, SIDE), (65_535, 65_535), (2**31 - 1, 2**31 - 1), (2**31 - 1, 1), (1, 2**31 - 1)):
        yield f"png {width} x {height}", _of_png(_ihdr(width, height), Part(b"IDAT", _zeros(1 << 20)))
    yield "png 400 megapixels in one bit", _of_png(_ihdr(SIDE, SIDE, 1, 0), Part(b"IDAT", _zeros(SIDE * 2501)))
    yield "png of 49 megapixels in 16 bit", _of_png(_ihdr(7000, 7000, 16, 6), Part(b"IDAT", _zeros(7000 * 56_001)))
    yield "png 49 megapixels interlaced", _of_png(_ihdr(7000, 7000, 8, 2, 1), Part(b"IDAT", _zeros(7000 * 21_001)))
    yield "png without a side", _of_png(_ihdr(0, 0), row)
    yield "png of one pixel with 256 MiB behind it", _of_png(_ihdr(1, 1), Part(b"IDAT", _zeros(256 << 20)))
    yield "png with a text of 256 MiB", _of_png(small, Part(b"zTXt", text + _zeros(256 << 20)), row)
    yield "png with a profile of 256 MiB", _of_png(small, Part(b"iCCP", b"a\0\0" + _zeros(256 << 20)), row)
    international = b"XML:com.adobe.xmp\0\1\0\0\0" + _zeros(256 << 20)
    yield "png with an international text of 256 MiB", _of_png(small, Part(b"iTXt", international), row)
    yield "png with 100,000 texts", _of_png(small, *[noise] * 100_000, row)
    yield "png with 60 texts that just pass", _of_png(small, *[Part(b"zTXt", text + _zeros(1 << 20))] * 60, row)
    frame = Part(b"fcTL", struct.pack(">IIIIIHHBB", 0, 64, 64, 0, 0, 1, 1, 0, 0))
    yield "png with 100,000 frames", _of_png(small, Part(b"acTL", struct.pack(">II", 2**31 - 1, 0)), *[frame] * 100_000)
    yield "png with a million empty blocks", _of_png(small, *[Part(b"IDAT", b"")] * 1_000_000, row)
    yield "png whose block claims 2 GiB", PNG + struct.pack(">I", 2**31 - 1) + b"IDAT" + bytes(1000)
    yield "png without pixels", _of_png(small)
    yield "png with a palette of 64 KiB", _of_png(_ihdr(64, 64, 8, 3), Part(b"PLTE", bytes(65_535)), row)


def _gif() -> Iterator[tuple[str, bytes]]:
    def screen(width: int, height: int) -> bytes:
        return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + bytes(6)

    def frame(width: int, height: int, data: bytes = b"\x02\x44\x01") -> bytes:
        return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\x02" + data + b"\0"

    yield "gif of 65,535 x 65,535", screen(65_535, 65_535) + frame(65_535, 65_535) + b";"
    yield "gif with a frame beyond its screen", screen(10, 10) + frame(65_535, 65_535) + b";"
    yield "gif of 49 megapixels", screen(7000, 7000) + frame(7000, 7000, b"\xff" + bytes(255)) + b";"
    yield "gif with 100,000 frames", screen(320, 240) + frame(1, 1) * 100_000 + b";"
    yield "gif with 4,000 frames of a megapixel", screen(1000, 1000) + frame(1000, 1000) * 4_000 + b";"
    yield "gif with a comment of 16 MB", screen(9, 9) + b"\x21\xfe" + (b"\xff" + b"c" * 255) * 65_000 + b"\0" + b";"
    yield "gif with a million extensions", screen(9, 9) + b"\x21\xfe\0" * 1_000_000 + frame(9, 9) + b";"
    yield "gif that never ends", screen(9, 9) + frame(9, 9, b"\xff" + bytes(255)) * 10_000


def _webp() -> Iterator[tuple[str, bytes]]:
    lossy = apart("WEBP", seeds()["WEBP"][0])[0]
    moving = apart("WEBP", seeds()["WEBP"][3])
    frame = next(part for part in moving if part.kind == b"ANMF")

    def canvas(width: int, height: int, flags: int = 2) -> Part:
        size = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
        return Part(b"VP8X", bytes([flags, 0, 0, 0]) + size)

    yield "webp canvas of 2^24 a side", together("WEBP", [canvas(1 << 24, 1 << 24), *moving[1:]])
    yield "webp canvas of 16,383 a side", together("WEBP", [canvas(16_383, 16_383), *moving[1:]])
    yield "webp with 20,000 frames", together("WEBP", [*moving[:2], *[frame] * 20_000])
    yield "webp with frames of 49 megapixels", together("WEBP", [canvas(7000, 7000), moving[1], *[frame] * 4_000])
    lossless = struct.pack("<BI", 0x2F, 16_382 | 16_382 << 14) + bytes(64)
    yield "webp lossless of 16,383 a side", together("WEBP", [Part(b"VP8L", lossless)])
    key = lossy.body[:6] + struct.pack("<HH", 16_383, 16_383) + lossy.body[10:]
    yield "webp lossy of 16,383 a side", together("WEBP", [Part(b"VP8 ", key)])
    yield "webp with 200,000 blocks", together("WEBP", [lossy, *[Part(b"JUNK", b"")] * 200_000])
    still = canvas(64, 52, 0x2C)
    yield "webp with a profile of 16 MiB", together("WEBP", [still, Part(b"ICCP", bytes(16 << 20)), lossy])
    nested = together("WEBP", [lossy])
    for _ in range(200):
        nested = together("WEBP", [Part(b"ANMF", bytes(16) + nested)])
    yield "webp in webp, 200 deep", nested


def _jpeg() -> Iterator[tuple[str, bytes]]:
    plain, progressive = (apart("JPEG", seeds()["JPEG"][at]) for at in (0, 2))

    def sized(parts: list[Part], width: int, height: int) -> list[Part]:
        head = struct.pack(">BHH", 8, height, width)
        frames = {b"\xff\xc0", b"\xff\xc2"}
        return [Part(part.kind, head + part.body[5:]) if part.kind in frames else part for part in parts]

    yield "jpeg of 65,500 x 65,500", together("JPEG", sized(plain, 65_500, 65_500))
    yield "jpeg of 49 megapixels without its data", together("JPEG", sized(plain, 7000, 7000))
    yield "jpeg progressive of 49 megapixels", together("JPEG", sized(progressive, 7000, 7000))
    yield "jpeg without a height", together("JPEG", sized(plain, 64, 0))
    first = next(at for at, part in enumerate(progressive) if part.kind == b"\xff\xda")
    scans = progressive[first:-1]
    yield "jpeg with 10,000 scans", together("JPEG", [*progressive[:first], *scans * 1_000, progressive[-1]])
    large = sized(progressive, 4000, 4000)
    yield "jpeg of 16 megapixels with 2,000 scans", together("JPEG", [*large[:first], *scans * 200, large[-1]])
    tables = [part for part in plain if part.kind in {b"\xff\xc4", b"\xff\xdb"}]
    yield "jpeg with 20,000 tables", together("JPEG", [plain[0], *tables * 4_000, *plain[1:]])
    yield "jpeg with 60,000 comments", together("JPEG", [plain[0], *[Part(b"\xff\xfe", b"c")] * 60_000, *plain[1:]])
    yield "jpeg with 900 comments of 64 KiB", together("JPEG", [plain[0], *[Part(b"\xff\xfe", b"c" * 65_000)] * 900])
    yield "jpeg made of starts", b"\xff\xd8\xff" * 1_000_000
    yield "jpeg made of fill bytes", b"\xff\xd8" + b"\xff" * (8 << 20)
    yield "jpeg with a thousand thumbnails in each other", _in_each_other(1_000)


def _in_each_other(depth: int) -> bytes:
    data = together("JPEG", apart("JPEG", seeds()["JPEG"][0]))[:2000]
    for _ in range(depth):
        data = b"\xff\xd8\xff\xe1" + struct.pack(">H", min(len(data) + 8, 65_535)) + b"Exif\0\0" + data
    return data


def _metadata() -> Iterator[tuple[str, bytes]]:
    plain = apart("JPEG", seeds()["JPEG"][0])

    def with_block(kind: bytes, *bodies: bytes) -> bytes:
        return together("JPEG", [plain[0], *(Part(kind, body) for body in bodies), *plain[1:]])

    round_trip = b"Exif\0\0II*\0\x08\0\0\0" + struct.pack("<H", 0) + struct.pack("<I", 8)
    yield "exif whose next directory is itself", with_block(b"\xff\xe1", round_trip)
    entry = struct.pack("<HHII", 0x8769, 4, 1, 8)
    yield "exif that holds itself", with_block(b"\xff\xe1", b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + bytes(4))
    many = struct.pack("<H", 65_535) + struct.pack("<HHII", 0x010E, 2, 2**32 - 1, 8) * 5_000
    yield "exif with 65,535 entries of 4 GiB", with_block(b"\xff\xe1", b"Exif\0\0II*\0\x08\0\0\0" + many)
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    laughs = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "shapes">{entities}]><x>&e11;</x>'.encode()
    yield "xmp with entities in entities", with_block(b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0" + laughs)
    deep = b"<a>" * 20_000
    yield "xmp 20,000 elements deep", with_block(b"\xff\xe1", b"http://ns.adobe.com/xap/1.0/\0" + deep)
    guid = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    yield (
        "xmp in 900 pieces",
        with_block(
            b"\xff\xe1", *(guid + struct.pack(">II", 2**32 - 1, n * 60_000) + b" " * 60_000 for n in range(900))
        ),
    )
    yield (
        "profile in 255 pieces",
        with_block(b"\xff\xe2", *(b"ICC_PROFILE\0" + bytes([n + 1, 255]) + bytes(65_000) for n in range(255))),
    )
    box = b""
    for _ in range(5_000):
        box = struct.pack(">I4s", len(box) + 8, b"jumb") + box
    yield "manifest boxes 5,000 deep", with_block(b"\xff\xeb", b"JP\0\1\0\0\0\1" + box)
    claim = struct.pack(">I4s", 2**32 - 1, b"jumb") + bytes(60_000)
    yield "manifest that claims 4 GiB", with_block(b"\xff\xeb", *[b"JP\0\1\0\0\0\1" + claim] * 300)
    array = b"JP\0\1\0\0\0\1" + struct.pack(">I4s", 60_000, b"cbor") + b"\x81" * 59_000
    yield "manifest with arrays 59,000 deep", with_block(b"\xff\xeb", array)


def _strangers() -> Iterator[tuple[str, bytes]]:
    picture = Image.linear_gradient("L")
    for form in ("TIFF", "BMP", "JPEG2000", "ICO", "PPM", "PCX", "TGA", "AVIF", "DDS", "PDF", "EPS"):
        sink = io.BytesIO()
        picture.convert("RGB" if form in {"EPS", "AVIF"} else "L").save(sink, form)
        yield f"{form} in place of a picture", sink.getvalue()
    yield "nothing at all", b""
    yield "one byte", b"\xff"
    yield "64 MiB of zeros", bytes(MOST)
    yield "a byte more than may come in", bytes(MOST + 1)
    yield "svg with entities", b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a "&a;">]><svg>&a;</svg>'
    yield "a program", b"\x7fELF\2\1\1" + bytes(4000)
    yield "zip in zip in zip", _zipped(_zipped(_zipped(bytes(32 << 20))))
    yield "gzip of gzip", gzip.compress(gzip.compress(bytes(32 << 20), mtime=0), mtime=0)


def _double() -> Iterator[tuple[str, bytes]]:
    """Two formats in one file, or one under another's first bytes."""
    files = {form: made[0] for form, made in seeds().items()}
    for one, other in (("JPEG", "PNG"), ("PNG", "GIF"), ("GIF", "WEBP"), ("WEBP", "JPEG")):
        yield f"{one} with {other} behind it", files[one] + files[other]
        yield f"{other} under the first bytes of {one}", files[one][:12] + files[other]
    yield "jpeg and zip", files["JPEG"] + _zipped(bytes(1 << 20))
    yield "gif and script", b"GIF89a/*" + bytes(40) + b"*/=1;alert(1)"


def _zipped(data: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.zip", data)
    return sink.getvalue()


def _videos() -> Iterator[tuple[str, bytes]]:
    small = moving(1, "MP4", seconds=1, size=(64, 48))
    head = small[: struct.unpack(">I", small[:4])[0]]
    yield "mp4 with a million empty boxes", head + struct.pack(">I4s", 8, b"free") * 1_000_000
    deep = b"".join(struct.pack(">I4s", 8 * (50_000 - place), b"moov") for place in range(50_000))
    yield "mp4 with boxes 50,000 deep", head + deep
    for width, height in ((16_000, 16_000), (65_535, 65_535), (65_535, 1)):
        yield f"mp4 of {width} x {height} by its table", _patched(small, b"avc1", 28, struct.pack(">HH", width, height))
    for table, place in ((b"stts", 8), (b"stsz", 12), (b"stsc", 8), (b"stco", 8), (b"ctts", 8)):
        yield f"mp4 whose {table.decode()} claims 2^32 - 1", _patched(small, table, place, b"\xff" * 4)
    yield "mp4 whose frames last a day each", _patched(small, b"stts", 16, struct.pack(">I", 86_400 * 12_800))
    yield "mp4 of 9 megapixels", moving(1, "MP4", seconds=1, size=(4096, 2304))
    yield "mp4 without an end", small[:40] + bytes(8 << 20)
    webm = moving(1, "WEBM", seconds=1, size=(64, 48))
    yield "webm of a thousand years", _patched(webm, b"\x44\x89\x88", 3, struct.pack(">d", 3.2e13))
    yield "webm whose segment claims 2^56", _patched(webm, b"\x18\x53\x80\x67", 4, b"\x01" + b"\xff" * 7)
    yield "webm with a million empty elements", webm + b"\xec\x80" * 1_000_000
    avi = moving(1, "AVI", seconds=1, size=(64, 48))
    yield "avi with a million lists", avi + b"LIST\4\0\0\0movi" * 1_000_000
    yield "avi of 2^31 frames", _patched(avi, b"avih", 24, struct.pack("<I", 2**31))


def _patched(data: bytes, after: bytes, place: int, told: bytes) -> bytes:
    """Return a file with these bytes so far behind the first place at which a name stands."""
    at = data.index(after) + place
    return data[:at] + told + data[at + len(told) :]
