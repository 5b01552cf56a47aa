"""The auditor's page of unusual looks."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.exposure.models import Alert
from openhotline.exposure.states import Rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(analyst: Person, now: datetime) -> Alert:
    """One about the analyst."""
    return Alert.objects.create(
        rule=Rule.REPEATED, person=analyst.public_id, subject="itm_a", on=now.date(), count=9, usual=8, raised_at=now
    )


@pytest.fixture
def desk(auditor: Person) -> Client:
    """The auditor, signed in."""
    client = Client()
    client.force_login(auditor)
    return client


def test_an_alert_is_told_as_a_question(desk: Client, alert: Alert) -> None:
    page = desk.get(reverse("desk_alerts")).content.decode()
    assert "The same item was revealed many times" in page
    assert "Analyst, on 21 Nov 2026: 9, against 8" in page
    assert "a question, not a finding" in page


def test_what_waits_stands_on_the_first_page(desk: Client, alert: Alert) -> None:
    page = desk.get(reverse("desk_home")).content.decode()
    assert f'href="{reverse("desk_alerts")}"' in page


def test_it_is_noted_as_seen(desk: Client, alert: Alert, auditor: Person) -> None:
    answer = desk.post(reverse("desk_alert_seen"), {"alert": alert.public_id}, follow=True)
    assert "Seen by Auditor" in answer.content.decode()


def test_no_alert_is_no_blank_page(desk: Client) -> None:
    assert "No look was unusual." in desk.get(reverse("desk_alerts")).content.decode()


def test_nobody_but_the_auditor_sees_them(alert: Alert, manager: Person, analyst: Person) -> None:
    for person in (manager, analyst):
        client = Client()
        client.force_login(person)
        assert client.get(reverse("desk_alerts")).status_code == 403
        assert client.post(reverse("desk_alert_seen"), {"alert": alert.public_id}).status_code == 403
