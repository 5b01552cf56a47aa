"""Every container is walked: EXIF, XMP, IPTC and credentials are found wherever the format keeps them."""

from typing import Any

import pytest

from fileorigin import AiInvolvement, Status, examine
from fileorigin.containers import bmff, tiff, walking
from fileorigin.containers.parts import MAX_METADATA
from marking import INFOTEXT, SOURCE, dataset, encoded, png_texts, resource

CLAIM = f'e:DigitalSourceType="{SOURCE}trainedAlgorithmicMedia"'
TEXT = b"UNICODE\0" + INFOTEXT.encode("utf-16-be")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_xmp_is_read_in_every_container(marked: Any, kind: str) -> None:
    """The claim is found, and the finding says where it stands."""
    (found,) = examine(marked.xmp(CLAIM, kind)).of("digital_source_type")
    assert found.ai is AiInvolvement.CLAIMED_UNSIGNED
    assert len(found.locations) == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_exif_is_read_in_every_container(marked: Any, kind: str) -> None:
    """Marks of a camera and a generator's comment are EXIF fields everywhere."""
    assert examine(marked.camera(kind)).of("camera")[0].status is Status.PRESENT
    assert examine(marked.commented(INFOTEXT, kind)).of("generator_marks")[0].values["family"] == "a1111"


@pytest.mark.parametrize("kind", ["TIFF", "AVIF"])
def test_credentials_are_read_in_the_newer_containers(marked: Any, signer: Any, kind: str) -> None:
    """The manifest's place is found, and the reader verifies it."""
    evidence = examine(signer.sign(marked.picture(kind), kind=kind), trust=signer.trust)
    assert evidence.of("c2pa")[0].values["outcome"] == "trusted"
    assert evidence.of("c2pa")[0].locations


def box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def heif(*, exif: bytes = b"", xmp: bytes = b"", inside: bool = False) -> bytes:
    """A HEIF with items only: their bytes in `idat` or behind the boxes."""
    bodies = {1: (b"Exif", b"\0\0\0\0" + exif), 2: (b"mime", xmp)}
    entries = b"".join(
        box(b"infe", b"\2\0\0\0" + item.to_bytes(2, "big") + b"\0\0" + kind + b"\0application/rdf+xml\0")
        for item, (kind, _) in bodies.items()
    )
    info = box(b"iinf", b"\0\0\0\0" + len(bodies).to_bytes(2, "big") + entries)
    stored = b"".join(body for _, body in bodies.values())

    def located(start: int) -> bytes:
        out = b"\1\0\0\0\x44\x00" + len(bodies).to_bytes(2, "big")
        for item, (_, body) in bodies.items():
            out += item.to_bytes(2, "big") + (1 if inside else 0).to_bytes(2, "big") + b"\0\0" + b"\0\1"
            out += start.to_bytes(4, "big") + len(body).to_bytes(4, "big")
            start += len(body)
        return box(b"iloc", out)

    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    size = len(head) + 12 + len(info) + len(located(0))
    held = box(b"idat", stored) if inside else b""
    meta = box(b"meta", b"\0\0\0\0" + info + located(0 if inside else size + 8) + held)
    return head + meta + (b"" if inside else box(b"mdat", stored))


@pytest.mark.parametrize("inside", [True, False])
def test_items_of_a_heif_are_found_wherever_they_lie(marked: Any, inside: Any) -> None:
    """In a box of the metadata or among the pictures."""
    block = walking.walk(marked.camera("WEBP")).exif[0].body
    packet = f'<a DigitalSourceType="{SOURCE}compositeSynthetic"/>'.encode()
    evidence = examine(heif(exif=block, xmp=packet, inside=inside))
    assert evidence.format == "heif"
    assert evidence.of("camera")[0].status is Status.PRESENT
    assert evidence.of("digital_source_type")[0].values["source_types"] == ("compositeSynthetic",)


def test_jpeg_xl_keeps_metadata_in_boxes_of_their_own(marked: Any) -> None:
    """EXIF, XMP and the place of credentials."""
    block = walking.walk(marked.camera("WEBP")).exif[0].body
    packet = b'<a DigitalSourceType="compositeSynthetic"/>'
    data = bmff.JXL_SIGNATURE + box(b"Exif", b"\0\0\0\0" + block) + box(b"xml ", packet) + box(b"jxlc", b"\xff\x0a")
    evidence = examine(data)
    assert evidence.of("camera")[0].status is Status.PRESENT
    assert evidence.of("digital_source_type")[0].status is Status.PRESENT
    assert evidence.of("c2pa")[0].status is Status.ABSENT


def test_packed_metadata_of_a_jpeg_xl_is_an_error(marked: Any) -> None:
    """It is not unpacked here, so the file is not known to be unmarked."""
    evidence = examine(bmff.JXL_SIGNATURE + box(b"brob", b"Exif....") + box(b"jxlc", b"\xff\x0a"))
    assert evidence.of("camera")[0].values["problems"] == ("packed_metadata",)


@pytest.mark.parametrize("pieces", [
    (), (box(b"jxlp", b"\0\0\0\0\xff\x0a"),),
    (box(b"jxlp", b"\0\0\0\0\xff\x0a"), box(b"jxlp", b"\0\0\0\1..")),
])  # fmt: skip
def test_a_jpeg_xl_cut_between_two_boxes_is_an_error(pieces: tuple[bytes, ...]) -> None:
    """Each box is whole; the picture is not, so the file is not known to be unmarked."""
    data = bmff.JXL_SIGNATURE + b"".join(pieces)
    assert examine(data).of("generator_marks")[0].values["problems"] == ("truncated_file",)
    assert examine(data + box(b"jxlp", b"\x80\0\0\x02..")).of("generator_marks")[0].status is Status.ABSENT


@pytest.mark.parametrize("kind", ["exif", "APP1", "xmp", "iptc", "8bim"])
def test_blocks_in_hexadecimal_are_read(marked: Any, kind: str) -> None:
    """ImageMagick writes them into texts of a PNG; a mark must not hide there."""
    bodies = {
        "exif": b"Exif\0\0" + walking.walk(marked.commented(INFOTEXT, "WEBP")).exif[0].body,
        "APP1": b"http://ns.adobe.com/xap/1.0/\0" + b'<a Credit="Made with Google AI"/>',
        "xmp": b'<a Credit="Made with Google AI"/>',
        "iptc": dataset(0x6E, "Made with Google AI"),
        "8bim": resource(dataset(0x6E, "Made with Google AI")),
    }
    text = f"\n{kind}\n{len(bodies[kind]):8}\n{bodies[kind].hex()}\n"
    info = png_texts({f"Raw profile type {kind}": text}, zipped=True)
    assert examine(encoded(marked.image(), "PNG", pnginfo=info)).ai_involvement is AiInvolvement.CLAIMED_UNSIGNED


def test_a_block_that_is_no_hexadecimal_is_an_error(marked: Any) -> None:
    """It might have been a mark."""
    evidence = examine(marked.png(**{"Raw profile type exif": "\nexif\n 3\nxyz\n"}))
    assert evidence.of("generator_marks")[0].status is Status.ERROR


def test_directories_of_a_tiff_that_bite_their_tail_end(marked: Any) -> None:
    """A chain that leads back is an error, and no loop."""
    loop = b"II*\0\x08\0\0\0" + b"\0\0" + (8).to_bytes(4, "little")
    assert tiff.walk(loop).problems == {"bad_structure"}


def test_a_credit_line_in_iptc(marked: Any) -> None:
    """The older form of the same statement, in a JPEG's Photoshop segment."""
    evidence = examine(marked.iptc("Edited with Google AI"))
    assert evidence.suspects_altered_real
    assert evidence.of("ai_properties")[0].locations == ("APP13@0x2",)


@pytest.mark.parametrize(("data", "name"), [(b"BM" + b"\0" * 60, "bmp"), (b"II+\0" + b"\0" * 60, "tiff_64")])
def test_a_format_without_a_walker_is_unsupported(data: bytes, name: str) -> None:
    """And that is not absent."""
    evidence = examine(data)
    assert evidence.format == name
    assert {f.status for f in evidence.findings} == {Status.UNSUPPORTED}


def bomb(iloc: bytes, *, times: int = 1, items: int = 1) -> bytes:
    """A HEIF of a few kilobytes whose `iloc` claims far more; `times` metas."""
    entry = b"".join(
        box(b"infe", b"\2\0\0\0" + item.to_bytes(2, "big") + b"\0\0Exif\0application/rdf+xml\0")
        for item in range(items)
    )
    info = box(b"iinf", b"\0\0\0\0" + items.to_bytes(2, "big") + entry)
    return box(b"ftyp", b"heic\0\0\0\0mif1heic") + box(b"meta", b"\0\0\0\0" + info + box(b"iloc", iloc)) * times


@pytest.fixture
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The sizes of the numbers that were read of an `iloc`."""
    taken: list[int] = []
    real = bmff.Numbers.take
    monkeypatch.setattr(bmff.Numbers, "take", lambda self, size: (taken.append(size), real(self, size))[1])
    return taken


@pytest.mark.parametrize("sizes", [b"\0\0", b"\x40\0"])
def test_pieces_without_bytes_are_not_walked(numbers: list[int], sizes: bytes) -> None:
    """A thousand items of 65,535 pieces each stand in a file of 6 kB, or a few in one that is as long as they ask."""
    items = b"".join(item.to_bytes(2, "big") + b"\0\0\0\0\xff\xff" for item in range(1_000))
    read = walking.walk(bomb(b"\1\0\0\0" + sizes + (1_000).to_bytes(2, "big") + items))
    assert "too_many_parts" in read.problems
    assert len(numbers) < 100


def test_one_meta_of_a_file_is_walked(numbers: list[int]) -> None:
    """A file has one; a second is told, since a mark might stand in it."""
    iloc = b"\1\0\0\0\x44\0" + (1).to_bytes(2, "big") + b"\0\1\0\0\0\0\0\1" + b"\0" * 8
    walking.walk(bomb(iloc))
    once = len(numbers)
    assert "bad_structure" in walking.walk(bomb(iloc, times=50)).problems
    assert len(numbers) == 2 * once


def test_items_that_share_their_bytes_stop_at_the_total(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand items over the same megabyte are a gigabyte to copy."""
    piece = (0).to_bytes(4, "big") + (1 << 20).to_bytes(4, "big")
    items = b"".join(item.to_bytes(2, "big") + b"\0\0\0\0\0\1" + piece for item in range(1_000))
    data = bomb(b"\1\0\0\0\x44\0" + (1_000).to_bytes(2, "big") + items, items=1_000) + bytes(1 << 20)
    copied: list[int] = []
    real = bmff.joined
    monkeypatch.setattr(bmff, "joined", lambda *args: (found := real(*args), copied.append(len(found)))[0])
    assert "metadata_too_large" in walking.walk(data).problems
    assert sum(copied) <= MAX_METADATA
