"""A review belongs to exactly the texts that were looked at."""

from datetime import date

import pytest
from babel.messages.catalog import Message

from openhotline.core.languages.reviews import CatalogueInvalid, lowest, mark_of, raise_review, review_of, settle
from openhotline.core.languages.states import Review

DAY = date(2026, 11, 27)


def translated(*comments: str, string: str = "Helo") -> Message:
    """A message with lines beside it."""
    return Message("Hello", string, user_comments=comments)


def looked_at() -> Message:
    """A message that a person and then somebody from safeguarding looked at."""
    message = translated("review: machine")
    assert raise_review(message, Review.HUMAN, DAY)
    assert raise_review(message, Review.CHECKED, DAY)
    return message


def test_a_new_translation_counts_as_a_machine_s() -> None:
    message = translated()
    settle(message)
    assert review_of(message) is Review.MACHINE
    assert message.user_comments == ["review: machine"]


def test_a_review_goes_one_step_at_a_time() -> None:
    message = translated("review: machine")
    assert not raise_review(message, Review.CHECKED, DAY)
    assert review_of(message) is Review.MACHINE
    assert review_of(looked_at()) is Review.CHECKED


def test_who_writes_a_review_by_hand_gets_its_mark() -> None:
    message = translated("review: human 2026-11-27", "Formal.")
    assert review_of(message) is Review.MACHINE
    assert not settle(message)
    assert review_of(message) is Review.HUMAN
    assert message.user_comments == [f"review: human 2026-11-27 {mark_of(message)}", "Formal."]


@pytest.mark.parametrize("side", ["id", "string"])
def test_a_text_changed_after_its_review_has_to_be_looked_at_again(side: str) -> None:
    message = looked_at()
    setattr(message, side, "Changed")
    assert review_of(message) is Review.MACHINE
    assert settle(message)
    assert message.user_comments == ["review: machine"]


def test_without_its_mark_a_changed_text_would_stay_reviewed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: a mark that is the same for every text."""
    monkeypatch.setattr("openhotline.core.languages.reviews.mark_of", lambda _message: "0" * 12)
    message = looked_at()
    message.string = "Changed"
    assert review_of(message) is Review.CHECKED


def test_what_is_not_translated_was_looked_at_by_nobody() -> None:
    for message in (translated("review: human", string=""), Message(("a", "b"), ("x", ""))):
        settle(message)
        assert review_of(message) is Review.MISSING


def test_a_state_that_there_is_not_is_a_sentence() -> None:
    with pytest.raises(
        CatalogueInvalid, match=r"'review: finished' stands beside 'Hello'. Write one of: review: machine"
    ):
        settle(translated("review: finished"))


def test_a_language_is_as_far_as_its_least_reviewed_text() -> None:
    assert lowest([Review.CHECKED, Review.HUMAN, Review.CHECKED]) is Review.HUMAN
    assert lowest([]) is Review.MISSING
