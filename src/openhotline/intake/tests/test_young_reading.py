"""Every page of the young people's path reads at the level of a child of eleven: Flesch-Kincaid grade 6 at most."""

import pytest
from django.test import Client

from journeys.young_walks import all_pages
from reading.flesch import measure, running_text

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

HIGHEST = 6.0


def grade_of(page: str) -> float:
    return measure(running_text(page)).grade


def test_every_page_can_be_read_at_eleven(stranger: Client) -> None:
    found = {name: grade_of(page.content.decode()) for name, page in all_pages(stranger).items()}
    assert {name: value for name, value in found.items() if value > HIGHEST} == {}


def test_a_page_for_lawyers_would_be_seen() -> None:
    said = (
        "Notwithstanding previous notifications, confidentiality considerations necessitate multidisciplinary review."
    )
    assert grade_of(f"<main><p>{said}</p></main><footer>") > HIGHEST
