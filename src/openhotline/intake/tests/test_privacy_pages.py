"""The privacy notices: there for everybody, true to the table, and honest about what the operator has to add."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.retention.models.record_class import SHIPPED

pytestmark = pytest.mark.django_db
PAGES = ("privacy", "privacy_children")
ASKED = {"controller", "contact", "regulator", "basis", "server_log"}


def page(route: str) -> str:
    return Client().get(reverse(route)).content.decode()


@pytest.mark.parametrize("route", ["home", "report_address", "receipt_look", "numbers", *PAGES])
def test_every_public_page_leads_to_both(route: str) -> None:
    foot = page(route).partition('<footer class="foot">')[2]
    assert all(f'href="{reverse(one)}"' in foot for one in PAGES)


@pytest.mark.parametrize("route", PAGES)
def test_it_says_the_times_of_the_table_in_force(route: str, tmp_path: Path, settings: Any) -> None:
    assert "180 days" in page(route)
    (tmp_path / "mine.toml").write_text(SHIPPED.read_text().replace("days = 180", "days = 77"))
    settings.RETENTION = str(tmp_path / "mine.toml")
    assert "77 days" in page(route)
    assert "180 days" not in page(route)


def test_what_the_operator_has_to_write_is_marked_until_it_is_there(settings: Any) -> None:
    assert set(settings.PRIVACY) == ASKED
    assert page("privacy").count("To be completed by the operator") == len(ASKED)
    settings.PRIVACY = dict.fromkeys(ASKED, "Written by us")
    assert "To be completed" not in page("privacy") + page("privacy_children")
    assert page("privacy").count("Written by us") == len(ASKED)


@pytest.mark.parametrize("route", PAGES)
def test_it_sets_no_cookie_and_asks_for_nothing(route: str) -> None:
    answer = Client().get(reverse(route))
    assert answer.cookies == {}
    assert "<form" not in answer.content.decode()


def test_the_page_for_children_is_in_short_sentences() -> None:
    text = page("privacy_children").partition("<h1>")[2].partition("</main>")[0]
    sentences = [one.split() for one in text.replace("?", ".").split(".")]
    assert sum(map(len, sentences)) / len(sentences) < 14
