"""Reports whose time is over."""

from datetime import datetime, timedelta

import pytest

from openhotline.intake.models import Report
from openhotline.intake.states import ReportState

TEN_YEARS = timedelta(days=3651)


@pytest.fixture
def old(db: None, now: datetime) -> list[Report]:
    """Two reports that were screened ten years ago, with what was told."""
    at = now - TEN_YEARS
    return [
        Report.objects.create(
            source="public", state=ReportState.SCREENED, started_at=at, received_at=at, details=b"sealed"
        )
        for _ in range(2)
    ]
