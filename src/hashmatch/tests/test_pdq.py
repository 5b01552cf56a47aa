"""PDQ gives the reference's bits, for every size and kind of picture."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pdqhash
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from hashmatch import InvalidHashes, UnreadableImage, canonical, pdq, pdq_exact, pdq_kernels, turned

Pixels = NDArray[np.uint8]
MakePicture = Callable[[int, int, int], Pixels]
Encode = Callable[..., bytes]

SIZES = [
    (5, 5), (7, 300), (63, 64), (64, 64), (65, 64), (64, 200), (127, 128), (128, 129), (130, 257), (200, 64),
    (240, 320), (255, 256), (333, 500), (480, 640), (500, 333), (511, 513), (600, 17), (768, 1024), (1025, 640),
    (901, 1201),
]  # fmt: skip


def _reference(pixels: np.ndarray) -> tuple[bytes, int]:
    vector, quality = pdqhash.compute(pixels)
    return np.packbits(vector.astype(bool)).tobytes(), quality


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("seed", range(4))
def test_hash_and_quality_are_the_references(make_picture: MakePicture, size: tuple[int, int], seed: int) -> None:
    """No bit and no point of quality differs."""
    pixels = make_picture(seed + 4 * SIZES.index(size), *size)

    result = pdq.from_pixels(pixels)

    assert (result.hash, result.quality) == _reference(pixels)


@given(seed=st.integers(0, 2**32), height=st.integers(5, 200), width=st.integers(5, 200), few=st.integers(1, 256))
def test_small_and_poor_pictures_too(seed: int, height: int, width: int, few: int) -> None:
    """Pictures of few grey values hang on rounding most; there as well nothing differs."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, few, (height, width, 3), np.uint8, endpoint=False)

    result = pdq.from_pixels(pixels)

    assert (result.hash, result.quality) == _reference(pixels)


@pytest.mark.parametrize("grey", [0, 1, 77, 255])
def test_one_colour_gives_the_references_bits_of_rounding(grey: int) -> None:
    """A flat picture's hash is nothing but the reference's rounding, and its quality is 0."""
    pixels = np.full((480, 640, 3), grey, np.uint8)

    assert (pdq.from_pixels(pixels).hash, pdq.from_pixels(pixels).quality) == _reference(pixels)


def test_without_the_references_rounding_bits_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: the quick operator in place of the reference's sums turns the comparison above red."""

    def quick(strips: list[Pixels], height: int, width: int) -> NDArray[np.float32]:
        return pdq_kernels.shrink_scaled(strips[0][:, ::3].copy(), (height, width), 1, (False, False))

    monkeypatch.setattr(pdq_exact, "shrink_as_reference", quick)
    pixels = [np.full((480, 640, 3), grey, np.uint8) for grey in range(1, 40)]

    assert any(pdq.from_pixels(one).hash != _reference(one)[0] for one in pixels)


@pytest.mark.parametrize("size", [*SIZES[2:], (1024, 1400), (1999, 1331), (2049, 4101)])
def test_fast_is_within_a_few_bits(make_picture: MakePicture, encode: Encode, size: tuple[int, int]) -> None:
    """Good for searching: of a picture that is not too plain, at most 10 bits and 2 points of quality differ."""
    data = encode(make_picture(sum(size), *size), "JPEG", quality=90)

    exact, fast = pdq.from_bytes(data), pdq.from_bytes(data, exact=False)

    assert abs(exact.quality - fast.quality) <= 2
    assert exact.quality < 50 or _distance(exact.hash, fast.hash) <= 10


@pytest.mark.parametrize("size", [(240, 320), (333, 77), (64, 64), (700, 900)])
def test_eight_positions_are_the_references(make_picture: MakePicture, size: tuple[int, int]) -> None:
    """Rotations and mirrors come in the reference's order with its bits."""
    pixels = make_picture(size[0], *size)
    vectors, quality = pdqhash.compute_dihedral(pixels)

    results = pdq.dihedral(pixels)

    assert [one.hash for one in results] == [np.packbits(v.astype(bool)).tobytes() for v in vectors]
    assert {one.quality for one in results} == {quality}
    assert len(results) == 8


def test_a_turned_picture_is_found_among_the_eight(make_picture: MakePicture) -> None:
    """One of the eight is within the radius of the hash of the turned pixels."""
    pixels = make_picture(1, 300, 400)
    other = pdq.from_pixels(np.rot90(pixels))

    found = min(_distance(other.hash, one.hash) for one in pdq.dihedral(pixels))

    assert found <= 31


@pytest.mark.parametrize("seed", range(5))
def test_the_eight_from_the_bits_alone_lie_near_those_from_the_pixels(make_picture: MakePicture, seed: int) -> None:
    """In the same order; the first and the plain mirror along the diagonal are the very bits."""
    eight = pdq.dihedral(make_picture(seed, 300, 400))

    found = turned(np.frombuffer(eight[0].hash, np.uint8)[None])

    bits = [_distance(one.tobytes(), other.hash) for one, other in zip(found[0], eight, strict=True)]
    assert (bits[0], bits[6]) == (0, 0)
    assert max(bits) <= 24


def test_turning_other_than_hashes_is_refused() -> None:
    """One hash alone is not an array of hashes."""
    with pytest.raises(InvalidHashes, match="shape"):
        turned(np.zeros(32, np.uint8))


@pytest.mark.parametrize("size", [(4, 100), (100, 4), (1, 1)])
def test_under_five_pixels_there_is_no_hash(size: tuple[int, int]) -> None:
    """As in the reference: the zero hash with quality 0."""
    pixels = np.full((*size, 3), 9, np.uint8)

    assert (pdq.from_pixels(pixels).hash, pdq.from_pixels(pixels).quality) == (bytes(32), 0)
    assert {one.hash for one in pdq.dihedral(pixels)} == {bytes(32)}


def test_luma_hashes_like_grey_colour(make_picture: MakePicture) -> None:
    """A (height, width) array is luma; it hashes within a few bits of the same grey as colour."""
    luma = make_picture(1, 300, 200)[:, :, 0]

    assert _distance(pdq.from_pixels(luma).hash, pdq.from_pixels(np.dstack([luma] * 3)).hash) <= 2


def test_views_and_read_only_pixels_are_taken(make_picture: MakePicture) -> None:
    """A mirrored view and a read-only array give what a copy of them gives."""
    view = make_picture(3, 200, 300)[:, ::-1]
    frozen = view.copy()
    frozen.setflags(write=False)

    assert pdq.from_pixels(view) == pdq.from_pixels(frozen)


@pytest.mark.parametrize(
    "pixels", [np.zeros((9, 9, 4), np.uint8), np.zeros((9, 9)), np.zeros((0, 9, 3), np.uint8), np.zeros(9, np.uint8)]
)
def test_other_arrays_are_refused_with_a_sentence(pixels: Pixels) -> None:
    """Shape and type are named, and what is allowed."""
    with pytest.raises(InvalidHashes, match=r"Pixels must be a uint8 array .* this is"):
        pdq.from_pixels(pixels)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(1100, 1301), (2055, 2302)])
def test_fast_hashes_of_turned_pictures_are_upright_too(
    make_picture: MakePicture, encode: Encode, orientation: int, size: tuple[int, int]
) -> None:
    """They are turned after they are made small; the result says that it is a fast one."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encode(make_picture(1, *size), "JPEG", exif=exif)

    exact, fast = pdq.from_bytes(data), pdq.from_bytes(data, exact=False)

    assert _distance(exact.hash, fast.hash) <= 10
    assert (exact.canonical, fast.canonical) == ("upright-srgb-white/1", "upright-srgb-white/1 fast")


def test_what_cannot_be_decoded_in_part_is_hashed_exactly(make_picture: MakePicture, encode: Encode) -> None:
    """A PNG asked for fast is the exact hash, and says so."""
    data = encode(make_picture(1, 1100, 1300), "PNG")

    assert pdq.from_bytes(data, exact=False) == pdq.from_bytes(data)


@pytest.mark.parametrize("size", [(333, 500), (64, 2000), (700, 15)])
def test_a_large_picture_hashes_strip_by_strip(
    make_picture: MakePicture, encode: Encode, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """The same bits as of the whole, wherever the strips are cut."""
    pixels = make_picture(1, *size)
    data = encode(pixels, "PNG")
    monkeypatch.setattr(canonical, "_IN_ONE_PIECE", 0)
    monkeypatch.setattr(canonical, "_STRIP_PIXELS", 20_000)

    assert pdq.from_bytes(data).hash == pdq.from_pixels(pixels).hash == _reference(pixels)[0]


@pytest.mark.slow
def test_many_keeps_the_order_over_processes(make_picture: MakePicture, encode: Encode, tmp_path: Path) -> None:
    """Bytes, paths, and files that cannot be read come back where they were given."""
    pictures = [encode(make_picture(seed, 90, 120), "PNG") for seed in range(20)]
    path = tmp_path / "picture"
    path.write_bytes(pictures[0])
    sources: list[bytes | Path] = [*pictures, b"no picture", path, tmp_path / "absent"]

    results = list(pdq.many(sources, workers=2))

    assert results[:20] == [pdq.from_bytes(one) for one in pictures]
    assert results[21] == results[0]
    assert [one.reason for one in results if isinstance(one, UnreadableImage)] == ["unknown_format", "missing"]


def test_many_reads_no_further_than_it_must(encode: Encode, make_picture: MakePicture) -> None:
    """With one worker a source is asked for when its result is."""
    asked: list[int] = []
    picture = encode(make_picture(0, 40, 40), "PNG")
    results = pdq.many((asked.append(k) or picture for k in range(1000)), workers=1)

    next(iter(results))

    assert asked == [0]


def _distance(one: bytes, other: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def test_a_picture_hashes_where_pillow_keeps_it() -> None:
    """As its pixels do, also when Pillow keeps a large one in pieces."""
    for size in ((60, 40), (2600, 2400)):
        picture = Image.effect_noise(size, 90).convert("RGB")
        assert pdq.from_picture(picture) == pdq.from_pixels(np.asarray(picture))


def test_a_picture_of_another_mode_is_not_hashed() -> None:
    with pytest.raises(InvalidHashes, match="must be RGB"):
        pdq.from_picture(Image.new("L", (8, 8)))
