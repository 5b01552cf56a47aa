"""A page of a sweep is visited: what is new is reported once; sites are asked slowly; no authority, no fetch."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Authority, Person
from openhotline.core import crypto
from openhotline.core import models as core
from openhotline.core.limits import leave_turn, take_turn
from openhotline.evidence.models import Capture, Item, Sighting
from openhotline.evidence.services import visit_page as module
from openhotline.evidence.services.capture_addresses import capture_addresses
from openhotline.evidence.services.seal_files import seal_files
from openhotline.evidence.services.visit_page import PAUSE, Pace, visit_page
from openhotline.intake.models import Address, Report, SweptPage
from openhotline.intake.services.end_sweep import end_sweep
from openhotline.intake.services.note_visit import Visit
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.states import ReportState, Source, VisitState
from sweeping import begun

pytestmark = pytest.mark.django_db

HEAD = b"<!doctype html><title>PRACTICE</title>"
DAY = timedelta(hours=24)


class Walk:
    """A clock that only waiting moves, and how long was waited."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.waited: list[float] = []

    def wait(self, seconds: float) -> None:
        """Let seconds go by."""
        self.waited.append(seconds)
        self.at += timedelta(seconds=seconds)

    @property
    def pace(self) -> Pace:
        """The clock as the visit is given it."""
        return Pace(now=lambda: self.at, wait=self.wait)


def shows(site: Any, paint: Callable[..., bytes], *seeds: int) -> None:
    """Let the board show these pictures."""
    site.pages["/board"] = ("text/html", HEAD + b"".join(b"<img src='/%d.png'>" % seed for seed in seeds))
    for seed in seeds:
        site.pages[f"/{seed}.png"] = ("image/png", paint(seed))


@pytest.fixture
def board(site: Any, paint: Callable[..., bytes]) -> Any:
    """A page with two pictures, and links that lead on."""
    shows(site, paint, 1, 2)
    kind, body = site.pages["/board"]
    site.pages["/board"] = (kind, body + b"<a href='/next'>next</a><a href='/other.html'>other</a>")
    return site


@pytest.fixture
def page(board: Any, authority: Authority, operator: Person, manager: Person, now: datetime) -> SweptPage:
    """The board on a sweep that has begun."""
    sweep = begun(actor=operator, second=manager, now=now, addresses=[f"{board.origin}/board"])
    return sweep.pages.get()


def visit(page: SweptPage, now: datetime) -> Visit | None:
    """Visit as the step does, with a clock of its own."""
    return visit_page(page_id=page.pk, pace=Walk(now).pace, actor="test", now=now)


def test_what_is_new_comes_in_as_a_report_of_our_own(page: SweptPage, now: datetime) -> None:
    assert visit(page, now) == Visit(VisitState.NEW, files=2)
    report = Report.objects.get()
    assert (report.source, report.state) == (Source.PROACTIVE, ReportState.RECEIVED)
    assert set(Sighting.objects.values_list("page_id", "report_id")) == {(page.address_id, report.pk)}
    assert core.Event.objects.filter(kind="ReportReceived").count() == 1


def test_page_and_pictures_only_no_link_is_followed(page: SweptPage, board: Any, now: datetime) -> None:
    visit(page, now)
    assert board.asked == ["/board", "/1.png", "/2.png"]


def test_the_report_is_screened_and_its_page_is_not_fetched_a_second_time(
    page: SweptPage, board: Any, now: datetime
) -> None:
    visit(page, now)
    report = Report.objects.get()
    screen_reports(ids=[report.pk], now=now)
    asked = len(board.asked)
    assert capture_addresses(ids=[page.address_id], now=now, clock=lambda: now) == []
    assert (len(board.asked), Report.objects.get().state) == (asked, ReportState.SCREENED)
    assert Capture.objects.get().files == 2


def test_a_second_visit_reports_only_what_is_new(
    page: SweptPage, board: Any, paint: Callable[..., bytes], now: datetime
) -> None:
    visit(page, now)
    shows(board, paint, 1, 2, 3)
    assert visit(page, now + DAY) == Visit(VisitState.NEW, files=1)
    first, second = Report.objects.order_by("pk")
    assert [one.sightings.count() for one in (first, second)] == [2, 1]


def test_a_visit_that_finds_nothing_new_reports_nothing(page: SweptPage, now: datetime) -> None:
    visit(page, now)
    assert visit(page, now + DAY) == Visit(VisitState.NOTHING_NEW)
    assert (Report.objects.count(), Item.objects.count(), Capture.objects.count()) == (1, 2, 1)


def test_a_picture_that_was_replaced_at_its_address_is_new(
    page: SweptPage, board: Any, paint: Callable[..., bytes], now: datetime
) -> None:
    visit(page, now)
    board.pages["/1.png"] = ("image/png", paint(9))
    assert visit(page, now + DAY) == Visit(VisitState.NEW, files=1)


def test_the_same_bytes_under_a_new_address_are_not(
    page: SweptPage, board: Any, paint: Callable[..., bytes], now: datetime
) -> None:
    visit(page, now)
    board.pages["/board"] = ("text/html", HEAD + b"<img src='/1.png?token=2'>")
    board.pages["/1.png?token=2"] = ("image/png", paint(1))
    assert visit(page, now + DAY) == Visit(VisitState.NOTHING_NEW)


def test_addresses_that_are_new_are_asked_for_first(
    page: SweptPage, board: Any, paint: Callable[..., bytes], now: datetime
) -> None:
    visit(page, now)
    shows(board, paint, 1, 2, 3)
    board.asked.clear()
    visit(page, now + DAY)
    assert board.asked == ["/board", "/3.png", "/1.png", "/2.png"]


def test_between_two_requests_to_a_site_there_is_a_pause(page: SweptPage, now: datetime) -> None:
    walk = Walk(now)
    visit_page(page_id=page.pk, pace=walk.pace, actor="test", now=now)
    assert sum(walk.waited) == 2 * PAUSE


def test_a_site_is_asked_by_one_visit_at_a_time(page: SweptPage, board: Any, now: datetime) -> None:
    assert take_turn(page.host, now=now, seconds=60)
    walk = Walk(now)
    visit_page(page_id=page.pk, pace=walk.pace, actor="test", now=now)
    assert (sum(walk.waited) >= 60, len(board.asked)) == (True, 3)


def test_a_redirect_waits_for_the_turn_of_the_site_it_leads_to(
    page: SweptPage, board: Any, now: datetime, settings: LazySettings
) -> None:
    """Another visit asks that site at the moment; the first site is free again meanwhile."""
    settings.FETCH_ONLY |= {("localhost", board.port)}
    board.moved["/board"] = f"http://localhost:{board.port}/elsewhere"
    board.pages["/elsewhere"] = ("text/html", HEAD)
    assert take_turn(crypto.lookup("host", "localhost"), now=now, seconds=60)
    walk = Walk(now)
    visit_page(page_id=page.pk, pace=walk.pace, actor="test", now=now)
    assert (sum(walk.waited), board.asked) == (60, ["/board", "/elsewhere"])
    assert take_turn(page.host, now=walk.at, seconds=60)


def test_planted_without_a_turn_of_its_own_the_redirect_is_followed_at_once(
    page: SweptPage, board: Any, now: datetime, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: only the first request of a fetch waits for a turn."""
    whole = module.fetch_one

    def at_once(address: str, *, authority: str, **_turn: object) -> object:
        return whole(address, authority=authority, turn=lambda _host: nullcontext())

    monkeypatch.setattr(module, "fetch_one", at_once)
    settings.FETCH_ONLY |= {("localhost", board.port)}
    board.moved["/board"] = f"http://localhost:{board.port}/elsewhere"
    assert take_turn(crypto.lookup("host", "localhost"), now=now, seconds=60)
    walk = Walk(now)
    visit_page(page_id=page.pk, pace=walk.pace, actor="test", now=now)
    assert sum(walk.waited) == 0


def test_a_turn_given_back_is_free_after_the_pause(now: datetime, db: None) -> None:
    assert take_turn("a", now=now, seconds=60)
    leave_turn("a", now=now, seconds=2)
    later = now + timedelta(seconds=2)
    assert [take_turn("a", now=now, seconds=60), take_turn("b", now=now, seconds=60)] == [False, True]
    assert take_turn("a", now=later, seconds=60)


def test_a_site_that_is_always_busy_is_left_for_another_time(
    page: SweptPage, board: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "take_turn", lambda *_key, **_more: False)
    visited = visit(page, now)
    assert visited is not None
    assert (visited.state, board.connections) == (VisitState.FAILED, 0)


def test_without_the_hotline_s_authority_nothing_is_connected_to(
    page: SweptPage, board: Any, authority: Authority, now: datetime
) -> None:
    Authority.objects.update(expires_at=now)
    visited = visit(page, now)
    assert visited is not None
    assert (visited.state, board.connections) == (VisitState.REFUSED, 0)
    assert "no recorded authority is in force" in visited.sentence


def test_after_the_sweep_s_own_authority_has_ended_nothing_is_connected_to(
    page: SweptPage, board: Any, now: datetime
) -> None:
    visited = visit(page, page.sweep.until)
    assert visited is not None
    assert (visited.state, board.connections) == (VisitState.REFUSED, 0)
    assert "its authority ended" in visited.sentence


def test_planted_without_that_check_the_site_is_connected_to(
    page: SweptPage, board: Any, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "check_sweep_holds", lambda _sweep, _moment: None)
    visit(page, page.sweep.until)
    assert board.connections > 0


def test_an_authority_that_ends_half_way_stops_the_rest(page: SweptPage, board: Any, now: datetime) -> None:
    """The clock goes on while a visit is slow: each connection asks it anew."""
    almost = page.sweep.until - timedelta(seconds=3)
    visited = visit(page, almost)
    assert board.asked == ["/board", "/1.png"]
    assert visited is not None
    assert (visited.state, visited.files) == (VisitState.NEW, 1)


def test_a_sweep_that_somebody_ends_stops_a_visit_under_way(
    page: SweptPage, board: Any, operator: Person, now: datetime
) -> None:
    walk = Walk(now)

    def ended(seconds: float) -> None:
        if board.asked == ["/board"] and len(walk.waited) == 0:
            end_sweep(sweep_id=page.sweep_id, actor=operator, now=now)
        walk.wait(seconds)

    visit_page(page_id=page.pk, pace=Pace(now=lambda: walk.at, wait=ended), actor="test", now=now)
    assert board.asked == ["/board"]
    page.refresh_from_db()
    assert page.due_at is None


def test_one_that_is_not_due_is_left_alone(page: SweptPage, board: Any, now: datetime) -> None:
    visit(page, now)
    asked = len(board.asked)
    assert visit(page, now + timedelta(hours=23)) is None
    assert len(board.asked) == asked


def test_an_interrupted_visit_is_made_again_and_reports_all_of_it_once(
    page: SweptPage, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**sealed: Any) -> None:
        seal_files(**sealed)
        raise OSError("The worker ended here.")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("openhotline.evidence.services.fetch_files.seal_files", broken)
        with pytest.raises(OSError, match="ended here"):
            visit(page, now)
    assert visit(page, now + timedelta(minutes=29)) is None
    assert visit(page, now + timedelta(minutes=31)) == Visit(VisitState.NEW, files=2)
    report = Report.objects.get()
    assert (report.state, report.sightings.count()) == (ReportState.RECEIVED, 2)


def test_a_page_that_is_gone_is_noted_as_failed_and_nothing_is_reported(
    page: SweptPage, board: Any, now: datetime
) -> None:
    board.pages.clear()
    visited = visit(page, now)
    assert visited == Visit(VisitState.FAILED, sentence="The site answered with status 404.")
    assert not Report.objects.exists()


def test_a_page_whose_visits_failed_is_captured_at_once_when_somebody_reports_it(
    page: SweptPage, board: Any, keep_address: Callable[[str], Address], now: datetime
) -> None:
    kept = board.pages.copy()
    board.pages.clear()
    visit(page, now)
    board.pages.update(kept)
    (capture,) = capture_addresses(ids=[page.address_id], now=now, clock=lambda: now)
    assert capture.files == 2
