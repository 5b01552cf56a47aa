"""A video is examined in the sandbox: frames at equal distances with their hashes, a contact sheet, bounds."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hashmatch import pdq
from moving import RATE, moving, scene
from openhotline.core.sandbox.protocol import Answer, Failure, Refused
from openhotline.evidence.examiner import video as module
from openhotline.evidence.examiner.answers import read_answer
from openhotline.evidence.examiner.first_bytes import container_of
from openhotline.evidence.examiner.video import contact_sheet, stills_of
from openhotline.evidence.examiner.video_program import open_file
from openhotline.evidence.models import Item, Video, VideoFrame
from openhotline.evidence.queries import Step, open_tile, render_reveal, reveal_size
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.states import ItemState, UnreadableReason

pytestmark = pytest.mark.slow

Seal = Callable[..., list[Item]]


def refused(data: bytes, **options: Any) -> str:
    """Return why the program does not read a video."""
    with pytest.raises(Refused) as caught:
        stills_of(data, **options)
    return caught.value.reason


@pytest.mark.parametrize("form", ["MP4", "WEBM", "AVI"])
def test_each_format_gives_frames_at_equal_distances(form: str) -> None:
    taken = stills_of(moving(1, form))
    assert (taken.format, taken.width, taken.height, taken.complete) == (form, 320, 240, True)
    assert [one.at_ms for one in taken.frames] == [500 * n + (20 if n % 2 else 0) for n in range(8)]


@pytest.mark.parametrize("codec", ["libx264", "libsvtav1"])
def test_a_frame_has_the_hash_of_its_picture(codec: str) -> None:
    taken = stills_of(moving(2, codec=codec))
    for one in taken.frames:
        true = pdq.from_picture(scene(2, round(one.at_ms * RATE / 1000)))
        assert distance(true.hash, pdq.from_picture(one.picture).hash) <= 20


def distance(one: bytes, other: bytes) -> int:
    """Return the bits between two hashes."""
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def test_of_a_long_one_key_frames_over_all_of_it_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE", 0)
    taken = stills_of(moving(1, seconds=40, size=(64, 48)))
    assert taken.complete
    assert 1 < len(taken.frames) <= module.MOST_FRAMES
    assert taken.frames[-1].at_ms > 20_000


@pytest.mark.parametrize("whole", [0, module.WHOLE])
def test_when_time_is_over_it_says_that_it_is_not_complete(whole: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "WHOLE", whole)
    taken = stills_of(moving(1), seconds=0.0)
    assert (len(taken.frames), taken.complete) == (1, False)


def test_no_more_than_so_many_frames_are_hashed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FRAMES", 3)
    assert len(stills_of(moving(1)).frames) == 3


def test_frames_that_are_too_large_are_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_PIXELS", 320 * 240 - 1)
    assert refused(moving(1)) == "too-large"


def test_a_codec_outside_the_list_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CODECS", frozenset({"vp9"}))
    assert refused(moving(1)) == "other-kind"
    assert open_file(moving(1), {}).facts["unreadable"] == "other_kind"


@pytest.mark.parametrize("brand", [b"avif", b"heic", b"mif1"])
def test_a_still_picture_in_the_same_container_is_no_video(brand: bytes) -> None:
    assert container_of(b"\0\0\0\x18ftyp" + brand + b"\0" * 20) is None


def test_a_playlist_and_a_description_of_others_are_no_videos() -> None:
    """FFmpeg alone would read these and go to what they name."""
    for text in (b"#EXTM3U\nhttp://other.example/a.ts\n", b"ffconcat version 1.0\nfile /etc/passwd\n", b"v=0\n"):
        assert container_of(text) is None
        with pytest.raises(Refused):
            open_file(text, {})


def test_one_that_ends_early_is_read_as_far_as_it_goes() -> None:
    """WebM can be read from its beginning; an MP4 whose table stands at the end cannot."""
    whole = moving(1, "WEBM")
    assert 0 < len(stills_of(whole[: len(whole) // 2]).frames) < 8
    assert refused(moving(1)[:5000]) == "corrupt"


def test_the_sheet_shows_nine_frames_in_the_order_of_time() -> None:
    frames = stills_of(moving(1, seconds=12)).frames
    sheet = contact_sheet(frames)
    assert sheet.size == (960, 720)
    assert distance(*(pdq.from_picture(one).hash for one in (sheet.crop((0, 0, 320, 240)), frames[0].picture))) == 0
    assert contact_sheet(frames[:1]).size == (320, 240)
    assert contact_sheet(frames[:2]).size == (640, 240)


def test_reading_the_same_bytes_again_gives_the_same_answer() -> None:
    one, other = (open_file(moving(1), {}) for _ in range(2))
    assert one.facts == other.facts


TRUE = open_file(moving(1), {})
SHA256 = hashlib.sha256(moving(1)).hexdigest()


def test_a_true_answer_is_believed() -> None:
    found = read_answer(TRUE, sha256=SHA256)
    assert (found.format, found.pdq, found.quality) == ("MP4", None, None)
    assert found.video is not None
    assert len(found.video.frames) == 8


@pytest.mark.parametrize(
    "lie",
    [
        {"frames": []},
        {"frames": [[0, "x", 100]]},
        {"frames": [[0, "0" * 64, 101]]},
        {"frames": [[5, "0" * 64, 1], [5, "0" * 64, 1]]},
        {"frames": [[n, "0" * 64, 1] for n in range(65)]},
        {"frames": [[-1, "0" * 64, 1]]},
        {"frames": None},
        {"complete": "yes"},
        {"milliseconds": -1},
        {"width": 0},
    ],
)
def test_one_wrong_fact_of_a_video_is_enough(lie: dict[str, Any]) -> None:
    told: Any = TRUE.facts["video"]
    with pytest.raises(Failure):
        read_answer(Answer({**TRUE.facts, "video": {**told, **lie}}, TRUE.planes), sha256=SHA256)


@pytest.mark.parametrize(
    "lie", [{"pdq": "0" * 64}, {"quality": 3}, {"canonical": "x"}, {"format": "PNG"}, {"video": None}]
)
def test_a_video_that_says_it_is_a_picture_is_not_believed(lie: dict[str, Any]) -> None:
    with pytest.raises(Failure):
        read_answer(Answer({**TRUE.facts, **lie}, TRUE.planes), sha256=SHA256)


@given(st.data())
@settings(max_examples=60)
def test_whatever_is_damaged_it_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(moving(1, data.draw(st.sampled_from(["MP4", "WEBM", "AVI"])), seconds=1, size=(64, 48)))
    for _ in range(data.draw(st.integers(1, 12))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    reason = ""
    try:
        assert stills_of(bytes(whole)).frames
    except Refused as refusal:
        reason = refusal.reason.replace("-", "_")
    assert reason in {"", *UnreadableReason}


@given(st.binary(max_size=60))
@example(b"")
def test_a_beginning_alone_is_never_more_than_refused(rest: bytes) -> None:
    for start in (b"\0\0\0\x18ftypisom", b"\x1a\x45\xdf\xa3", b"RIFF\0\0\0\0AVI "):
        assert refused(start + rest) in {"corrupt", "unknown-format", "other-kind", "too-large"}


@pytest.mark.django_db
@pytest.mark.sandbox
@pytest.mark.parametrize("form", ["MP4", "WEBM", "AVI"])
def test_a_sealed_video_is_examined_in_the_sandbox(form: str, seal: Seal, now: datetime) -> None:
    (item,) = seal(moving(1, form))
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    assert (item.state, item.format, item.pdq) == (ItemState.EXAMINED, form, None)
    video = Video.objects.get(item=item)
    assert (video.width, video.complete, video.frames.count()) == (320, True, 8)
    first = VideoFrame.objects.order_by("at_ms").first()
    assert first is not None
    assert distance(bytes.fromhex(str(first.pdq)), pdq.from_picture(scene(1, 0)).hash) <= 20


@pytest.mark.django_db
@pytest.mark.sandbox
def test_what_is_shown_of_it_is_a_still_sheet(seal: Seal, now: datetime) -> None:
    (item,) = seal(moving(1))
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    assert open_tile(item)[8:12] == b"WEBP"
    assert render_reveal(item, Step.GREY).startswith(b"\xff\xd8\xff")
    assert reveal_size(item) == 960 * 720


@pytest.mark.django_db
@pytest.mark.sandbox
def test_half_a_video_is_unreadable_with_its_sentence(seal: Seal, now: datetime) -> None:
    (item,) = seal(moving(1)[:5000])
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    assert (item.state, item.unreadable_reason) == (ItemState.UNREADABLE, UnreadableReason.CORRUPT)
    assert not Video.objects.exists()
