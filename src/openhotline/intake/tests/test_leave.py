"""Leaving in a hurry, and the page that says what that does."""

import re
from typing import Any

import pytest
from django.test import Client

from openhotline.accounts.models import Person

pytestmark = [pytest.mark.django_db]


def test_it_leads_to_the_page_that_the_operator_chose(stranger: Client, settings: Any) -> None:
    settings.EXIT_URL = "https://weather.example/"
    answer = stranger.get("/leave/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "https://weather.example/")
    assert not re.search(rb"hotline|report|abuse", answer.content)


def test_the_browser_is_told_to_forget_before_it_goes(stranger: Client) -> None:
    stranger.cookies["other"] = "x"
    answer = stranger.get("/leave/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "cookies", "storage"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.cookies["other"]["max-age"] == 0


def test_a_session_ends_first(analyst: Person) -> None:
    """In practice one browser may hold both doors."""
    browser = Client()
    browser.force_login(analyst)
    kept = browser.cookies.copy()
    browser.get("/leave/")
    browser.cookies = kept
    assert browser.get("/desk/").status_code == 302


def test_who_has_no_session_costs_no_query(stranger: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        stranger.get("/leave/")


def test_the_safety_page_says_what_it_does_and_what_it_cannot(stranger: Client) -> None:
    text = stranger.get("/safety/").content.decode()
    for words in (
        "Exit this page",
        "does not clear your history",
        "What is saved if you leave",
        "Shift key three times",
    ):
        assert words in text
