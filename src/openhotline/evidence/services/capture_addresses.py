"""A reported address is fetched, with the pictures of its page, under the recorded authority."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import transaction

from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.core import events
from openhotline.core.net.fetch import Fetched, asked_each_time
from openhotline.evidence.events import AddressCaptured
from openhotline.evidence.models import Capture
from openhotline.evidence.queries import left_alone
from openhotline.evidence.services.fetch_files import Attempt, fetch_groups, fetch_one, seal_fetched
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Address, ReportedAddress


def capture_addresses(
    *, ids: Sequence[int], now: datetime, clock: Callable[[], datetime], actor: str = "step:capture_addresses"
) -> list[Capture]:
    """Bring in addresses and the pictures of their pages, and return how each attempt ended.

    An address that was captured, or tried within the last hour, is left alone. Nothing is fetched unless a
    recorded authority is in force by the ``clock`` (hundreds of addresses take hours), asked before every single
    connection, that of a redirect too; its absence ends as REFUSED, with no authority named. What ended so,
    or failed, falls due again: ``queries.captures_due``.
    """
    wanted = Address.objects.filter(pk__in=ids).exclude(pk__in=left_alone(now).values("address_id")).order_by("pk")
    attempts = [_attempt(address, clock, actor=actor, now=now) for address in wanted]
    return keep_captures(attempts=attempts, actor=actor, now=now) if attempts else []


def keep_captures(*, attempts: Sequence[Attempt], actor: str, now: datetime) -> list[Capture]:
    """Write down how attempts ended, and announce them."""
    with transaction.atomic():
        rows = Capture.objects.bulk_create([_row(attempt, now) for attempt in attempts])
        record(
            actor=actor,
            action="addresses_captured",
            subject="captures",
            now=now,
            ids=[row.public_id for row in rows],
            detail={state.value: sum(row.state == state for row in rows) for state in CaptureState},
        )
        events.publish(AddressCaptured(ids=tuple(row.pk for row in rows)), now=now)
    return rows


def _row(attempt: Attempt, now: datetime) -> Capture:
    """Return the row that says how an attempt ended, not saved yet."""
    return Capture(
        address=attempt.address,
        state=attempt.state,
        sentence=attempt.sentence,
        authority=attempt.authority,
        files=attempt.files,
        started_at=now,
        ended_at=now,
    )


def _attempt(address: Address, clock: Callable[[], datetime], *, actor: str, now: datetime) -> Attempt:
    """Fetch and seal one address and its pictures."""
    attempt = Attempt(address)

    def covered() -> str:
        moment = clock()
        attempt.authority = check_covers(latest_authority(moment), moment).public_id
        return attempt.authority

    def ask(one: str) -> Fetched:
        return fetch_one(one, authority=covered(), turn=asked_each_time(covered))

    report = _report_of(address)
    for files in fetch_groups(attempt, ask):
        seal_fetched(attempt, files, report_id=report, actor=actor, now=now)
    return attempt


def _report_of(address: Address) -> int | None:
    reported = ReportedAddress.objects.filter(address=address).order_by("-report_id").first()
    return reported.report_id if reported else None
