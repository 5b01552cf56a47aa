"""What intake shows at the desk."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.intake.models import Collection, Find, Report
from openhotline.intake.panels import collection_panel, report_panel
from openhotline.intake.queries import count_reports, latest_reports
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.states import FindState, ReportState

pytestmark = pytest.mark.django_db


def test_a_report_is_shown_opened_with_its_addresses_as_text(receive: Callable[..., Report], now: datetime) -> None:
    report = receive("b.example/x", "nonsense here", place="game", more="<b>row</b>")
    screen_reports(ids=[report.pk], now=now)
    panel = report_panel(Report.objects.get())
    assert "<code>https://b.example/x</code>" in panel
    assert "Not usable" in panel
    assert "In a game" in panel
    assert "&lt;b&gt;row" in panel
    assert "href" not in panel


def test_a_collection_shows_its_refusals(now: datetime) -> None:
    collection = Collection.objects.create(name="c", folder="x", authority="a", opened_at=now, finds_expected=3)
    Find.objects.create(collection=collection, number=1, path="a", state=FindState.REFUSED, refusal="It is gone.")
    panel = collection_panel(collection)
    assert "1 of 3 files registered: 0 taken, 0 folded into what was there already, 0 waiting, 1 refused" in panel
    assert "It is gone." in panel
    assert "Refused before reasons were counted" in panel


def test_reports_are_counted_by_state(receive: Callable[..., Report], start: Callable[..., Report]) -> None:
    newest = [start("c.example"), receive("a.example", "b.example")]
    assert count_reports()[ReportState.RECEIVED] == count_reports()[ReportState.STARTED] == 1
    assert {row.pk: row.address_count for row in latest_reports()} == {newest[0].pk: 1, newest[1].pk: 2}
