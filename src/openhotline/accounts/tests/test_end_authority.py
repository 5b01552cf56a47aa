"""The authority to fetch is withdrawn."""

from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.models import Authority
from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.accounts.services.end_authority import end_authority
from openhotline.audit.models import Record
from openhotline.core.errors import Missing

pytestmark = pytest.mark.django_db


def test_nothing_is_fetched_under_it_any_more(authority: Authority, now: datetime) -> None:
    assert end_authority(actor="command_line", now=now) == authority
    assert [latest_authority(now + timedelta(days=days)) for days in (0, 1, 300)] == [None] * 3


def test_who_read_it_before_is_refused_as_well(authority: Authority, now: datetime) -> None:
    end_authority(actor="command_line", now=now)
    authority.refresh_from_db()
    with pytest.raises(AuthorityMissing, match="no recorded authority is in force"):
        check_covers(authority, now)


def test_planted_bug_that_looks_at_the_dates_alone_would_still_fetch(authority: Authority, now: datetime) -> None:
    end_authority(actor="command_line", now=now)
    assert Authority.objects.filter(valid_from__lte=now, expires_at__gt=now).exists()


def test_what_was_recorded_stays_as_it_was_and_the_log_says_who_ended_it(authority: Authority, now: datetime) -> None:
    ended = end_authority(actor="command_line", now=now)
    assert (ended.expires_at, ended.ended_at) == (authority.expires_at, now)
    row = Record.objects.get(action="authority_ended")
    assert (row.actor, row.subject) == ("command_line", authority.public_id)


def test_where_none_is_left_it_is_told(authority: Authority, now: datetime) -> None:
    end_authority(actor="command_line", now=now)
    with pytest.raises(Missing, match="nothing is fetched already"):
        end_authority(actor="command_line", now=now)
