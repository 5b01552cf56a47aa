"""Somebody looks at one picture again and again, at the real door: nothing is stopped, and the auditor is told."""

import pytest
from django.test import Client
from django.urls import reverse

from journeys.road import PAGE, Road
from openhotline import due
from openhotline.assessment.services.take_turn import take_turn
from openhotline.exposure.models import Alert, View
from openhotline.exposure.states import Rule

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def reveals(road: Road) -> list[int]:
    """Hold the key nine times on the item of one's turn; return how each was answered."""
    road.report(road.site.origin + PAGE)
    road.settle()
    analyst = next(one for one in road.cast.sign_ins if one.username == "analyst")
    road.sort(road.cast.analysts[0])
    turn = take_turn(actor=analyst, now=road.now)
    assert turn is not None
    desk = Client()
    desk.force_login(analyst)
    return [desk.post(reverse("media_reveal", args=[turn.item.public_id])).status_code for _ in range(9)]


def test_no_look_is_stopped_and_the_auditor_sees_a_question(reveals: list[int], road: Road) -> None:
    assert reveals == [200] * 9
    assert due.review(road.now) == 1
    alert = Alert.objects.get()
    assert (alert.rule, alert.count, alert.subject) == (Rule.REPEATED, 9, View.objects.latest("pk").subject)
    auditor = Client()
    auditor.force_login(next(one for one in road.cast.sign_ins if one.username == "auditor"))
    assert "The same item was revealed many times" in auditor.get(reverse("desk_alerts")).content.decode()


def test_whoever_looked_is_not_told_and_goes_on(reveals: list[int], road: Road) -> None:
    due.review(road.now)
    desk = Client()
    desk.force_login(next(one for one in road.cast.sign_ins if one.username == "analyst"))
    assert desk.get(reverse("desk_alerts")).status_code == 403
    item = View.objects.latest("pk").subject
    assert desk.post(reverse("media_reveal", args=[item])).status_code == 200


def test_scripted_analysts_raise_nothing(road: Road) -> None:
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    assert due.review(road.now) == 0
