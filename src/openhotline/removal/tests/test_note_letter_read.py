"""A person has read what a receiver wrote."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotAllowed
from openhotline.removal.models import Notice, Removal, code_of
from openhotline.removal.queries.complaints import answers_unread, letters_unread, text_of
from openhotline.removal.services.keep_answer import keep_answer
from openhotline.removal.services.note_letter_read import note_letter_read
from openhotline.removal.services.read_letters import read_letters
from openhotline.removal.states import Said

pytestmark = pytest.mark.django_db


def test_read_once_it_is_off_the_list(
    noticed: Callable[[int], list[Removal]], senior: Person, analyst: Person, now: datetime
) -> None:
    noticed(1)
    code = code_of(Notice.objects.get().public_id)
    answer = keep_answer(code=code, said=Said.NOT_OURS, text="Ask the other one.", now=now)
    read_letters(letters=[b"Subject: x\n\nHello"], actor="step:x", now=now)
    letter = letters_unread().get()
    assert text_of(answers_unread().get()) == "Ask the other one."
    with pytest.raises(NotAllowed):
        note_letter_read(letter=letter.pk, actor=analyst, now=now)
    assert [note_letter_read(letter=letter.pk, actor=senior, now=now) for _ in range(2)] == [1, 0]
    assert note_letter_read(answer=answer.pk, actor=senior, now=now) == 1
    assert (letters_unread().count(), answers_unread().count()) == (0, 0)
