"""Reports as they come in."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.intake.models import Report
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source

Receive = Callable[..., Report]


@pytest.fixture
def start(db: None, now: datetime) -> Receive:
    """Start a report with these addresses."""

    def started(*addresses: str, at: datetime = now) -> Report:
        return start_report(addresses=addresses, source=Source.PUBLIC, idempotency=None, practice=True, now=at)[0]

    return started


@pytest.fixture
def receive(start: Receive, now: datetime) -> Receive:
    """Receive a report with these addresses."""

    def received(*addresses: str, urgent: bool = False, **details: str) -> Report:
        return complete_report(report=start(*addresses), details=details, urgent=urgent, now=now)

    return received
