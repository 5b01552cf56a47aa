"""One picture, however it is stored, has one set of canonical pixels; what cannot be read says why."""

import struct
import warnings
import zlib
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageCms

from hashmatch import UnreadableImage, canonical, containers, pdq

Pixels = NDArray[np.uint8]
MakePicture = Callable[[int, int, int], Pixels]
Encode = Callable[..., bytes]


@pytest.fixture
def picture(make_picture: MakePicture) -> Pixels:
    """A gradient that compresses well."""
    return make_picture(1, 120, 180)


def _refused(data: bytes, **limits: int) -> UnreadableImage:
    with pytest.raises(UnreadableImage) as caught:
        pdq.canonical_pixels(data, **limits)
    assert str(caught.value).endswith((".", ").")), "a sentence"
    return caught.value


def _close(pixels: Pixels, picture: Pixels, tolerance: float = 9) -> bool:
    return np.abs(pixels.astype(int) - picture.astype(int)).mean() < tolerance


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
def test_each_format_decodes_to_the_picture(picture: Pixels, encode: Encode, kind: str) -> None:
    """Format, size and frames are told beside the pixels."""
    pixels, rule, facts = pdq.canonical_pixels(encode(picture, kind))

    assert _close(pixels, picture, 20)
    assert rule == "upright-srgb-white/1"
    assert facts == {"format": kind, "width": 180, "height": 120, "frames": 1}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_applied(picture: Pixels, encode: Encode, orientation: int) -> None:
    """Stored turned or mirrored, with the mark that says so: the pixels come out upright."""
    undone = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(orientation)
    turns = {2: 0, 3: 3, 4: 1, 5: 5, 6: 4, 7: 6, 8: 2}
    stored = Image.fromarray(picture)
    if undone:
        stored = stored.transpose(Image.Transpose(turns[undone]))
    exif = Image.Exif()
    exif[0x0112] = orientation

    pixels, _, facts = pdq.canonical_pixels(encode(stored, "PNG", exif=exif))

    assert np.array_equal(pixels, picture)
    assert (facts["width"], facts["height"]) == (180, 120)


def test_damaged_exif_does_not_matter(picture: Pixels, encode: Encode) -> None:
    """The pixels are there, so they are read."""
    data = encode(picture, "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff broken")

    assert pdq.canonical_pixels(data).pixels.shape == picture.shape


def test_alpha_is_laid_on_white(encode: Encode) -> None:
    """What is transparent shows as white, whatever colour is stored under it."""
    stored = np.zeros((20, 20, 4), np.uint8)
    stored[:10] = (200, 10, 10, 255)

    pixels = pdq.canonical_pixels(encode(stored, "PNG")).pixels

    assert pixels[0, 0].tolist() == [200, 10, 10]
    assert pixels[19, 19].tolist() == [255, 255, 255]


def test_transparent_palette_is_laid_on_white(encode: Encode) -> None:
    """The transparent entry of a palette, too."""
    stored = Image.new("P", (20, 20), 0)
    stored.putpalette([9, 9, 9, 250, 0, 0])
    stored.paste(1, (0, 0, 20, 10))

    pixels = pdq.canonical_pixels(encode(stored, "GIF", transparency=0)).pixels

    assert pixels[0, 0].tolist() == [250, 0, 0]
    assert pixels[19, 19].tolist() == [255, 255, 255]


@pytest.mark.parametrize("mode", ["L", "LA", "1", "P", "RGBA"])
def test_png_modes_become_colour(picture: Pixels, encode: Encode, mode: str) -> None:
    """Grey, black and white, palettes and alpha all end as (height, width, 3) bytes."""
    stored = Image.fromarray(picture).convert(mode)

    pixels = pdq.canonical_pixels(encode(stored, "PNG")).pixels

    assert np.array_equal(pixels, np.asarray(stored.convert("RGB")))


def test_sixteen_bit_grey_keeps_its_upper_byte(picture: Pixels, encode: Encode) -> None:
    """A 16-bit picture looks like its 8-bit self, not like white."""
    deep = picture[:, :, 0].astype(np.uint16) * 256 + 99

    pixels = pdq.canonical_pixels(encode(deep, "PNG")).pixels

    assert np.array_equal(pixels[:, :, 2], picture[:, :, 0])


def test_cmyk_becomes_colour(picture: Pixels, encode: Encode) -> None:
    """The four inks of a JPEG are mixed to what is seen."""
    stored = Image.fromarray(picture).convert("CMYK")

    pixels = pdq.canonical_pixels(encode(stored, "JPEG", quality=95)).pixels

    assert _close(pixels, picture)


def test_embedded_profile_is_applied(picture: Pixels, encode: Encode) -> None:
    """With a profile that names red green and green red, these two come out exchanged."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    other = srgb.replace("sRGB".encode("utf-16-be"), "rgb2".encode("utf-16-be"))
    other = other.replace(b"rXYZ", b"????").replace(b"gXYZ", b"rXYZ").replace(b"????", b"gXYZ")

    pixels = pdq.canonical_pixels(encode(picture, "PNG", icc_profile=other)).pixels

    assert _close(pixels, picture[:, :, [1, 0, 2]], 2)


@pytest.mark.parametrize("profile", [b"no profile at all", b"\0" * 200])
def test_damaged_profile_is_left_out(picture: Pixels, encode: Encode, profile: bytes) -> None:
    """It is as if it were not there."""
    assert np.array_equal(pdq.canonical_pixels(encode(picture, "PNG", icc_profile=profile)).pixels, picture)


def test_srgb_profile_changes_nothing(picture: Pixels, encode: Encode) -> None:
    """The commonest profile costs neither time nor rounding."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert np.array_equal(pdq.canonical_pixels(encode(picture, "PNG", icc_profile=srgb)).pixels, picture)


def test_grey_profile_on_a_colour_picture_is_left_out(picture: Pixels, encode: Encode) -> None:
    """A profile of another kind of colours cannot be meant."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()

    assert np.array_equal(pdq.canonical_pixels(encode(picture, "PNG", icc_profile=lab)).pixels, picture)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_animation_is_its_first_frame(make_picture: MakePicture, encode: Encode, kind: str) -> None:
    """Frames are counted, and the first one is the picture."""
    frames = [Image.fromarray(make_picture(seed, 40, 50)) for seed in (1, 4, 7)]
    still = encode(frames[0], kind, **({"lossless": True} if kind == "WEBP" else {}))
    moving = encode(
        frames[0], kind, save_all=True, append_images=frames[1:], **({"lossless": True} if kind == "WEBP" else {})
    )

    pixels, _, facts = pdq.canonical_pixels(moving)

    assert facts["frames"] == 3
    assert _close(pixels, pdq.canonical_pixels(still).pixels, 3)


@pytest.mark.parametrize("data", [b"", b"\xff", b"BM" + bytes(60), b"<svg/>", b"%PDF-1.7", b"II+\0" + bytes(50)])
def test_other_formats_are_refused(data: bytes) -> None:
    """By content, before any decoder sees them."""
    assert _refused(data).reason == "unknown_format"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_half_a_file_is_truncated(make_picture: MakePicture, encode: Encode, kind: str) -> None:
    """The sentence says that a part is missing."""
    data = encode(make_picture(0, 120, 180), kind)

    assert _refused(data[: len(data) // 2]).reason == "truncated"


def test_damage_inside_is_corrupt(picture: Pixels, encode: Encode) -> None:
    """All of the file is there, but its middle is not what it was."""
    data = bytearray(encode(picture, "PNG"))
    middle = data.index(b"IDAT") + 40
    data[middle : middle + 30] = bytes(30)

    assert _refused(bytes(data)).reason == "corrupt"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *chunks: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + b"".join(chunks) + _chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(20_000, 20_000), (12_000, 9_000), (2**31 - 1, 2**31 - 1)])
def test_400_megapixels_are_refused_by_their_header(size: tuple[int, int]) -> None:
    """Nothing is decoded: the file has hardly a byte of pixels."""
    error = _refused(_png(*size, _chunk(b"IDAT", zlib.compress(b"\0"))))

    assert error.reason == "too_large"


def test_pixel_limit_is_the_callers(picture: Pixels, encode: Encode) -> None:
    """One pixel under the limit passes, one over does not."""
    data = encode(picture, "PNG")

    assert pdq.canonical_pixels(data, max_pixels=120 * 180).pixels.shape == (120, 180, 3)
    assert _refused(data, max_pixels=120 * 180 - 1).reason == "too_large"


@pytest.mark.parametrize("options", [{"quality": 80}, {"lossless": True}, {"exif": b"Exif\0\0"}])
def test_webp_canvas_is_measured_before_its_decoder_allocates_it(
    picture: Pixels, encode: Encode, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In each of the three ways a WebP states its size."""
    data = encode(picture, "WEBP", **options)
    assert containers.inspect(data, max_frames=1).pixels == 120 * 180

    monkeypatch.setattr(canonical, "_OPEN", {})
    assert _refused(data, max_pixels=120 * 180 - 1).reason == "too_large"


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt", b"iCCP"])
def test_inflating_text_is_refused(kind: bytes) -> None:
    """A few kilobytes that inflate to gigabytes are read no further than the limit."""
    packed = zlib.compress(bytes(30_000_000), 9)
    body = b"note\0\x01\0\0\0" + packed if kind == b"iTXt" else b"note\0\0" + packed

    assert _refused(_png(9, 9, _chunk(kind, body))).reason == "too_large"


def test_a_hundred_thousand_frames_are_refused(encode: Encode) -> None:
    """Counted by walking the blocks, without decoding."""
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    data = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6) + frame * 100_000 + b";"

    assert _refused(data).reason == "too_many_frames"


def test_frame_limit_is_the_callers(make_picture: MakePicture, encode: Encode) -> None:
    """As many as allowed pass."""
    frames = [Image.fromarray(make_picture(seed, 20, 20)) for seed in range(3)]
    data = encode(frames[0], "WEBP", save_all=True, append_images=frames[1:])

    assert pdq.canonical_pixels(data, max_frames=3).facts["frames"] == 3
    assert _refused(data, max_frames=2).reason == "too_many_frames"


@pytest.mark.parametrize("packing", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_tiff_is_decoded_by_the_packings_on_the_list(
    picture: Pixels, encode: Encode, packing: str | None, order: str
) -> None:
    """In both orders of bytes."""
    data = encode(picture, "TIFF", compression=packing, big_endian=order == ">")
    assert _close(pdq.canonical_pixels(data).pixels, picture, 9)


def test_a_tiff_is_turned_as_it_says(picture: Pixels, encode: Encode) -> None:
    """By its own directory, as it has no EXIF block apart."""
    turned = pdq.canonical_pixels(encode(picture, "TIFF", tiffinfo={0x0112: 6}))
    assert _close(turned.pixels, np.rot90(picture, 3), 1)
    assert (turned.facts["width"], turned.facts["height"]) == (120, 180)


@pytest.mark.parametrize(
    "more", [{"save_all": True}, {"compression": "lzma"}, {"compression": "zstd"}, {"tiffinfo": {330: 8}}]
)
def test_a_tiff_that_holds_more_or_is_packed_otherwise_is_refused(
    picture: Pixels, encode: Encode, more: dict[str, Any]
) -> None:
    """Whoever saw its first picture would not have seen the rest."""
    if "save_all" in more:
        more = more | {"append_images": [Image.fromarray(picture)]}
    assert _refused(encode(picture, "TIFF", **more)).reason == "unknown_format"


def test_without_the_look_below_a_second_page_would_be_passed_over(
    picture: Pixels, encode: Encode, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted bug: any TIFF is taken, and its first page stands for all."""
    monkeypatch.setattr(containers, "_inspect_tiff", lambda *_: containers.Container("TIFF", 1, complete=True))
    two = encode(picture, "TIFF", save_all=True, append_images=[Image.fromarray(picture)])
    assert pdq.canonical_pixels(two).facts["frames"] == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "TIFF"])
@given(st.data())
def test_damaged_bytes_are_pixels_or_unreadable(
    make_picture: MakePicture, encode: Encode, kind: str, data: st.DataObject
) -> None:
    """Whatever is changed or cut off, nothing else is raised and nothing is warned of."""
    bytes_ = bytearray(encode(make_picture(2, 24, 30), kind))
    for _ in range(data.draw(st.integers(1, 8))):
        bytes_[data.draw(st.integers(0, len(bytes_) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(bytes_)))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            pixels = pdq.canonical_pixels(bytes(bytes_[:cut]), max_pixels=10_000_000).pixels
        except UnreadableImage as error:
            outcome = error.reason
        else:
            outcome = f"{pixels.ndim} dimensions"
    assert outcome in {"unknown_format", "truncated", "too_large", "too_many_frames", "corrupt", "3 dimensions"}
