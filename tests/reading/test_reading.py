"""Every page of the public door can be read by a child of eleven: a Flesch-Kincaid grade of at most 6."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.intake.models import Report
from openhotline.intake.services.ask_reporter import ask_reporter
from openhotline.intake.services.start_report import words_of
from reading.flesch import measure, running_text, syllables

pytestmark = pytest.mark.django_db

HARDEST = 6.0
# Pages that are opened by their name. Another is one more line.
ROUTES = (
    "home",
    "parents",
    "safety",
    "report_address",
    "no_address",
    "receipt_look",
    "privacy",
    "privacy_children",
)


def hidden(page: str) -> dict[str, str]:
    """Return the hidden fields of a page."""
    found = re.findall(r'<input type="hidden" name="(\w+)"(?: value="([^"]*)")?', page.partition("<main")[2])
    return {name: unescape(value) for name, value in found}


def way_of_a_report(analyst: Person) -> dict[str, str]:
    """Return the pages of a report that is urgent, has an odd line and a mail address, and gets a question."""
    visitor = Client()

    def sent(route: str, **fields: str) -> str:
        return visitor.post(reverse(route), fields, follow=True).content.decode()

    pages = {"nothing typed": sent("report_address", addresses="")}
    pages["details"] = sent("report_address", addresses="a.example\nthe blue page\nme@host.example")
    pages["more"] = sent("report_details", danger="yes", **hidden(pages["details"]))
    pages["check"] = sent("report_more", **{**hidden(pages["more"]), "contact": "me"})
    pages["receipt"] = sent("report_check", **hidden(pages["check"]))
    report = Report.objects.latest("pk")
    ask_reporter(report=report.public_id, text="Which game was it?", actor=analyst, now=now().replace(minute=0))
    pages["held"] = sent("receipt_look", words=words_of(report))
    pages["answered"] = sent("receipt_answer", **{**hidden(pages["held"]), "text": "The blue one"})
    pages["wrong words"] = sent("receipt_look", words="abacus")
    pages["picture"] = sent("report_address", addresses="data:image/png;base64,AA")
    pages["too old"] = sent("report_more", report="old", more="x")
    return pages


def test_every_page_that_intake_renders_is_plain(analyst: Person) -> None:
    pages = {route: Client().get(reverse(route)).content.decode() for route in ROUTES} | way_of_a_report(analyst)
    grades = {name: measure(running_text(page)).grade for name, page in pages.items()}
    for name, grade in sorted(grades.items(), key=lambda one: -one[1]):
        print(f"{grade:5.2f}  {name}")  # noqa: T201 - the figure, shown with -s
    assert {name: round(grade, 2) for name, grade in grades.items() if grade > HARDEST} == {}


@pytest.mark.parametrize(
    ("word", "spoken"),
    [
        ("address", 2), ("picture", 2), ("police", 2), ("emergency", 4), ("hotline", 2), ("material", 4),
        ("abuse", 2), ("saved", 1), ("wanted", 2), ("pages", 2), ("sites", 1), ("people", 2), ("safely", 2),
        ("area", 3), ("question", 2), ("receipt", 2), ("seeing", 2), ("video", 3), ("media", 3),
        ("the", 1), ("don\u2019t", 1), ("999", 1), ("organisation", 5), ("danger", 2), ("table", 2),
    ],
)  # fmt: skip
def test_syllables_are_counted_as_they_are_spoken(word: str, spoken: int) -> None:
    assert syllables(word) == spoken


def test_the_formula_is_that_of_its_source() -> None:
    """Two sentences of five one-syllable words: 0.39 x 5 + 11.8 x 1 - 15.59."""
    assert measure(["The cat sat on mats. The dog ran to me."]).grade == pytest.approx(-1.84)


def test_only_running_text_is_counted() -> None:
    page = (
        "<main><h1>Administration</h1><p>Read <a>this</a> page.</p><ul><li>One.<li>Two.</ul>"
        "<button>Intercommunication</button><select><option>Administration</select>"
        '<label><input type="radio"> Yes</label><p class="receipt-code">abacus</p></main><footer><p>Foot.</p>'
    )
    assert running_text(page) == ["Read this page.", "One.", "Two.", "Yes"]


def test_a_page_in_the_language_of_offices_is_seen() -> None:
    """Planted."""
    text = "Notification of the competent authority notwithstanding, information provision remains obligatory."
    assert measure([text]).grade > 2 * HARDEST
