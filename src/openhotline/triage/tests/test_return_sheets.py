"""A sheet that was left goes back."""

from datetime import datetime, timedelta

import pytest

from cast import MakeItem
from openhotline.accounts.models import Person
from openhotline.triage.services.return_sheets import return_sheets
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.triage_items import triage_items

pytestmark = pytest.mark.django_db


def test_a_left_sheet_is_taken_by_the_next(
    make_item: MakeItem, analyst: Person, other_analyst: Person, now: datetime
) -> None:
    triage_items(ids=[make_item().pk], actor="step:test", now=now)
    take_sheet(actor=analyst, now=now)
    later = now + timedelta(hours=3)
    assert return_sheets(actor="step:test", now=later) == 1
    assert take_sheet(actor=other_analyst, now=later) is not None


def test_a_sheet_in_hand_stays(make_item: MakeItem, analyst: Person, now: datetime) -> None:
    triage_items(ids=[make_item().pk], actor="step:test", now=now)
    take_sheet(actor=analyst, now=now)
    assert return_sheets(actor="step:test", now=now + timedelta(minutes=5)) == 0
