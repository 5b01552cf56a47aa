"""The parent believes no frame: whatever a child writes, it gets an answer within the limits, or a failure."""

import json
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.sandbox import inbox as inbox_module
from openhotline.core.sandbox.inbox import Inbox, decode_facts
from openhotline.core.sandbox.protocol import (
    ANSWER,
    HEADER,
    MAGIC,
    OUT_OF_MEMORY,
    PLANE,
    REFUSAL,
    Answer,
    Failure,
    Json,
    Limits,
    Refused,
    encode_answer,
    encode_out_of_memory,
    encode_refusal,
)

SMALL = Limits(answer_bytes=1000, facts_bytes=100, planes=3, side=50)
shapes = st.lists(st.tuples(st.integers(1, 8), st.integers(1, 8), st.integers(1, 4)), max_size=3)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=10)
facts = st.dictionaries(texts, st.none() | st.booleans() | st.integers(-9, 9) | texts, max_size=2)


def take(frame: bytes, step: int = 7, limits: Limits = SMALL) -> Answer:
    inbox = Inbox(limits)
    at = 0
    while at < len(frame):
        room = inbox.room()[:step]
        part = frame[at : at + len(room)]
        room[: len(part)] = part
        inbox.took(len(part))
        at += len(part)
    return inbox.outcome()


def reason_of(frame: bytes, limits: Limits = SMALL) -> str:
    with pytest.raises(Failure) as failure:
        take(frame, limits=limits)
    return failure.value.reason


def frame(
    kind: int = ANSWER,
    planes: Sequence[tuple[int, int, int]] = (),
    facts: bytes = b"{}",
    pixels: bytes = b"",
    magic: bytes = MAGIC,
) -> bytes:
    table = b"".join(PLANE.pack(*plane) for plane in planes)
    return HEADER.pack(magic, kind, len(planes), len(facts)) + table + facts + pixels


@given(facts, shapes, st.integers(1, 40))
def test_an_answer_comes_back_as_it_went(facts: dict[str, Json], shapes: list[tuple[int, int, int]], step: int) -> None:
    planes = [np.full((h, w, c) if c > 1 else (h, w), w * h, np.uint8) for w, h, c in shapes]
    back = take(b"".join(encode_answer(Answer(facts, planes), Limits())), step, Limits())
    assert back.facts == facts
    assert all(np.array_equal(one, other) for one, other in zip(back.planes, planes, strict=True))


@given(st.binary(max_size=200))
def test_random_bytes_never_do_more_than_fail(noise: bytes) -> None:
    assert reason_of(noise) == "lied"


@given(st.data())
def test_a_changed_byte_gives_an_answer_within_the_limits_or_a_failure(data: st.DataObject) -> None:
    whole = bytearray(frame(planes=[(4, 4, 3)], facts=b'{"a":[1]}', pixels=b"\1" * 48))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    try:
        answer = take(bytes(whole))
    except Failure:
        return
    assert sum(plane.size for plane in answer.planes) <= SMALL.answer_bytes


@given(st.integers(1, 60))
def test_a_frame_cut_short_is_a_lie(missing: int) -> None:
    whole = frame(planes=[(4, 4, 3)], pixels=b"\1" * 48)
    assert reason_of(whole[:-missing]) == "lied"


@pytest.mark.parametrize(
    "bad",
    [
        frame(magic=b"OHS2"),
        frame(kind=9),
        frame(planes=[(1, 1, 1)] * 4, pixels=b"1234"),
        frame(planes=[(0, 5, 1)]),
        frame(planes=[(51, 1, 1)], pixels=b"x" * 51),
        frame(planes=[(1, 51, 1)], pixels=b"x" * 51),
        frame(planes=[(2, 2, 5)], pixels=b"x" * 20),
        frame(planes=[(2, 2, 0)]),
        frame(planes=[(30, 30, 1), (30, 30, 1)], pixels=b"x" * 1800),
        frame(planes=[(2**32 - 1, 2**32 - 1, 4)]),
        frame(facts=b'"' + b"x" * 110 + b'"'),
        frame() + b"!",
        frame(kind=REFUSAL, planes=[(1, 1, 1)], pixels=b"1"),
        frame(kind=OUT_OF_MEMORY, facts=b"{}"),
        frame(facts=b"[]"),
        frame(facts=b"{"),
        frame(facts=b"\xff\xff"),
        frame(facts=b'{"a": NaN}'),
        frame(facts=b'{"a": 1e999}'),
        frame(facts=b'{"a": 1, "a": 2}'),
        frame(facts=b'{"a": "\\ud800"}'),
        frame(kind=REFUSAL, facts=b'{"reason": "Not Good", "sentence": "x"}'),
        frame(kind=REFUSAL, facts=b'{"reason": 7, "sentence": "x"}'),
        frame(kind=REFUSAL, facts=b'{"reason": "no", "sentence": "two\\nlines"}'),
    ],
)
def test_a_frame_against_the_rules_is_a_lie(bad: bytes) -> None:
    assert reason_of(bad) == "lied"


def test_the_parent_never_makes_room_for_more_than_the_limit() -> None:
    """A huge plane is refused from its header, before any pixel is awaited."""
    head = frame(planes=[(2**31, 2**31, 3)])
    inbox = Inbox(SMALL)
    inbox.room()[:12] = head[:12]
    inbox.took(12)
    inbox.room()[:] = head[12:24]
    with pytest.raises(Failure, match="A plane of"):
        inbox.took(12)


def test_planted_bug_without_the_size_check_a_huge_plane_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_module, "check_planes", lambda shapes, _limits: shapes[0][0] * shapes[0][1])
    assert take(frame(planes=[(60, 60, 1)], pixels=b"x" * 3600)).planes[0].shape == (60, 60)


def test_facts_nested_too_deep_are_a_lie() -> None:
    with pytest.raises(Failure):
        decode_facts(b'{"a":' + b"[" * 100_000)


def test_a_refusal_carries_its_code_and_sentence() -> None:
    with pytest.raises(Failure, match="Not a picture") as failure:
        take(encode_refusal(Refused("not-a-picture", "Not a picture.")))
    assert failure.value.reason == "refused:not-a-picture"


@given(st.text(max_size=600))
def test_any_refusal_a_target_raises_is_understood(sentence: str) -> None:
    """A library's error text may hold anything; the target's own refusal must not be taken for a lie."""
    assert reason_of(encode_refusal(Refused("odd", sentence)), Limits()) == "refused:odd"


def test_a_child_can_say_that_memory_ran_out() -> None:
    assert reason_of(encode_out_of_memory()) == "memory"


@pytest.mark.parametrize(
    "answer",
    [
        Answer({"a": "x" * 200}),
        Answer({}, [np.zeros((51, 1), np.uint8)]),
        Answer({}, [np.zeros((30, 40), np.uint8)]),
        Answer({}, [np.zeros((1, 1), np.uint8)] * 4),
    ],
)
def test_an_honest_answer_over_a_limit_is_refused_in_the_child(answer: Answer) -> None:
    with pytest.raises(Refused, match="larger than an answer may be"):
        encode_answer(answer, SMALL)


def test_facts_are_plain_json() -> None:
    assert decode_facts(json.dumps({"a": [1, None, "ü"]}).encode()) == {"a": [1, None, "ü"]}
