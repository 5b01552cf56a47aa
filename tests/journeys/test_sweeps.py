"""A sweep of the practice site, for real on loopback: found, examined, confirmed, and looked at again sooner."""

from datetime import timedelta

import pytest

from journeys.road import PAGE, MakeRoad, Road, picture
from openhotline.evidence.models import Item
from openhotline.evidence.states import ItemState
from openhotline.hashlists.models import Entry
from openhotline.intake.models import Report, SweptPage
from openhotline.intake.states import ReportState, Source, VisitState
from openhotline.removal.models import Removal
from sweeping import begun

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]

HOUR = timedelta(hours=1)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The practice site needs no pause between two requests, and a test no waiting."""
    monkeypatch.setattr("openhotline.evidence.services.visit_page.PAUSE", 0)


def swept(road: Road) -> SweptPage:
    """Return the one page of a sweep of the practice site's board, begun by two people."""
    place = [f"{road.site.origin}{PAGE}"]
    first, second = (one for one in road.cast.sign_ins if one.role in {"operator", "manager"})
    return begun(actor=first, second=second, now=road.now, addresses=place).pages.get()


def test_from_the_list_to_a_notice_and_sooner_again(make_road: MakeRoad, at_once: None) -> None:
    road = make_road({PAGE: {f"files/{n}.png": picture(n) for n in (1, 2)}}, patience=9)
    page = swept(road)
    road.wait(timedelta(seconds=1))
    road.settle()
    report = Report.objects.get()
    assert (report.source, report.state) == (Source.PROACTIVE, ReportState.SCREENED)
    assert Item.objects.filter(state=ItemState.EXAMINED).count() == 2
    page.refresh_from_db()
    assert (page.last_state, page.found, page.wait) == (VisitState.NEW, 2, 24 * HOUR)

    road.decide_all()
    road.settle()
    page.refresh_from_db()
    assert (page.confirmed, page.how_often, page.wait) == (2, 3, 8 * HOUR)
    assert (Entry.objects.count(), Removal.objects.count() > 0) == (2, True)

    road.wait(8 * HOUR)
    road.settle()
    page.refresh_from_db()
    assert (page.visits, page.last_state, Report.objects.count()) == (2, VisitState.NOTHING_NEW, 1)


def test_after_its_authority_has_ended_the_site_is_not_asked(road: Road, at_once: None) -> None:
    page = swept(road)
    road.wait(page.sweep.until - road.now)
    road.settle()
    page.refresh_from_db()
    assert (page.visits, Report.objects.count()) == (0, 0)
