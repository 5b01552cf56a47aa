"""Reports as they come in."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Protocol

import pytest

from openhotline.intake.models import Partner, Report
from openhotline.intake.models.device_hash import PictureCode
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.keep_device_hash import keep_device_hash
from openhotline.intake.services.start_report import Over, start_report
from openhotline.intake.services.take_reports import Sending, Statement, take_reports
from openhotline.intake.states import Source, Why
from openhotline.intake.tests.webhook_ear import Ear, listening

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

    def kept(sending: str = "first", sent: list[PictureCode] | None = None, over: Over | None = None) -> Report:
        return keep_device_hash(codes=sent or codes, idempotency=sending, practice=True, now=now, over=over)

    return kept


@pytest.fixture
def partner(db: None, now: datetime) -> Partner:
    """A partner, without a key."""
    return add_partner(name="Example Platform", hourly=100, actor="test", now=now)


@pytest.fixture
def ear(settings: Any) -> Iterator[Ear]:
    """A partner's server on this machine, which practice may connect to."""
    with listening() as one:
        settings.FETCH_ONLY = frozenset({("127.0.0.1", one.port)})
        yield one


class Take(Protocol):
    """Receives one report of a partner by the API's service."""

    def __call__(self, *addresses: str, key: str = ..., at: datetime = ..., why: Why | None = ...) -> Report:
        """Return the report."""


@pytest.fixture
def take(partner: Partner, now: datetime) -> Take:
    """Take reports of the partner."""

    def taken(*addresses: str, key: str = "a", at: datetime = now, why: Why | None = None) -> Report:
        said = Statement(addresses or ("https://site.example/",), {})
        (answer,) = take_reports(
            partner=partner, sending=Sending(key, key.encode()), statements=[said], why=why, actor="test", now=at
        )
        return Report.objects.get(public_id=answer["id"])

    return taken
