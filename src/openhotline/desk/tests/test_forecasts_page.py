"""Forecasts are for managers: asked for, made by a worker, shown with what each number rests on."""

from datetime import datetime

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.forecast.models import Study
from openhotline.forecast.services.make_study import make_study
from openhotline.forecast.states import StudyKind, StudyState

pytestmark = pytest.mark.django_db


@pytest.fixture
def at(manager: Person) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def page(at: Client, kind: StudyKind) -> str:
    return at.get(reverse("desk_forecast", args=[kind])).content.decode()


def test_what_is_asked_is_made_and_shown(at: Client, now: datetime) -> None:
    assert "None has been made yet" in page(at, StudyKind.CAPACITY)
    asked = at.post(
        reverse("desk_forecast_make", args=[StudyKind.CAPACITY]),
        {"stacks_a_day": "40", "analysts": "3", "seniors": "1", "hours": ""},
    )
    assert asked.status_code == 302
    assert "A new one is being made" in page(at, StudyKind.CAPACITY)
    study = Study.objects.get()
    assert study.asks == {"stacks_a_day": 40.0, "analysts": 3, "seniors": 1}
    Study.objects.update(asks=study.asks | {"days": 3, "runs": 1})
    make_study(study_id=study.pk, actor="test", now=now)
    shown = page(at, StudyKind.CAPACITY)
    assert "Given by whoever asked." in shown
    assert "PRACTICE - NOT FINDINGS" in shown
    assert "What it leaves out" in shown
    csv = at.get(reverse("desk_forecast_csv", args=[StudyKind.CAPACITY])).content.decode()
    assert csv.startswith("part,what,x,value,low,high,unit,rests on")
    assert "simulated from the figures below" in csv


def test_a_number_that_cannot_be_is_said_beside_its_field(at: Client) -> None:
    answer = at.post(reverse("desk_forecast_make", args=[StudyKind.CAPACITY]), {"hours": "30"})
    assert "less than or equal to 24" in answer.content.decode()
    assert not Study.objects.exists()


def test_a_study_that_could_not_be_made_says_why(at: Client, manager: Person, now: datetime) -> None:
    Study.objects.create(
        kind=StudyKind.HASHLIST, state=StudyState.FAILED, why_failed="Too few.", asked_by=manager.public_id,
        asked_at=now,
    )  # fmt: skip
    shown = page(at, StudyKind.HASHLIST)
    assert "could not be made. Too few." in shown
    assert "Stacks of near duplicates that come in" not in shown


@pytest.mark.parametrize("route", ["desk_forecast", "desk_forecast_csv"])
def test_what_is_no_forecast_is_not_there(at: Client, route: str) -> None:
    assert at.get(reverse(route, args=["weather"])).status_code == 404
