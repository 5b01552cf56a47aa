"""Six words: five of chance, one that tells a slip."""

import re
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.intake.models import receipt
from openhotline.intake.models.receipt import NotAReceipt, all_words, read_words, words_from

chance = st.integers(0, 2**50 - 1)
place = st.integers(0, 1023)


def test_there_are_1024_short_plain_words() -> None:
    words = all_words()
    assert len(set(words)) == len(words) == 1024
    assert all(re.fullmatch("[a-z]{3,9}", word) for word in words)


def test_no_word_is_one_letter_away_from_another() -> None:
    """A typing slip gives no other word."""
    shapes = [(word[:i], word[i + 1 :]) for word in all_words() for i in range(len(word))]
    assert len(set(shapes)) == len(shapes)


def test_the_list_and_its_order_are_fixed() -> None:
    """If they changed, old receipts could not be read."""
    assert sha256(" ".join(all_words()).encode()).hexdigest()[:16] == "4f8a144d72028942"
    assert words_from(1).split()[3:] == ["abacus", "abbey", "accordion"]


@given(chance)
def test_words_are_read_as_they_were_given(number: int) -> None:
    words = words_from(number)
    assert read_words(f"  {words.upper().replace(' ', '  ')} ") == words


@given(chance, st.integers(0, 5), place)
def test_any_single_wrong_word_is_told(number: int, where: int, other: int) -> None:
    words = words_from(number).split()
    if words[where] == all_words()[other]:
        return
    words[where] = all_words()[other]
    with pytest.raises(NotAReceipt):
        read_words(" ".join(words))


@given(chance, st.integers(0, 5), st.integers(0, 5))
def test_two_words_that_changed_places_are_told(number: int, one: int, two: int) -> None:
    words = words_from(number).split()
    if words[one] == words[two]:
        return
    words[one], words[two] = words[two], words[one]
    with pytest.raises(NotAReceipt):
        read_words(" ".join(words))


def test_a_sum_would_miss_words_that_changed_places(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: a check word without weights lets two words change places."""
    monkeypatch.setattr(receipt, "_times_x", lambda value: value)
    one, two, *rest = words_from(12_345_678_901).split()
    assert read_words(" ".join([two, one, *rest]))


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("abacus", "A receipt has 6 words; here are 1."),
        ("abacus abacuss", "Did you mean “abacus”?"),
        ("qqqqq", "“qqqqq” is not one of the words we use."),
        ("abbey abbey abbey abbey abbey zoo", "One of these words is not right"),
    ],
)
def test_what_is_wrong_is_told(typed: str, sentence: str) -> None:
    with pytest.raises(NotAReceipt, match=re.escape(sentence)):
        read_words(typed)


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_told(typed: str) -> None:
    try:
        answer = read_words(typed)
    except NotAReceipt as told:
        answer = str(told)
    assert len(answer.split()) == 6 or answer.endswith((".", "?"))


@pytest.mark.parametrize("number", [-1, 2**50])
def test_more_chance_than_fits_is_a_mistake(number: int) -> None:
    with pytest.raises(ValueError, match="50 bits"):
        words_from(number)
