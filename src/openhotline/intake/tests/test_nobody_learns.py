"""Nobody outside may learn whether an address is known: pages are the same to the byte."""

import re
from datetime import datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from openhotline.core.clock import now as present
from openhotline.intake.models import Address, Report
from openhotline.intake.queries import ReceiptFacts, receipt_of
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.services.set_standing import set_standing
from openhotline.intake.services.start_report import words_of
from openhotline.intake.states import Standing, Word
from openhotline.intake.views import receipt

pytestmark = [pytest.mark.django_db, pytest.mark.urls("openhotline.intake.urls")]

KNOWN, UNKNOWN = "known.example/page", "other.example/page"


@pytest.fixture
def known(stranger: Client, now: datetime) -> None:
    """An address that was decided before."""
    visit(stranger, KNOWN)
    set_standing(address_ids=[Address.objects.get().pk], standing=Standing.DECIDED, now=now)


def visit(stranger: Client, address: str) -> tuple[list[bytes], int]:
    """Report an address, let it be screened, look at the receipt; return every page and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        pages = [stranger.post("/report/", {"addresses": address, "sending": str(Report.objects.count())}, follow=True)]
        carried = re.search(rb'name="report" value="([^"]+)"', pages[0].content)
        assert carried
        form = {"report": carried[1].decode(), "danger": "", "place": "", "found": "", "more": ""}
        pages.append(stranger.post("/report/details/", form))
        pages.append(stranger.post("/report/check/", form, follow=True))
    report = Report.objects.order_by("-pk")[0]
    screen_reports(ids=[report.pk], now=present())
    with CaptureQueriesContext(connection) as more:
        pages.append(stranger.post("/receipt/", {"words": words_of(report)}))
        pages.append(stranger.get(pages[2].redirect_chain[-1][0]))
    words = words_of(report).encode()
    return [_without_chance(page.content, words) for page in pages], len(queries) + len(more)


def _without_chance(page: bytes, words: bytes) -> bytes:
    """Replace what is different for every visit: the words and the signed values."""
    page = page.replace(words, b"WORDS")
    return re.sub(rb'name="(report|sending|held)" value="[^"]+"', rb'name="\1" value="SIGNED"', page)


def test_the_pages_of_a_known_and_an_unknown_address_are_the_same(stranger: Client, known: None) -> None:
    assert visit(stranger, KNOWN) == visit(stranger, UNKNOWN)


def test_a_receipt_that_depends_on_what_is_known_is_seen(
    stranger: Client, known: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Planted: a decided address is finished at once."""

    def leaking(report: Report, now: datetime) -> ReceiptFacts:
        facts = receipt_of(report, now)
        decided = report.addresses.filter(address__standing=Standing.DECIDED)
        return ReceiptFacts(Word.FINISHED, facts.received_at, None) if decided.exists() else facts

    monkeypatch.setattr(receipt, "receipt_of", leaking)
    assert visit(stranger, KNOWN)[0] != visit(stranger, UNKNOWN)[0]


def test_a_page_that_shows_the_standing_is_seen(stranger: Client, known: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: the page of the receipt is given the standing of the address to show."""
    shown = receipt._shown

    def leaking(code: str, facts: ReceiptFacts) -> dict[str, object]:
        standing = Report.objects.order_by("-pk")[0].addresses.get().address
        return shown(code, facts) | {"next_update": standing.standing if standing else ""}

    monkeypatch.setattr(receipt, "_shown", leaking)
    assert visit(stranger, KNOWN)[0] != visit(stranger, UNKNOWN)[0]
