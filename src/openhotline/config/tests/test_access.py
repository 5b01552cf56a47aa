"""A route opens for who is named beside it, and for nobody else."""

import pytest
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.config.access import ACCESS

pytestmark = pytest.mark.django_db


def test_a_stranger_is_sent_to_sign_in(stranger: Client) -> None:
    answer = stranger.get("/desk/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/sign-in/?next=/desk/")


@pytest.mark.urls("openhotline.config.urls_media")
def test_at_a_door_without_a_sign_in_a_stranger_is_refused(stranger: Client) -> None:
    assert stranger.get("/media/tile/itm_x/").status_code == 403


def test_a_manager_does_not_open_the_analysts_queue(stranger: Client, manager: Person) -> None:
    stranger.force_login(manager)
    assert stranger.get("/desk/queue/").status_code == 403


def test_a_route_that_nobody_classified_is_refused(stranger: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(ACCESS, "home")
    assert stranger.get("/").status_code == 403


def test_practice_pages_do_not_exist_in_production(stranger: Client, settings: object) -> None:
    settings.PRACTICE = False  # type: ignore[attr-defined] # pytest-django's settings
    assert stranger.get("/practice/").status_code == 403


def test_an_address_that_is_not_there_says_so(stranger: Client) -> None:
    answer = stranger.get("/nowhere/")
    assert answer.status_code == 404
    assert "There is no such page" in answer.content.decode()
