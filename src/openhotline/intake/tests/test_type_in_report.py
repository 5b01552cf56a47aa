"""Reports by telephone and letter are typed in at the desk."""

from datetime import datetime

import pytest

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.audit.models import Record
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.queries import report_page
from openhotline.intake.services.type_in_report import type_in_report
from openhotline.intake.states import ReportState, Source

pytestmark = pytest.mark.django_db


def test_it_is_received_at_once_under_the_name_of_who_typed(analyst: Person, now: datetime) -> None:
    report = type_in_report(
        addresses=["a.example"], source=Source.TELEPHONE, details={"more": "third row"}, actor=analyst, now=now
    )
    assert (report.state, report.source) == (ReportState.RECEIVED, Source.TELEPHONE)
    assert set(Record.objects.filter(subject=report.public_id).values_list("actor", flat=True)) == {analyst.public_id}


def test_a_letter_without_an_address_is_a_report(analyst: Person, now: datetime) -> None:
    report = type_in_report(addresses=[], source=Source.LETTER, details={"more": "x"}, actor=analyst, now=now)
    facts = report_page(report.public_id)
    assert facts is not None
    assert (facts.lines, facts.details) == ((), {"more": "x"})


def test_a_role_that_takes_no_reports_is_refused(now: datetime) -> None:
    auditor = add_person(username="a", name="A", role=Role.AUDITOR, password=None, practice=True, actor="test", now=now)
    with pytest.raises(NotAllowed):
        type_in_report(addresses=["a.example"], source=Source.LETTER, details={}, actor=auditor, now=now)


def test_what_came_by_the_public_pages_is_not_typed_in(analyst: Person, now: datetime) -> None:
    with pytest.raises(NotNow):
        type_in_report(addresses=["a.example"], source=Source.PUBLIC, details={}, actor=analyst, now=now)
