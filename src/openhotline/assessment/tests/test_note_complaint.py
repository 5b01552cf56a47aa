"""Somebody says that the hotline was wrong."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision, Reassessment
from openhotline.assessment.services.note_complaint import note_complaint
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.assessment.states import Complainer, Source
from openhotline.assessment.tests.conftest import NO_CHILD, Give, Select
from openhotline.core.errors import NotNow
from openhotline.evidence.models import Item

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(select: Select, give: Give, analyst: Person, now: datetime) -> Item:
    """An item that was published as not criminal."""
    (item,) = select((1, 0))
    give(analyst, NO_CHILD)
    publish_decisions(actor="step:test", now=now + timedelta(seconds=31))
    return item


def test_it_re_opens_the_decision_that_it_is_about(published: Item, manager: Person, now: datetime) -> None:
    about = Decision.objects.get().public_id
    row = note_complaint(source=Complainer.SITE, what="It is ours.", about=about, actor=manager, now=now)
    asked = Reassessment.objects.get()
    assert (row.reassessment, asked.source) == (asked, Source.COMPLAINT)


def test_a_second_one_waits_for_the_same_review(published: Item, manager: Person, now: datetime) -> None:
    about = Decision.objects.get().public_id
    first, second = (
        note_complaint(source=Complainer.SITE, what="It is ours.", about=about, actor=manager, now=now)
        for _ in range(2)
    )
    assert first.reassessment == second.reassessment is not None


def test_one_about_nothing_decided_is_kept_too(manager: Person, now: datetime) -> None:
    row = note_complaint(source=Complainer.PUBLIC, what="Too slow.", about="", actor=manager, now=now)
    assert row.reassessment is None


@pytest.mark.parametrize("about", ["dec_none", "rep_none", "Something"])
def test_an_id_that_names_nothing_is_refused(manager: Person, now: datetime, about: str) -> None:
    with pytest.raises(NotNow, match="is no decision"):
        note_complaint(source=Complainer.PUBLIC, what="x", about=about, actor=manager, now=now)
