"""Reports as they come in."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.intake.models import Report
from openhotline.intake.models.device_hash import PictureCode
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.keep_device_hash import keep_device_hash
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


KeepCodes = Callable[..., Report]


@pytest.fixture
def codes() -> list[PictureCode]:
    """Two codes as a device makes them."""
    return [PictureCode("0f" * 32, 100), PictureCode("a5" * 32, 50)]


@pytest.fixture
def keep(db: None, codes: list[PictureCode], now: datetime) -> KeepCodes:
    """Keep codes that a young person sent."""

    def kept(sending: str = "first", sent: list[PictureCode] | None = None) -> Report:
        return keep_device_hash(codes=sent or codes, idempotency=sending, practice=True, now=now)

    return kept
