"""The made-up language keeps what a page needs and leaves nothing in Latin letters."""

import re
from collections import Counter

from babel.messages.catalog import Message
from hypothesis import given
from hypothesis import strategies as st

from openhotline.core.languages.kept import KEPT, faults_of
from openhotline.core.languages.pseudo import pseudo

PARTS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="%{}<>&", exclude_categories=["C"]), max_size=20),
    st.sampled_from(
        ["%(day)s", "%(count)d", "%s", "%%", "{name}", "<strong>", "</strong>", '<a href="{url}">', "&nbsp;", "&#39;"]
    ),
)
TEXTS = st.lists(PARTS, max_size=8).map("".join)


@given(TEXTS)
def test_placeholders_tags_and_entities_are_kept_in_their_order(text: str) -> None:
    assert KEPT.findall(pseudo(text)) == KEPT.findall(text)


@given(TEXTS)
def test_no_latin_letter_is_left_between_them(text: str) -> None:
    assert not re.search("[A-Za-z]", KEPT.sub("", pseudo(text)))


@given(TEXTS.filter(str.strip))
def test_it_is_a_translation_that_every_check_lets_through(text: str) -> None:
    message = Message(text, pseudo(text))
    assert faults_of(message) == []
    assert [str(one) for one in message.check()] == [str(one) for one in Message(text, text).check()]


def test_it_is_written_from_right_to_left_and_longer() -> None:
    said = pseudo("Report an address, 2 of 7.")
    assert "2 " in said
    assert Counter(letter for letter in said if "\u0600" <= letter <= "\u06ff").total() > len("Reportanaddressof")
