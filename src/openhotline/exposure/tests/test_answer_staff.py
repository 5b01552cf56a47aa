"""Somebody who works here asks what is held about them."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.exposure.models import Alert, View
from openhotline.exposure.services.answer_staff import answer_staff
from openhotline.exposure.services.grant_view import grant_view
from openhotline.exposure.services.set_wellbeing import set_wellbeing
from openhotline.exposure.states import Rule

pytestmark = pytest.mark.django_db


def test_a_copy_holds_row_looks_alerts_and_acts(
    analyst: Person, other_analyst: Person, looked: Callable[..., View], now: datetime
) -> None:
    looked(5, 5), looked(4, 5, person=other_analyst.public_id)
    grant_view(subject="itm_a", kind=View.REVEAL, size=9, session="s", actor=analyst, now=now)
    Alert.objects.create(
        rule=Rule.HOUR, person=analyst.public_id, on=now.date(), count=1, usual=0, raised_at=now, seen_by="the senior"
    )
    about = answer_staff(person=analyst, actor="per_dpo", now=now)
    assert (about["person"]["name"], len(about["looks"]), len(about["alerts"])) == ("Analyst", 2, 1)
    assert [one["action"] for one in about["acts"]] == ["view_granted"]
    assert "the senior" not in repr(about)


def test_what_they_said_of_how_they_want_to_look_is_in_it(analyst: Person, now: datetime) -> None:
    set_wellbeing(shift_ends_at=None, takes_heavy=True, consents=False, actor=analyst, now=now)
    (said,) = answer_staff(person=analyst, actor="per_dpo", now=now)["wellbeing"]
    assert (said["takes_heavy"], said["consents"]) == (True, False)


def test_that_it_was_answered_is_recorded(analyst: Person, now: datetime) -> None:
    answer_staff(person=analyst, actor="per_dpo", now=now)
    row = Record.objects.get(action="staff_answered")
    assert (row.actor, row.subject) == ("per_dpo", analyst.public_id)
