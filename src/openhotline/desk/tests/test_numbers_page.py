"""The figures at the desk, and the button that publishes them."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.statistics.models import PublishedFigures

pytestmark = pytest.mark.django_db
SignIn = Callable[[Person], Client]
BUTTON = "Publish the figures of now"


def test_a_manager_publishes_and_a_second_time_gets_a_sentence(
    sign_in: SignIn, manager: Person, stranger: Client
) -> None:
    desk = sign_in(manager)
    assert BUTTON in desk.get(reverse("desk_numbers")).content.decode()
    after = desk.post(reverse("desk_numbers_publish"), follow=True).content.decode()
    assert "The figures are published, without the small counts." in after
    assert "Found" in stranger.get(reverse("numbers")).content.decode()
    again = desk.post(reverse("desk_numbers_publish"))
    assert (again.status_code, "once a day" in again.content.decode()) == (409, True)


def test_an_analyst_reads_and_does_not_publish(at_desk: Client) -> None:
    assert BUTTON not in at_desk.get(reverse("desk_numbers")).content.decode()
    assert at_desk.post(reverse("desk_numbers_publish")).status_code == 403
    assert not PublishedFigures.objects.exists()
