"""What was listed before other places' law was kept is told it afterwards, by an operator's command."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision
from openhotline.assessment.queries import listables
from openhotline.assessment.services.tell_bases import tell_bases
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed
from openhotline.core.jobs import drain
from openhotline.core.models import Event
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.list_items import list_items

pytestmark = pytest.mark.django_db


@pytest.fixture
def of_before(confirmed: Decision, now: datetime) -> Entry:
    """An entry as an older version of this software wrote it."""
    (entry,) = list_items(listables=listables([confirmed.pk]), actor="step:test", now=now)
    Entry.objects.update(elsewhere=None)
    return entry


def test_an_entry_of_before_gets_the_bases_that_were_decided_as_a_revision(
    of_before: Entry, senior: Person, now: datetime
) -> None:
    """What it said stays in its history; asked again there is nothing left."""
    assert tell_bases(actor=senior, now=now) == of_before.pk
    assert Record.objects.filter(action="bases_told").count() == 1
    drain()
    of_before.refresh_from_db()
    assert [one["jurisdiction"] for one in of_before.elsewhere] == ["GB-NIR", "GB-SCT"]
    assert [one.elsewhere for one in of_before.revisions.all()] == [None]
    assert tell_bases(actor=senior, now=now) is None


def test_what_nobody_decided_is_passed_over(of_before: Entry, senior: Person, now: datetime) -> None:
    """An entry whose decision is not there waits for nobody."""
    of_before.item.decided.delete()
    assert tell_bases(actor=senior, now=now) == of_before.pk
    assert not Event.objects.filter(kind="BasesDue").exists()
    assert tell_bases(actor=senior, now=now, after=of_before.pk) is None


def test_an_analyst_cannot(analyst: Person, now: datetime) -> None:
    """As of deriving again."""
    with pytest.raises(NotAllowed):
        tell_bases(actor=analyst, now=now)
