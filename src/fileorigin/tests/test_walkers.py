"""The walkers keep their limits and never raise, whatever the bytes."""

import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fileorigin import Evidence, Status, describe, examine
from fileorigin.blocks import exif, xmp
from fileorigin.containers import parts, walking

HEADS = (
    b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe1", b"RIFF\xff\0\0\0WEBP", b"GIF89a\1\0\1\0\x80\0\0", b"II*\0\x08\0\0\0",
    b"MM\0*\0\0\0\x08", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", b"\0\0\0\x10ftypavif\0\0\0\0",
    b"\0\0\0\x0cJXL \r\n\x87\n",
)  # fmt: skip
KINDS = st.sampled_from([
    b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"caBX", b"IEND", b"EXIF", b"XMP ", b"C2PA", b"\xff\xe1Exif\0\0", b"\xff\xeb",
    b"!\xfe", b"!\xff\x0bXMP DataXMP", b"parameters\0", b"Steps: 1", b"MM\0*\0\0\0\x08",
    b"\xff\xedPhotoshop 3.0\x008BIM\4\4\0\0", b"\x1c\2\x6e\0\4", b"Raw profile type exif\0", b"VP8L", b"VP8 ",
    b"\0\0\0\x40meta\0\0\0\0", b"\0\0\0\x20iinf\0\0\0\0\0\1", b"\0\0\0\x16infe\2\0\0\0\0\1\0\0Exif\0",
    b"\0\0\0\x1ciloc\1\0\0\0\x44\0\0\1\0\1", b"\0\0\0\x10uuid", b"\0\0\0\x10jumb", b"\0\0\0\x0cbrob",
])  # fmt: skip
PIECES = st.lists(st.one_of(st.binary(max_size=40), KINDS), max_size=12).map(b"".join)

XMP_UUID = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _png(*chunks: bytes) -> bytes:
    return HEADS[0] + b"".join(chunks) + _chunk(b"IEND", b"")


@given(st.sampled_from(HEADS), PIECES)
def test_any_bytes_give_evidence(head: bytes, rest: bytes) -> None:
    """No bytes raise; what comes out can be written down and read back."""
    evidence = examine(head + rest)
    assert Evidence.from_dict(evidence.to_dict(), sealed=evidence.sealed) == evidence
    assert describe(evidence)


@given(PIECES)
def test_the_readers_inside_never_raise(rest: bytes) -> None:
    """EXIF and XMP blocks are as hostile as the file."""
    exif.read(b"II*\0\x08\0\0\0" + rest)
    exif.read(rest)
    xmp.read(b"<a " + rest)


@given(st.data())
def test_a_cut_file_is_an_error_and_not_an_absence(marked: Any, data: st.DataObject) -> None:
    """A real picture, cut anywhere after its head, never reads as 'no marks'."""
    picture = marked.picture(data.draw(st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "AVIF"])))
    cut = picture[: data.draw(st.integers(13, len(picture) - 2))]
    assert {f.status for f in examine(cut).of("generator_marks")} == {Status.ERROR}


def test_an_avif_cut_anywhere_is_an_error(marked: Any) -> None:
    """Also between two boxes, where each that is left is whole."""
    picture = marked.picture("AVIF", size=16)
    unseen = [
        at for at in range(13, len(picture) - 1) if examine(picture[:at]).of("generator_marks")[0].status != "error"
    ]
    assert unseen == []


@pytest.fixture(scope="module")
def signed(marked: Any, signer: Any) -> bytes:
    return signer.sign(marked.picture(size=16))


@given(st.data())
def test_a_damaged_signed_file_gives_evidence(signer: Any, signed: bytes, data: st.DataObject) -> None:
    """The native reader meets every kind of damage behind the same guard."""
    damaged = bytearray(signed)
    for at in data.draw(st.lists(st.integers(2, len(signed) - 1), min_size=1, max_size=4)):
        damaged[at] = data.draw(st.integers(0, 255))
    evidence = examine(bytes(damaged), trust=signer.trust)
    assert Evidence.from_dict(evidence.to_dict(), sealed=evidence.sealed) == evidence


def _tiff(*entries: tuple[int, int, int], rest: bytes = b"") -> bytes:
    """A TIFF structure of one directory: entries (tag, length, number) of ASCII."""
    told = b"".join(struct.pack("<HHII", tag, 2, length, number) for tag, length, number in entries)
    return b"II*\0\x08\0\0\0" + struct.pack("<H", len(entries)) + told + b"\0\0\0\0" + rest


def test_a_field_that_stands_twice_is_kept_once_and_told() -> None:
    """Readers differ in which they take: neither may hide the other."""
    read = exif.read(_tiff((0x0131, 4, 0x31313131), (0x0131, 4, 0x32323232)))
    assert (read.texts, read.damaged) == ({"software": "1111"}, True)
    once = exif.read(_tiff((0x0131, 4, 0x31313131), (0x010F, 4, 0x32323232)))
    assert not once.damaged


def test_fields_that_share_their_bytes_give_no_more_than_the_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """512 fields over the same megabyte are half a gigabyte to copy and to search."""
    decoded: list[int] = []
    monkeypatch.setattr(exif, "_text", lambda _tag, value, _order: decoded.append(len(value)))
    tags = [0x010D, 0x010E, 0x0110, 0x0131, 0x013B, 0x8298]
    block = _tiff(*[(tag, 1_000_000, 100) for tag in tags], *[(0x010E, 1_000_000, 100)] * 500, rest=bytes(1_100_000))
    assert exif.read(block).damaged
    assert sum(decoded) <= len(block)


def test_a_directory_that_names_itself_is_walked_once() -> None:
    """Its fields would stand twice otherwise, and a longer loop would cost more."""
    assert exif.read(_tiff((0x8769, 1, 8))).damaged


def test_a_bomb_in_a_text_is_cut_and_said() -> None:
    """A text that inflates a thousandfold is cut at the limit; the cut is an error finding."""
    bomb = zlib.compress(b"x" * 50_000_000)
    read = walking.walk(_png(_chunk(b"zTXt", b"Comment\0\0" + bomb)))
    assert len(read.texts[0].value) == parts.MAX_TEXT
    assert read.problems == {"text_truncated"}


def test_many_bombs_stop_at_the_total() -> None:
    """Many texts, each within its limit, still end at the limit of the file."""
    bomb = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 1_000_000))
    read = walking.walk(_png(*[bomb] * 40))
    assert sum(len(t.value) for t in read.texts) <= parts.MAX_METADATA
    assert "metadata_too_large" in read.problems


def test_many_packets_stop_at_their_own_total() -> None:
    """Parsing costs more than keeping: XMP has a limit of its own."""
    packet = _chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(b"<a>" + b"<b/>" * 240_000 + b"</a>"))
    read = walking.walk(_png(*[packet] * 16))
    assert sum(len(block.body) for block in read.xmp) <= parts.MAX_XMP
    assert "metadata_too_large" in read.problems


def test_broken_compression_is_an_error() -> None:
    """A text that cannot be inflated might have been a mark."""
    evidence = examine(_png(_chunk(b"zTXt", b"parameters\0\0broken")))
    assert evidence.of("generator_marks")[0].status is Status.ERROR


def test_text_after_the_pixels_is_found() -> None:
    """Readers that stop at the pixels miss it."""
    late = _png(_chunk(b"IDAT", b""), _chunk(b"tEXt", b"parameters\0Steps: 1"))
    assert examine(late).of("generator_marks")[0].status is Status.PRESENT


def test_an_unwalked_format_is_unsupported(marked: Any) -> None:
    """A BMP is not read, and says so."""
    evidence = examine(marked.picture("BMP"))
    assert evidence.of("generator_marks")[0].status is Status.UNSUPPORTED
    assert "cannot be read yet" in describe(evidence)[-1]


@pytest.mark.parametrize("nesting", [10, pytest.param(100_000, marks=pytest.mark.slow)])
def test_deep_xmp_does_not_crash(nesting: int) -> None:
    """Nesting is no way to end the process."""
    packet = b"<a>" * nesting + b"</a>" * nesting
    assert xmp.read(packet).properties == []


def test_properties_nested_in_each_other_stay_cheap() -> None:
    """A wanted element inside a wanted element, a thousand times, is read once each."""
    packet = b"<Credit>" * 20_000 + b"x" + b"</Credit>" * 20_000
    assert len(xmp.read(packet).properties) <= 256


@given(st.sampled_from(HEADS), PIECES)
def test_walkers_keep_their_bounds(head: bytes, rest: bytes) -> None:
    """Whatever the bytes say of sizes and counts, no more is kept than the limits allow."""
    data = head + rest
    found = walking.walk(data)
    blocks = [*found.exif, *found.xmp, *found.iptc]
    assert len(found.texts) <= parts.MAX_TEXTS
    assert max(map(len, (found.exif, found.xmp, found.iptc, found.manifests, found.tables))) <= parts.MAX_BLOCKS
    assert all(len(block.body) <= max(len(data), parts.MAX_TEXT) for block in blocks)
    for place in [*(b.at for b in blocks), *(t.at for t in found.texts), *found.manifests]:
        assert int(place.partition("@0x")[2], 16) <= len(data) or found.format == "tiff"


@pytest.mark.parametrize(
    ("head", "piece"),
    [
        (HEADS[0], _chunk(b"tEXt", b"a\0b")),
        (b"\xff\xd8", b"\xff\xfe\0\3a"),
        (b"RIFF\xff\xff\xff\x7fWEBP", b"XMP \2\0\0\0ab"),
        (b"GIF89a\1\0\1\0\0\0\0", b"!\xfe\1a\0"),
        (
            b"\0\0\0\x10ftypheic\0\0\0\0",
            b"\0\0\0\x18uuid" + bytes.fromhex("be7acfcb97a942e89c71999491e3afac"),
        ),
        (b"\0\0\0\x0cJXL \r\n\x87\n", b"\0\0\0\x0axml ab"),
    ],
)
@pytest.mark.slow
def test_a_million_small_parts_end_at_the_limit(head: bytes, piece: bytes) -> None:
    """Count is bounded as size is: a file of nothing but small parts is walked to the limit, and that is said."""
    found = walking.walk(head + piece * 300_000)
    assert "too_many_parts" in found.problems
    assert len(found.texts) + len(found.xmp) <= parts.MAX_TEXTS
