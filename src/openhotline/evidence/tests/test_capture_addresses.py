"""A reported address is fetched under the recorded authority, with the pictures of its page."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.models import Authority
from openhotline.core import models as core
from openhotline.evidence.models import Capture, Item, Sighting
from openhotline.evidence.services import capture_addresses as module
from openhotline.evidence.services import fetch_files
from openhotline.evidence.services.capture_addresses import capture_addresses
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Address, Report, ReportedAddress

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><title>PRACTICE</title><img src='/one.png'><img src='/two.png'><a href='/gone.png'>three</a>"


@pytest.fixture
def board(site: Any, paint: Callable[..., bytes]) -> Any:
    """A page with two pictures and a dead link."""
    site.pages = {
        "/board": ("text/html; charset=utf-8", PAGE),
        "/one.png": ("image/png", paint(1)),
        "/two.png": ("image/png", paint(2)),
    }
    return site


def test_a_page_comes_in_with_its_pictures(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/board")
    (capture,) = capture_addresses(ids=[page.pk], now=now)
    assert (capture.state, capture.files, capture.authority) == (CaptureState.CAPTURED, 2, authority.public_id)
    assert Sighting.objects.filter(page=page).count() == Item.objects.count() == 2
    assert "1 of the page's pictures" in capture.sentence


def test_a_picture_that_was_reported_itself_is_the_file(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    picture = keep_address(f"{board.origin}/one.png")
    capture_addresses(ids=[picture.pk], now=now)
    sighting = Sighting.objects.get()
    assert (sighting.address_id, sighting.page_id) == (picture.pk, None)


def test_without_an_authority_nothing_is_even_connected_to(
    board: Any, keep_address: Callable[[str], Address], now: datetime
) -> None:
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now)
    assert capture.state == CaptureState.REFUSED
    assert "no recorded authority is in force" in capture.sentence
    assert board.connections == 0


def test_an_expired_authority_is_none(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    late = authority.expires_at + timedelta(seconds=1)
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=late)
    assert (capture.state, board.connections) == (CaptureState.REFUSED, 0)


def test_planted_without_the_check_the_site_is_connected_to(
    board: Any,
    keep_address: Callable[[str], Address],
    authority: Authority,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "check_covers", lambda _found, _now: authority)
    late = authority.expires_at + timedelta(seconds=1)
    capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=late)
    assert board.connections > 0


def test_an_authority_that_ends_half_way_stops_the_rest(
    board: Any,
    keep_address: Callable[[str], Address],
    authority: Authority,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []

    def covers_two(found: object, _now: object) -> object:
        asked.append(found)
        if len(asked) > 2:
            raise AuthorityMissing("Nothing may be fetched.")
        return found

    monkeypatch.setattr(module, "check_covers", covers_two)
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now)
    assert board.asked == ["/board", "/one.png"]
    assert capture.sentence == "Nothing may be fetched."


def test_again_fetches_and_announces_nothing(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/board")
    capture_addresses(ids=[page.pk], now=now)
    asked, announced = list(board.asked), core.Event.objects.count()
    assert capture_addresses(ids=[page.pk], now=now) == []
    assert (board.asked, core.Event.objects.count(), Capture.objects.count()) == (asked, announced, 1)


def test_a_failed_address_is_tried_again_after_an_hour(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/not-there")
    capture_addresses(ids=[page.pk], now=now)
    assert capture_addresses(ids=[page.pk], now=now + timedelta(minutes=59)) == []
    assert len(capture_addresses(ids=[page.pk], now=now + timedelta(minutes=61))) == 1


def test_a_missing_page_has_its_sentence(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/not-there").pk], now=now)
    assert (capture.state, capture.sentence) == (CaptureState.FAILED, "The site answered with status 404.")


def test_another_site_is_refused_in_practice_and_the_rest_goes_on(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    wanted = [keep_address("https://elsewhere.example/"), keep_address(f"{board.origin}/one.png")]
    refused, captured = capture_addresses(ids=[one.pk for one in wanted], now=now)
    assert (refused.state, captured.state) == (CaptureState.REFUSED, CaptureState.CAPTURED)
    assert refused.sentence.startswith("Practice fetches only the practice site")


def test_a_file_that_is_too_large_is_not_taken(
    board: Any,
    keep_address: Callable[[str], Address],
    authority: Authority,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch_files, "MOST_BYTES", 100)
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/one.png").pk], now=now)
    assert capture.state == CaptureState.FAILED
    assert not Item.objects.exists()


def test_a_page_beyond_the_limit_is_read_as_far_as_it_came(
    board: Any,
    keep_address: Callable[[str], Address],
    authority: Authority,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch_files, "MOST_BYTES", len(paint_room := PAGE) + 5000)
    board.pages["/board"] = ("text/html", paint_room + b" " * 10_000)
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now)
    assert capture.state == CaptureState.CAPTURED
    assert "The page was read up to" in capture.sentence


def test_only_so_many_pictures_of_one_page_are_fetched(
    board: Any,
    keep_address: Callable[[str], Address],
    authority: Authority,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fetch_files, "MOST_PICTURES", 1)
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now)
    assert (capture.files, board.asked) == (1, ["/board", "/one.png"])


def test_the_report_stands_beside_what_it_brought(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/board")
    report = Report.objects.create(source="public", started_at=now)
    ReportedAddress.objects.create(report=report, position=0, sealed=b"", address=page)
    capture_addresses(ids=[page.pk], now=now)
    assert set(Sighting.objects.values_list("report_id", flat=True)) == {report.pk}
