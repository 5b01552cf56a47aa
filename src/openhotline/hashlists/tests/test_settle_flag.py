"""Somebody looked at queries that resembled each other."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import Missing
from openhotline.hashlists.models import Member, QueryFlag
from openhotline.hashlists.queries import open_flags
from openhotline.hashlists.services.settle_flag import settle_flag

pytestmark = pytest.mark.django_db


def test_it_is_noted_who_looked_first(
    make_member: Callable[..., Member], senior: Person, manager: Person, now: datetime
) -> None:
    flag = QueryFlag.objects.create(member=make_member(), related=100, raised_at=now)
    for person in (senior, manager):
        settle_flag(flag=flag.public_id, actor=person, now=now)
    flag.refresh_from_db()
    assert (flag.seen_by, open_flags().count()) == (senior.public_id, 0)
    with pytest.raises(Missing, match="no flag"):
        settle_flag(flag="flg_none", actor=senior, now=now)
