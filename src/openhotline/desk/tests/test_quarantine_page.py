"""The page on which a flood is let go on, or set aside."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.desk.views import quarantine
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import Over, start_report
from openhotline.intake.states import Lane, ReportState, Source, Why

pytestmark = pytest.mark.django_db


def _held(sender: str, why: Why, now: datetime) -> Report:
    report, _ = start_report(
        addresses=["a.example"],
        source=Source.PUBLIC,
        idempotency=None,
        practice=True,
        now=now,
        over=Over(why, sender),
    )
    return complete_report(report=report, details={}, urgent=False, now=now)


@pytest.fixture
def flood(db: None, now: datetime) -> list[Report]:
    """Three reports of one sender, one of another, and one that came while everybody had to wait."""
    senders = [("loud", Why.SENDER)] * 3 + [("quiet", Why.SENDER), ("late", Why.DOOR)]
    return [_held(sender, why, now) for sender, why in senders]


@pytest.fixture
def desk(analyst: Person) -> Client:
    """An analyst, signed in."""
    client = Client()
    client.force_login(analyst)
    return client


def test_single_reports_stand_before_the_flood(desk: Client, flood: list[Report]) -> None:
    page = desk.get(reverse("desk_quarantine")).content.decode()
    assert page.index("1 report from one sender") < page.index("3 reports from one sender")
    assert "More than one sender usually reports" in page
    assert "from everybody, than usual" in page


def test_it_is_said_of_what_goes_on_by_itself_and_of_nothing_else(desk: Client, flood: list[Report]) -> None:
    said = "These go on by themselves, oldest first"
    page = desk.get(reverse("desk_quarantine")).content.decode()
    assert page.count(said) == 1
    assert page.index("from everybody, than usual") < page.index(said)
    Quarantined.objects.filter(why=Why.DOOR).delete()
    assert said not in desk.get(reverse("desk_quarantine")).content.decode()


def test_what_one_sender_sent_is_set_aside_at_once(desk: Client, flood: list[Report], now: datetime) -> None:
    form = {"why": "sender", "sender": "loud", "act": "set_aside", "until": now.isoformat()}
    page = desk.post(reverse("desk_quarantine_sort"), form, follow=True).content.decode()
    assert "3 reports were set aside." in page
    assert Report.objects.filter(state=ReportState.SET_ASIDE).count() == 3


def test_all_of_a_limit_are_released_at_once(desk: Client, flood: list[Report], now: datetime) -> None:
    desk.post(reverse("desk_quarantine_sort"), {"why": "sender", "act": "release", "until": now.isoformat()})
    assert Report.objects.filter(lane=Lane.QUARANTINE).count() == 1


def test_what_came_in_after_the_page_was_shown_is_not_set_aside_unseen(
    desk: Client, flood: list[Report], now: datetime
) -> None:
    page = desk.get(reverse("desk_quarantine")).content.decode()
    shown = page.partition('name="until" value="')[2].partition('"')[0]
    late = _held("loud", Why.SENDER, now + timedelta(seconds=1))
    desk.post(reverse("desk_quarantine_sort"), {"why": "sender", "act": "set_aside", "until": shown})
    late.refresh_from_db()
    assert late.state == ReportState.RECEIVED
    assert Report.objects.filter(state=ReportState.SET_ASIDE).count() == 4


def test_one_that_was_set_aside_is_released_from_its_row(desk: Client, flood: list[Report]) -> None:
    desk.post(reverse("desk_quarantine_sort"), {"report": flood[-1].public_id, "act": "set_aside"})
    form = {"report": flood[-1].public_id, "act": "release"}
    assert "1 report was released." in desk.post(reverse("desk_quarantine_sort"), form, follow=True).content.decode()


def test_what_waits_is_counted_in_the_links(desk: Client, flood: list[Report]) -> None:
    page = desk.get(reverse("desk_home")).content.decode()
    assert reverse("desk_quarantine") in page


def test_an_empty_quarantine_says_so(desk: Client) -> None:
    assert "Nothing waits in quarantine." in desk.get(reverse("desk_quarantine")).content.decode()


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"act": "burn"},
        {"why": "sender", "until": "9999-01-01"},
        {"report": "\x00"},
        {"why": "x" * 9999, "sender": "' OR 1=1"},
    ],
)
def test_an_odd_form_changes_nothing(desk: Client, flood: list[Report], form: dict[str, str]) -> None:
    assert desk.post(reverse("desk_quarantine_sort"), form).status_code == 302
    assert Report.objects.filter(lane=Lane.QUARANTINE, state=ReportState.RECEIVED).count() == 5


def test_every_report_that_was_set_aside_is_on_some_page(
    desk: Client, flood: list[Report], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quarantine, "PAGE", 2)
    form = {"why": "sender", "sender": "loud", "act": "set_aside", "until": now.isoformat()}
    desk.post(reverse("desk_quarantine_sort"), form)
    pages = [desk.get(reverse("desk_quarantine"), {"page": number}).content.decode() for number in (1, 2)]
    assert "Page 1 of 2, 3 reports." in pages[0]
    loud = [one.public_id for one in Report.objects.filter(state=ReportState.SET_ASIDE)]
    assert [sum(f"reports/{name}/" in page for name in loud) for page in pages] == [2, 1]
