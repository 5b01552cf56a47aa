"""A member that is suspended or has ended is answered nothing."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.hashlists.models import Member
from openhotline.hashlists.services.end_member import end_member
from openhotline.hashlists.states import MemberState
from openhotline.hashlists.tests.asking import Machine, picture

pytestmark = pytest.mark.django_db
BODY = {"hashes": [picture("0" * 64)]}


@pytest.mark.parametrize("state", [MemberState.SUSPENDED, MemberState.ENDED])
def test_its_key_opens_nothing_from_then_on(
    make_member: Callable[..., Member],
    machine_of: Callable[..., Machine],
    senior: Person,
    now: datetime,
    state: MemberState,
) -> None:
    member = make_member()
    machine = machine_of(member)
    assert machine.post("v1/match", BODY).status_code == 200
    suspend = state == MemberState.SUSPENDED
    for _ in range(2):
        assert end_member(member=member, actor=senior, now=now, suspend=suspend).state == state
    assert machine.post("v1/match", BODY).status_code == 403
