"""Nobody outside learns whether an address is known: the same pages, after the same work, for thirty days."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from journeys.road import PAGE, RECHECK, MakeRoad, Road, picture, receipt_on
from openhotline.core import clock
from openhotline.evidence.models import Item
from openhotline.intake import queries
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.models.receipt import words_from
from openhotline.intake.queries import ReceiptFacts
from openhotline.intake.views import receipt
from openhotline.removal.models import Removal
from openhotline.removal.states import RemovalState
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause
from openhotline.statistics.services.publish_figures import publish_figures

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

NEW_PAGE = "/boards/one/threads/2.html"
TWO = ((PAGE, "files/1.png"), (NEW_PAGE, "files/2.png"))
_TOKENS = re.compile(r'name="(?:report|sending|held)" value="[^"]*"|\?(?:report|receipt)=[^"]*"')
# What differs for every look: keyed hashes, numbers of rows, and the moment at which limits are asked.
_KEYED = re.compile(r"[0-9a-f]{64}|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?|\b\d+\b")


def without_chance(page: str) -> str:
    """Return a page without its tokens and without the words of its receipt."""
    page = _TOKENS.sub("", page)
    return page.replace(receipt_on(page)[0], "") if "receipt-code" in page else page


def settle_the_known(road: Road) -> None:
    """Report the first page, decide it, and let what follows happen."""
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()


def decided_only(road: Road) -> None:
    """Decided, and the undo window still open: nothing has gone out."""
    road.report(road.site.origin + PAGE)
    road.settle()
    first, second = road.cast.analysts[:2]
    road.sort(first)
    road.assess(first)
    road.assess(second)


def listed(road: Road) -> None:
    """On a release of the hash list that members have, and referred to the police."""
    settle_the_known(road)
    road.release()
    road.refer()


def held(road: Road) -> None:
    """The police asked that no notice be sent, and that report and item be kept."""
    settle_the_known(road)
    Removal.objects.update(state=RemovalState.HELD, noticed_at=None, next_check_at=None)
    until = road.now + timedelta(days=400)
    for subject in (Report.objects.get().public_id, Item.objects.get().public_id):
        place_hold(subject=subject, cause=HoldCause.POLICE, reference="1", until=until, actor="test", now=road.now)


def noticed(road: Road) -> None:
    """The provider had its notice, and the picture is still there."""
    settle_the_known(road)
    assert len(road.site.mailbox.kept()) == 1


def gone(road: Road) -> None:
    """Looked for three times since the notice, and missed."""
    settle_the_known(road)
    for _ in range(4):
        road.wait(RECHECK)
    assert Removal.objects.get().state == RemovalState.GONE


KNOWN = {"decided": decided_only, "listed": listed, "held": held, "noticed": noticed, "gone": gone}


@pytest.fixture
def make_known(make_road: MakeRoad) -> Callable[[str], Road]:
    """Two pages: the first is known in the way that is asked for; nobody has heard of the other. It is noon."""

    def make(how: str) -> Road:
        patience = 0 if how == "gone" else 1_000
        pages = {PAGE: {"files/1.png": picture(1)}, NEW_PAGE: {"files/2.png": picture(2)}}
        road = make_road(pages, patience=patience)
        now = road.now
        clock.advance(now.replace(hour=12, minute=0, second=0, microsecond=0) + timedelta(days=1) - now)
        KNOWN[how](road)
        return road

    return make


@pytest.fixture
def half_known(make_known: Callable[[str], Road]) -> Road:
    """Two pages: the first was reported, decided and noticed; nobody has heard of the other."""
    return make_known("noticed")


def reported(road: Road, page: str, picture_file: str, pages: list[str]) -> str:
    """Report a page and its picture; return the words and collect what was shown."""
    words = road.report(road.site.origin + page, f"{road.site.origin}/{picture_file}", pages=pages)
    road.settle()
    return words


def every_other_page() -> list[str]:
    """Return the pages of the public door that anybody can open, as they are now."""
    routes = ("home", "report_address", "no_address", "receipt_look", "parents", "safety", "privacy", "numbers")
    return [Client().get(reverse(route)).content.decode() for route in routes]


def follow_both(road: Road, days: int) -> tuple[list[str], list[str]]:
    """Report the known page and the new one, look at both receipts each day; return the pages that each has shown."""
    shown: tuple[list[str], list[str]] = ([], [])
    words = [reported(road, *one, shown[at]) for at, one in enumerate(TWO)]
    others = every_other_page()
    for _ in range(days):
        road.wait(timedelta(days=1))
        for at, receipt_words in enumerate(words):
            shown[at].append(road.look(receipt_words))
    assert [without_chance(one) for one in every_other_page()] == [without_chance(one) for one in others]
    return shown


@pytest.mark.parametrize("how", KNOWN)
def test_every_page_is_the_same_for_a_known_and_a_new_address_for_thirty_days(
    make_known: Callable[[str], Road], how: str
) -> None:
    """To the byte but for its tokens, whatever became of the known one before."""
    known, new = follow_both(make_known(how), days=30)
    assert [without_chance(one) for one in known] == [without_chance(one) for one in new]
    assert {receipt_on(page)[1] for page in known[3:]} == {"Received", "Being worked on", "Finished"}


def test_the_test_of_sameness_sees_a_receipt_that_tells(half_known: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: the receipt of an address that was decided before says at once that it is finished."""
    known, new = (reported(half_known, *one, []) for one in TWO)

    def telling(report: Report, now: datetime) -> ReceiptFacts:
        decided = ReportedAddress.objects.filter(report=report, address__standing="decided").exists()
        return queries.receipt_of(report, now + timedelta(days=20 * decided))

    monkeypatch.setattr(receipt, "receipt_of", telling)
    assert without_chance(half_known.look(known)) != without_chance(half_known.look(new))


def test_looking_up_a_receipt_asks_the_database_the_same_whatever_is_known(half_known: Road) -> None:
    asked = []
    for page, file in TWO:
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
