"""A complaint that came by letter or telephone."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import Missing, NotNow
from openhotline.removal.models import Removal
from openhotline.removal.policies import ANSWER_COMPLAINT_WITHIN
from openhotline.removal.services.open_complaint import open_complaint

pytestmark = pytest.mark.django_db


def test_it_is_about_an_address_or_a_notice_and_its_clock_begins(
    noticed: Callable[[int], list[Removal]], senior: Person, now: datetime
) -> None:
    (removal,) = noticed(1)
    about = removal.address.public_id
    complaint = open_complaint(about=about, text="It is mine.", actor=senior, now=now)
    assert (complaint.removal, complaint.answer_by) == (removal, now + ANSWER_COMPLAINT_WITHIN)
    with pytest.raises(Missing):
        open_complaint(about="ntc_none", text="x", actor=senior, now=now)
    with pytest.raises(NotNow):
        open_complaint(about=about, text="  ", actor=senior, now=now)
