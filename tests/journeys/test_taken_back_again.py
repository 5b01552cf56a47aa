"""What people took back is certified by the clock, shipped, and taken back again by a restore of an older database."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline import due
from openhotline.audit.models import TakenBack
from openhotline.evidence.services.restore import _replayers, read_chain
from openhotline.intake.models import DeviceHash, Report
from openhotline.intake.services.withdraw_contact import withdraw_contact
from openhotline.intake.states import DeviceHashState, ReportState
from openhotline.retention.models import Hold
from openhotline.retention.queries import held_subjects
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second place, and a tick that has just begun."""
    settings.AUDIT_SHIP = tmp_path / "second"
    for step in due.DUE.values():
        if isinstance(step, due.Seldom):
            monkeypatch.setattr(step, "last", None)
    return settings.AUDIT_SHIP


@pytest.fixture
def report(now: datetime) -> Report:
    """A young person's report with a code, and how to reach them."""
    one = Report.objects.create(
        source="public", state=ReportState.SCREENED, started_at=now, received_at=now, contact=b"sealed"
    )
    DeviceHash.objects.create(report=one, position=1, sealed=b"sealed")
    return one


def lose_what_happened_since(report: Report) -> None:
    """Bring the tables back to what a backup of before holds."""
    DeviceHash.objects.update(state=DeviceHashState.KEPT, sealed=b"sealed")
    Report.objects.filter(pk=report.pk).update(contact=b"sealed", contact_withdrawn=False)
    Hold.objects.all().delete()
    TakenBack.objects.all().delete()


def stands_again(report: Report, now: datetime) -> list[str]:
    """Say what of it stands as if nobody had taken it back, or is not held."""
    report.refresh_from_db()
    wrong = {
        "the code": DeviceHash.objects.get().state != DeviceHashState.WITHDRAWN,
        "the contact": report.contact is not None,
        "no hold": report.public_id not in held_subjects(now),
    }
    return [what for what, is_so in wrong.items() if is_so]


@pytest.fixture
def taken_back(report: Report, place: Path, now: datetime) -> Report:
    """Code and contact were taken back, the report was held, a tick went by, and then an older database came back."""
    DeviceHash.objects.update(state=DeviceHashState.WITHDRAWN, sealed=b"")
    withdraw_contact(report=report, now=now)
    end = now + timedelta(days=10)
    place_hold(subject=report.public_id, cause=HoldCause.POLICE, reference="x", until=end, actor="per_a", now=now)
    due.tick(now=now)
    lose_what_happened_since(report)
    return report


def test_it_is_taken_back_again_and_held_again(taken_back: Report, place: Path, now: datetime) -> None:
    chain = read_chain(place)
    assert {one.kind for one in chain} == {"code", "contact", "told", "hold"}
    for replay in _replayers:
        replay(chain, now)
    assert stands_again(taken_back, now) == []


def test_planted_bug_a_restore_that_reads_no_chain_is_seen(taken_back: Report, now: datetime) -> None:
    for replay in _replayers:
        replay([], now)
    assert stands_again(taken_back, now) == ["the code", "the contact", "no hold"]
