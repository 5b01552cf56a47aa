"""What the program in the sandbox does with a file, run here on pictures of our own."""

import contextlib
import hashlib
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from openhotline.core.sandbox.protocol import Answer, Failure, Refused
from openhotline.evidence.examiner.answers import Examined, Unseen, read_answer, reason_of
from openhotline.evidence.examiner.program import open_file, sealable, tile
from openhotline.evidence.states import TILE_SIDE, UnreadableReason

SHA256 = "0" * 64
NONSENSE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2),
    max_leaves=4,
)


def _true_answer(data: bytes) -> tuple[Answer, str]:
    answer = open_file(data, {})
    return answer, hashlib.sha256(data).hexdigest()


def test_a_true_answer_is_believed(paint: Callable[..., bytes]) -> None:
    answer, sha256 = _true_answer(paint(1, "WEBP"))
    found = read_answer(answer, sha256=sha256)
    assert (found.format, found.width, found.height) == ("WEBP", 240, 180)


@pytest.mark.parametrize("start", [b"\0\0\0\x18ftypheic", b"\xff\x0a", b"\0\0\0\x0cJXL \r\n\x87\n", b"II*\0", b"II+\0"])
def test_a_picture_that_is_not_decoded_is_told_apart_from_what_is_no_picture(start: bytes) -> None:
    """It would hide among the texts of a collection, and nobody would look for it."""
    answer = open_file(start + bytes(40), {})
    assert answer.facts["unreadable"] in {"other_kind", "truncated"}
    for task in ("hash", "render"):
        with pytest.raises(Refused):
            open_file(start + bytes(40), {"task": task})


@pytest.mark.parametrize("start", [b"8BPS\0\1", b"FLV\1\5", b"\0\0\1\xba", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"])
def test_so_are_layers_of_a_drawing_and_videos_of_other_kinds(start: bytes) -> None:
    assert open_file(start + bytes(40), {}).facts["unreadable"] == "other_kind"


@pytest.mark.parametrize("text", [b"BMW is a make of cars.", b"II* and more", b"A text."])
def test_a_text_is_no_picture_of_another_kind(text: bytes) -> None:
    assert refused(text) == "unknown-format"


def refused(data: bytes) -> str:
    """Return why the program does not read a file."""
    with pytest.raises(Refused) as caught:
        open_file(data, {})
    return caught.value.reason


def test_evidence_of_another_file_is_not_believed(paint: Callable[..., bytes]) -> None:
    answer, _ = _true_answer(paint(1))
    with pytest.raises(Failure):
        read_answer(answer, sha256=SHA256)


@pytest.mark.parametrize(
    "lie",
    [
        {"width": 0},
        {"width": True},
        {"quality": 101},
        {"pdq": "x"},
        {"canonical": None},
        {"canonical": "a\nb"},
        {"format": "BMP"},
        {"sealed": {"a": 1}},
        {"provenance": {}},
    ],
)
def test_one_wrong_fact_is_enough(paint: Callable[..., bytes], lie: dict[str, Any]) -> None:
    answer, sha256 = _true_answer(paint(1))
    with pytest.raises(Failure):
        read_answer(Answer({**answer.facts, **lie}, answer.planes), sha256=sha256)


@pytest.mark.parametrize(
    "lie",
    [
        {"run_at": "2026-11-28T09:30:00Z"},
        {"human": {"decision": "wholly_synthetic", "by": "dec_1", "at": "2026-11-28T09:30:00Z"}},
        {"detectors": [{"id": "x", "score": 1.0}]},
    ],
)
def test_the_sandbox_speaks_for_no_clock_no_person_and_no_detector(
    paint: Callable[..., bytes], lie: dict[str, Any]
) -> None:
    """A child that was taken over cannot say that people had concluded something."""
    answer, sha256 = _true_answer(paint(1))
    told = {**answer.facts, "provenance": {**answer.facts["provenance"], **lie}}  # type: ignore[dict-item]
    with pytest.raises(Failure):
        read_answer(Answer(told, answer.planes), sha256=sha256)


@given(st.dictionaries(st.sampled_from(["format", "width", "pdq", "provenance", "sealed"]), NONSENSE))
@settings(max_examples=50)
def test_nothing_but_a_failure_comes_of_nonsense(facts: dict[str, Any]) -> None:
    with pytest.raises(Failure):
        read_answer(Answer(facts, [np.zeros((4, 4), np.uint8)]), sha256=SHA256)


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (2000, 1500), (160, 160)])
def test_a_tile_is_small_and_grey(size: tuple[int, int]) -> None:
    plane = tile(Image.new("RGB", size, "teal"))
    assert plane.ndim == 2
    assert max(plane.shape) <= TILE_SIDE


def test_a_tile_shows_no_detail() -> None:
    """Stripes of 20 pixels in 1,600 are gone; the two halves of a picture are not."""
    stripes = np.tile(np.repeat(np.array([0, 255], np.uint8), 20), 40)[None, :].repeat(1200, 0)
    halves = np.repeat(np.array([0, 255], np.uint8), 800)[None, :].repeat(1200, 0)
    assert tile(Image.fromarray(stripes))[:, 20:-20].std() < 3
    assert tile(Image.fromarray(halves)).std() > 100


@pytest.mark.parametrize(("step", "dimensions"), [({}, 2), ({"colour": False}, 2), ({"colour": True}, 3)])
def test_a_reveal_is_bounded_and_in_grey_unless_colour_was_asked_for(
    paint: Callable[..., bytes], step: dict[str, bool], dimensions: int
) -> None:
    options = {"task": "render", "max_side": 1024, **step}
    (plane,) = open_file(paint(1, "JPEG", (2000, 500)), options).planes
    assert (plane.ndim, plane.shape[:2]) == (dimensions, (256, 1024))


def test_no_option_makes_a_reveal_larger(paint: Callable[..., bytes]) -> None:
    (plane,) = open_file(paint(1, "JPEG", (2000, 500)), {"task": "render", "max_side": 9999}).planes
    assert max(plane.shape) == 1024


@pytest.mark.parametrize(("data", "reason"), [(b"", "empty"), (b"MZ", "unknown-format")])
def test_what_is_no_picture_is_refused_with_a_code(data: bytes, reason: str) -> None:
    assert refused(data) == reason


def test_half_a_picture_is_no_picture_and_still_says_what_its_file_says(paint: Callable[..., bytes]) -> None:
    """A mark before the place where it breaks off is evidence all the same."""
    data = paint(1)[:2000]
    found = read_answer(open_file(data, {}), sha256=hashlib.sha256(data).hexdigest())
    assert isinstance(found, Unseen)
    assert (found.reason, found.provenance.format) == (UnreadableReason.TRUNCATED, "png")


@given(
    st.binary(max_size=200),
    st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\4\0\0\0WEBP"]),
)
@settings(max_examples=100)
def test_no_bytes_make_the_program_fail_otherwise(tail: bytes, head: bytes) -> None:
    with contextlib.suppress(Refused):
        open_file(head + tail, {})


@pytest.mark.parametrize(
    "reason", ["timeout", "memory", "killed", "lied", "refused:error", "refused:too-large", "refused:too-many-bytes"]
)
def test_every_end_has_its_reason(reason: str) -> None:
    assert reason_of(Failure(reason, "x")) in UnreadableReason


def test_sealed_parts_are_bounded_smallest_first() -> None:
    kept = sealable({"large": bytes(3 << 20), "small": b"a"})
    assert kept == {"small": "YQ=="}


def test_examined_facts_hold_the_smallest_picture() -> None:
    sink = io.BytesIO()
    Image.new("L", (1, 1)).save(sink, "GIF")
    answer, sha256 = _true_answer(sink.getvalue())
    assert isinstance(read_answer(answer, sha256=sha256), Examined)
