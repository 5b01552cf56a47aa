"""A reported address is fetched under the recorded authority, with the pictures of its page."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest

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
    (capture,) = capture_addresses(ids=[page.pk], now=now, clock=lambda: now)
    assert (capture.state, capture.files, capture.authority) == (CaptureState.CAPTURED, 2, authority.public_id)
    assert Sighting.objects.filter(page=page).count() == Item.objects.count() == 2
    assert "1 of the page's pictures" in capture.sentence


def test_a_picture_that_was_reported_itself_is_the_file(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    picture = keep_address(f"{board.origin}/one.png")
    capture_addresses(ids=[picture.pk], now=now, clock=lambda: now)
    sighting = Sighting.objects.get()
    assert (sighting.address_id, sighting.page_id) == (picture.pk, None)


def test_without_an_authority_nothing_is_even_connected_to(
    board: Any, keep_address: Callable[[str], Address], now: datetime
) -> None:
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now, clock=lambda: now)
    assert capture.state == CaptureState.REFUSED
    assert "no recorded authority is in force" in capture.sentence
    assert board.connections == 0


def test_an_expired_authority_is_none(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    late = authority.expires_at + timedelta(seconds=1)
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=late, clock=lambda: late)
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
    capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=late, clock=lambda: late)
    assert board.connections > 0


def ends_after(board: Any, authority: Authority, now: datetime, requests: int) -> Callable[[], datetime]:
    """Return a clock that the authority's end comes by once so many requests were made."""
    return lambda: authority.expires_at if len(board.asked) >= requests else now


def test_an_authority_that_ends_half_way_stops_the_rest(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/board")
    (capture,) = capture_addresses(ids=[page.pk], now=now, clock=ends_after(board, authority, now, 2))
    assert board.asked == ["/board", "/one.png"]
    assert (capture.state, "no recorded authority is in force" in capture.sentence) == (CaptureState.CAPTURED, True)


def test_addresses_that_come_after_its_end_are_not_connected_to(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    """A job holds hundreds of addresses, and each may take minutes."""
    wanted = [keep_address(f"{board.origin}/{name}.png").pk for name in ("one", "two")]
    captures = capture_addresses(ids=wanted, now=now, clock=ends_after(board, authority, now, 1))
    assert [one.state for one in captures] == [CaptureState.CAPTURED, CaptureState.REFUSED]
    assert board.asked == ["/one.png"]


@pytest.fixture
def moved(board: Any, keep_address: Callable[[str], Address]) -> Address:
    """An address that redirects to a picture."""
    board.moved["/moved.png"] = "/one.png"
    return keep_address(f"{board.origin}/moved.png")


def test_a_redirect_is_not_followed_after_its_end(
    board: Any, moved: Address, authority: Authority, now: datetime
) -> None:
    (capture,) = capture_addresses(ids=[moved.pk], now=now, clock=ends_after(board, authority, now, 1))
    assert (capture.state, capture.authority, board.asked) == (CaptureState.REFUSED, "", ["/moved.png"])


def test_planted_bug_asked_by_the_start_of_the_job_the_redirect_would_be_followed(
    board: Any, moved: Address, authority: Authority, now: datetime
) -> None:
    (capture,) = capture_addresses(ids=[moved.pk], now=now, clock=lambda: now)
    assert (capture.state, board.asked) == (CaptureState.CAPTURED, ["/moved.png", "/one.png"])


def test_planted_bug_asked_once_for_each_address_the_redirect_would_be_followed(
    board: Any, moved: Address, authority: Authority, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "asked_each_time", lambda _covered: lambda _host: nullcontext())
    (capture,) = capture_addresses(ids=[moved.pk], now=now, clock=ends_after(board, authority, now, 1))
    assert (capture.state, board.asked) == (CaptureState.CAPTURED, ["/moved.png", "/one.png"])


def test_again_fetches_and_announces_nothing(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/board")
    capture_addresses(ids=[page.pk], now=now, clock=lambda: now)
    asked, announced = list(board.asked), core.Event.objects.count()
    assert capture_addresses(ids=[page.pk], now=now, clock=lambda: now) == []
    assert (board.asked, core.Event.objects.count(), Capture.objects.count()) == (asked, announced, 1)


def test_a_failed_address_is_tried_again_after_an_hour(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/not-there")
    capture_addresses(ids=[page.pk], now=now, clock=lambda: now)
    assert (
        capture_addresses(ids=[page.pk], now=now + timedelta(minutes=59), clock=lambda: now + timedelta(minutes=59))
        == []
    )
    assert (
        len(
            capture_addresses(ids=[page.pk], now=now + timedelta(minutes=61), clock=lambda: now + timedelta(minutes=61))
        )
        == 1
    )


def test_a_missing_page_has_its_sentence(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/not-there").pk], now=now, clock=lambda: now)
    assert (capture.state, capture.sentence) == (CaptureState.FAILED, "The site answered with status 404.")


def test_another_site_is_refused_in_practice_and_the_rest_goes_on(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    wanted = [keep_address("https://elsewhere.example/"), keep_address(f"{board.origin}/one.png")]
    refused, captured = capture_addresses(ids=[one.pk for one in wanted], now=now, clock=lambda: now)
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
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/one.png").pk], now=now, clock=lambda: now)
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
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now, clock=lambda: now)
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
    (capture,) = capture_addresses(ids=[keep_address(f"{board.origin}/board").pk], now=now, clock=lambda: now)
    assert (capture.files, board.asked) == (1, ["/board", "/one.png"])


def test_the_report_stands_beside_what_it_brought(
    board: Any, keep_address: Callable[[str], Address], authority: Authority, now: datetime
) -> None:
    page = keep_address(f"{board.origin}/board")
    report = Report.objects.create(source="public", started_at=now)
    ReportedAddress.objects.create(report=report, position=0, sealed=b"", address=page)
    capture_addresses(ids=[page.pk], now=now, clock=lambda: now)
    assert set(Sighting.objects.values_list("report_id", flat=True)) == {report.pk}
