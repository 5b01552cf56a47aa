"""The receiver of a notice answers with its code, once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.core import models as core
from openhotline.core.crypto import open_from_the_door
from openhotline.core.errors import Missing
from openhotline.removal.models import Notice, ProviderAnswer, Removal, code_of
from openhotline.removal.policies import CODE_ENDS
from openhotline.removal.services.keep_answer import keep_answer
from openhotline.removal.states import Said

pytestmark = pytest.mark.django_db
Noticed = Callable[[int], list[Removal]]


def code() -> str:
    return code_of(Notice.objects.get().public_id)


def test_an_answer_is_sealed_so_that_the_public_door_cannot_read_it(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    answer = keep_answer(code=code().lower().replace("-", " "), said=Said.REMOVED, text="Done.", now=now)
    assert b"Done." not in bytes(answer.sealed)
    assert open_from_the_door(bytes(answer.sealed)) == "Done."
    assert core.Event.objects.get(kind="ProviderAnswered").ids == [answer.pk]


def test_a_code_that_was_used_is_over_or_never_was_is_told_by_the_same_words(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    said = set()
    keep_answer(code=code(), said=Said.REMOVED, text="", now=now)
    for tried, at in ((code(), now), ("AAAAA-AAAAA-AAAAA-AAAAA", now), ("", now)):
        with pytest.raises(Missing) as refused:
            keep_answer(code=tried, said=Said.DISPUTE, text="", now=at)
        said.add(str(refused.value))
    assert (len(said), ProviderAnswer.objects.count()) == (1, 1)


def test_a_code_ends_by_itself(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    with pytest.raises(Missing):
        keep_answer(code=code(), said=Said.REMOVED, text="", now=now + CODE_ENDS + timedelta(seconds=1))


def test_planted_bug_a_code_that_is_not_used_up_would_answer_twice(noticed: Noticed, now: datetime) -> None:
    noticed(1)
    answer = keep_answer(code=code(), said=Said.REMOVED, text="", now=now)
    answer.code.used_at = None
    answer.code.save()
    ProviderAnswer.objects.all().delete()
    assert keep_answer(code=code(), said=Said.REMOVED, text="", now=now).pk
