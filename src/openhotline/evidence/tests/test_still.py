"""TIFF, HEIF and AVIF: decoded where there is one picture; where not, a person gets it with what its file says."""

import base64
import hashlib
import io
import json
from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from PIL import Image, ImageCms, ImageOps

from hashmatch.errors import UnreadableImage
from marking import Marked, landscape
from openhotline.core.sandbox.protocol import Answer, Failure
from openhotline.evidence import queries
from openhotline.evidence.examiner import still
from openhotline.evidence.examiner.answers import Unseen, read_answer
from openhotline.evidence.examiner.first_bytes import format_of
from openhotline.evidence.examiner.video_program import open_file
from openhotline.evidence.models import Item
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.states import UnreadableReason
from stills import gridded, stills

PICTURE = Image.fromarray(np.random.default_rng(5).integers(0, 256, (5, 6, 3), dtype=np.uint8)).resize(
    (120, 100), Image.Resampling.BICUBIC
)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def near(one: Image.Image, other: Image.Image, least: float = 4) -> bool:
    """Say whether two pictures have the same size and nearly the same pixels."""
    return one.size == other.size and np.abs(np.asarray(one).astype(int) - np.asarray(other)).mean() < least


@pytest.mark.parametrize(("data", "name"), list(zip(stills(), ["HEIF", "AVIF"], strict=True)))
def test_a_still_is_decoded_to_its_picture(data: bytes, name: str) -> None:
    gradient = Image.linear_gradient("L").resize((96, 64)).convert("RGB")
    assert format_of(data) == name
    assert near(still.picture_of(data, max_pixels=10_000), gradient)


@pytest.mark.parametrize("how", [{}, {"turned": 1}, {"turned": 2}, {"turned": 3}, {"mirrored": 0}, {"mirrored": 1}])
def test_a_grid_is_put_together_and_turned_as_another_decoder_does(how: dict[str, int]) -> None:
    """Pillow's own decoder of AVIF is the witness."""
    data = gridded(PICTURE, **how)  # type: ignore[arg-type]
    witness = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB")
    assert near(still.picture_of(data, max_pixels=20_000), witness, 1)


def test_a_crop_keeps_the_middle() -> None:
    found = still.picture_of(gridded(PICTURE, cropped=(80, 60)), max_pixels=20_000)
    assert near(found, PICTURE.crop((20, 20, 100, 80)))


def test_the_embedded_profile_is_applied() -> None:
    """As of any other picture: a file's colours are those that a person would see."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    plain, profiled = (still.picture_of(gridded(PICTURE, profile=one), max_pixels=20_000) for one in (b"", profile))
    assert (plain.mode, profiled.mode, plain.size) == ("RGB", "RGB", profiled.size)


@pytest.mark.parametrize("how", [{}, {"turned": 1}])
def test_what_shows_through_is_laid_on_white(how: dict[str, int]) -> None:
    """By the rule of all pictures, so that a hash by its name is by its rule; turned as the picture is."""
    clear = Image.linear_gradient("L").resize(PICTURE.size)
    if how:
        data, turn = gridded(PICTURE, alpha=clear, **how), Image.Transpose.ROTATE_90  # type: ignore[arg-type]
    else:
        data, turn = encoded(_clear(PICTURE, clear), "AVIF", quality=95), None
    white = Image.new("RGB", PICTURE.size, "white")
    white.paste(PICTURE, mask=clear)
    assert near(still.picture_of(data, max_pixels=20_000), white.transpose(turn) if turn is not None else white)


def _clear(picture: Image.Image, alpha: Image.Image) -> Image.Image:
    made = picture.copy()
    made.putalpha(alpha)
    return made


def test_more_pixels_than_allowed_are_refused_before_anything_is_decoded() -> None:
    with pytest.raises(UnreadableImage) as caught:
        still.picture_of(gridded(PICTURE), max_pixels=11_999)
    assert caught.value.reason == "too_large"


@pytest.mark.parametrize("packing", [None, "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_a_tiff_of_one_picture_is_examined_like_any_other(packing: str | None) -> None:
    data = encoded(PICTURE, "TIFF", compression=packing)
    facts = open_file(data, {}).facts
    assert (facts["format"], facts["width"], facts["height"]) == ("TIFF", 120, 100)
    if packing != "jpeg":
        assert facts["pdq"] == open_file(encoded(PICTURE, "PNG"), {}).facts["pdq"]


UNSEEN = {
    "tiff of two": lambda: encoded(PICTURE, "TIFF", save_all=True, append_images=[PICTURE]),
    "tiff packed by LZMA": lambda: encoded(PICTURE, "TIFF", compression="lzma"),
    "avif of two": lambda: gridded(PICTURE, more=[b"av01"]),
    "avif that moves": lambda: encoded(PICTURE, "AVIF", save_all=True, append_images=[PICTURE.rotate(90)]),
    "half a heif": lambda: stills()[0][:300],
    "bmp": lambda: encoded(PICTURE, "BMP"),
}


@pytest.mark.parametrize("name", UNSEEN)
def test_what_is_not_decoded_still_says_what_its_file_says(name: str) -> None:
    """Never taken for a text, and never without its evidence."""
    data = UNSEEN[name]()
    found = read_answer(open_file(data, {}), sha256=hashlib.sha256(data).hexdigest())
    assert isinstance(found, Unseen)
    assert found.reason == UnreadableReason.OTHER_KIND
    assert found.provenance.length == len(data)


def test_a_second_picture_is_not_passed_over_for_the_first() -> None:
    """Neither a tile nor a reveal of a file that holds more than was looked at."""
    answer = open_file(UNSEEN["tiff of two"](), {})
    assert answer.planes == []
    assert "pdq" not in answer.facts


@pytest.mark.parametrize(
    "lie", [{"unreadable": "fine"}, {"unreadable": None}, {"sealed": {"a": 1}}, {"provenance": {}}]
)
def test_what_could_not_be_seen_is_not_believed_either(lie: dict[str, object]) -> None:
    data = UNSEEN["bmp"]()
    facts = {**open_file(data, {}).facts, **lie}
    with pytest.raises(Failure):
        read_answer(Answer(facts), sha256=hashlib.sha256(data).hexdigest())  # type: ignore[arg-type]


def test_nor_are_pixels_of_what_could_not_be_decoded() -> None:
    data = UNSEEN["bmp"]()
    lie = Answer(open_file(data, {}).facts, [np.zeros((4, 4), np.uint8)])
    with pytest.raises(Failure):
        read_answer(lie, sha256=hashlib.sha256(data).hexdigest())


@pytest.mark.sandbox
@pytest.mark.django_db
def test_in_the_sandbox_each_kind_gets_its_facts_its_tile_and_its_evidence(
    seal: Callable[..., list[Item]], now: datetime
) -> None:
    """With the walls up: the decoders need no file, no thread and no more than is allowed."""
    files = [*stills(), gridded(PICTURE, turned=1), encoded(PICTURE, "TIFF", compression="tiff_lzw")]
    items = seal(*files)
    examine_items(ids=[item.pk for item in items], now=now)
    found = list(Item.objects.all())
    assert sorted(one.format for one in found) == ["AVIF", "AVIF", "HEIF", "TIFF"]
    assert all(queries.open_tile(one) and one.pdq and one.provenance for one in found)


@pytest.mark.sandbox
@pytest.mark.django_db
def test_a_picture_that_is_not_decoded_keeps_its_evidence_with_its_prompts_sealed(
    seal: Callable[..., list[Item]], now: datetime
) -> None:
    """Its marks count in the order of work, although nobody here can see it."""
    camera = Marked(landscape(1, 320, 240)).exif("TIFF", make="Canon", model="X", inner={0x829A: 0.01})
    assert open_file(camera, {}).facts["format"] == "TIFF"
    two = encoded(
        Image.open(io.BytesIO(camera)), "TIFF", save_all=True, append_images=[PICTURE],
        tiffinfo={0x010F: "Canon", 0x0110: "X", 0x8769: {0x829A: 0.01}},
    )  # fmt: skip
    (item,) = seal(two)
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    assert (item.state, item.unreadable_reason, item.format) == ("unreadable", "other_kind", "TIFF")
    assert item.real_basis == "indicated"
    assert item.provenance["format"] == "tiff"
    sealed = json.loads(queries.open_provenance(item) or "{}")
    assert any(b"Canon" in base64.b64decode(part) for part in sealed.values())
