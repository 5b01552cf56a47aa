"""Nobody outside learns whether an address is known: the same pages, after the same work, for thirty days."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.road import PAGE, MakeRoad, Road, picture, receipt_on
from openhotline.core import clock
from openhotline.intake import queries
from openhotline.intake.models import ReportedAddress
from openhotline.intake.models.receipt import words_from
from openhotline.intake.queries import ReceiptFacts
from openhotline.intake.views import receipt
from openhotline.statistics.services.publish_figures import publish_figures

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

NEW_PAGE = "/boards/one/threads/2.html"
_TOKENS = re.compile(r'name="(?:csrfmiddlewaretoken|report|sending)" value="[^"]*"')
# What differs for every look: keyed hashes, and the moment at which limits are asked.
_KEYED = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?")


def without_chance(page: str) -> str:
    """Return a page without its tokens and without the words of its receipt."""
    page = _TOKENS.sub("", page)
    return page.replace(receipt_on(page)[0], "") if "receipt-code" in page else page


@pytest.fixture
def half_known(make_road: MakeRoad) -> Road:
    """Two pages: the first was reported, decided and noticed; nobody has heard of the other. It is noon."""
    road = make_road({PAGE: {"files/1.png": picture(1)}, NEW_PAGE: {"files/2.png": picture(2)}})
    now = road.now
    clock.advance(now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1) - now)
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    assert len(road.site.mailbox.kept()) == 1
    return road


def reported(road: Road, page: str, picture_file: str, pages: list[str]) -> str:
    """Report a page and its picture; return the words and collect what was shown."""
    words = road.report(road.site.origin + page, f"{road.site.origin}/{picture_file}", pages=pages)
    road.settle()
    return words


def test_every_page_is_the_same_for_a_known_and_a_new_address_for_thirty_days(half_known: Road) -> None:
    shown: tuple[list[str], list[str]] = ([], [])
    known = reported(half_known, PAGE, "files/1.png", shown[0])
    new = reported(half_known, NEW_PAGE, "files/2.png", shown[1])
    for _ in range(30):
        half_known.wait(timedelta(days=1))
        shown[0].append(half_known.look(known))
        shown[1].append(half_known.look(new))
    for one, other in zip(*shown, strict=True):
        assert without_chance(one) == without_chance(other)
    assert {receipt_on(page)[1] for page in shown[0][2:]} == {"Received", "Being worked on", "Finished"}


def test_the_test_of_sameness_sees_a_receipt_that_tells(half_known: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: the receipt of an address that was decided before says at once that it is finished."""
    known, new = (reported(half_known, *one, []) for one in ((PAGE, "files/1.png"), (NEW_PAGE, "files/2.png")))

    def telling(words: str, now: datetime) -> ReceiptFacts | None:
        report = queries.Report.objects.get(receipt=queries.receipt_lookup(words))
        decided = ReportedAddress.objects.filter(report=report, address__standing="decided").exists()
        return queries.report_by_words(words, now + timedelta(days=20 * decided))

    monkeypatch.setattr(receipt, "report_by_words", telling)
    assert without_chance(half_known.look(known)) != without_chance(half_known.look(new))


def test_looking_up_a_receipt_asks_the_database_the_same_whatever_is_known(half_known: Road) -> None:
    asked = []
    for page, file in ((PAGE, "files/1.png"), (NEW_PAGE, "files/2.png")):
        words = reported(half_known, page, file, [])
        with CaptureQueriesContext(connection) as made:
            half_known.look(words)
        asked.append([_KEYED.sub("…", one["sql"]) for one in made.captured_queries])
    assert asked[0] == asked[1]
    assert asked[0]


def test_words_that_belong_to_no_report_are_answered_with_one_sentence(half_known: Road) -> None:
    """A receipt of another installation: well formed, and unknown here."""
    answer = half_known.look(words_from(2**40 + 1))
    assert "We do not have a report with these words: check each word." in answer
    assert "receipt-code" not in answer


def test_the_public_figures_do_not_move_with_one_report(half_known: Road) -> None:
    """Who reports one file and sees "Exact duplicates" rise has learned that the file was known."""
    publish_figures(actor=half_known.cast.seniors[0], now=half_known.now)
    before = Client().get(reverse("numbers")).content
    for page, file in ((NEW_PAGE, "files/2.png"), (PAGE, "files/1.png")):
        reported(half_known, page, file, [])
        half_known.wait(timedelta(hours=1))
        assert Client().get(reverse("numbers")).content == before
    assert b"Exact duplicates" in before
