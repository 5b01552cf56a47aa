"""One person drafts a sweep: which addresses, how often, under which authority. A second one has to agree."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.core.errors import NotNow
from openhotline.core.net.addresses import ParsedAddress, parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.intake.models import Address, Sweep, SweptPage
from openhotline.intake.policies import check_authority_told, check_every, check_keeps_sweeps
from openhotline.intake.states import SweepState

MOST_PAGES = 2_000
LONGEST_NAME = 120


@dataclass(frozen=True)
class SweepAuthority:
    """Who gave it (an office), under which law or agreement, whose law that is, and from when on it does not hold."""

    approver: str
    instrument: str
    jurisdiction: str
    until: datetime


def draft_sweep(
    *, name: str, addresses: Sequence[str], every_hours: int, authority: SweepAuthority, actor: Person, now: datetime
) -> Sweep:
    """Write down a sweep of 1 to 2,000 addresses and ask a second person to agree on exactly this. Nothing is fetched.

    A draft of the same name is written over. Raises NotAllowed; NotNow for a name in use, an address that cannot be
    read (its line is named, never the address) or that another sweep holds.
    """
    check_keeps_sweeps(actor)
    check_every(every_hours)
    check_authority_told(authority.approver, authority.instrument, authority.jurisdiction, authority.until, now)
    read = _read(addresses)
    with transaction.atomic():
        sweep = _draft_of(name, now)
        sweep.every_hours, sweep.until = every_hours, authority.until
        sweep.approver, sweep.instrument = authority.approver.strip(), authority.instrument.strip()
        sweep.jurisdiction = authority.jurisdiction.strip()
        sweep.save()
        _write_pages(sweep, read, now)
        digest = sweep.manifest_sha256()
        ask_approval(purpose=Purpose.SWEEP, subject=sweep.public_id, manifest_sha256=digest, actor=actor, now=now)
        record(
            actor=actor.public_id,
            action="sweep_drafted",
            subject=sweep.public_id,
            now=now,
            detail={"addresses": len(read), "manifest": digest},
        )
    return sweep


def _read(addresses: Sequence[str]) -> dict[str, ParsedAddress]:
    """Return {canonical form: address}, each once."""
    read: dict[str, ParsedAddress] = {}
    for number, line in enumerate(addresses, start=1):
        try:
            parsed = parse(line)
        except AddressInvalid as error:
            raise NotNow(f"Address {number} of the list cannot be read. {error} Nothing was drafted.") from error
        read.setdefault(parsed.canonical, parsed)
    if not 0 < len(read) <= MOST_PAGES:
        raise NotNow(f"The list has {len(read):,} addresses; a sweep has 1 to {MOST_PAGES:,}. Make several.")
    return read


def _draft_of(name: str, now: datetime) -> Sweep:
    wanted = name.strip()
    if not 0 < len(wanted) <= LONGEST_NAME:
        raise NotNow(f"The name has {len(wanted)} characters; it needs 1 to {LONGEST_NAME}. Never name a site.")
    there = Sweep.objects.select_for_update().filter(name=wanted).first()
    if there is None:
        return Sweep(name=wanted, drafted_at=now)
    if there.state != SweepState.DRAFTED:
        raise NotNow(f"A sweep of this name is {there.state} already. Give the new one another name.")
    return there


def _write_pages(sweep: Sweep, read: dict[str, ParsedAddress], now: datetime) -> None:
    sweep.pages.all().delete()
    kept = Address.objects.keep(read.values(), now=now)
    keys = {canonical: row.pk for canonical, row in kept.items()}
    elsewhere = SweptPage.objects.filter(address__in=keys.values()).exclude(sweep__state=SweepState.ENDED)
    taken = set(elsewhere.values_list("address_id", flat=True))
    for number, canonical in enumerate(read, start=1):
        if keys[canonical] in taken:
            raise NotNow(
                f"Address {number} of the list is in another sweep already. Leave it out here, or end that one."
            )
    SweptPage.objects.bulk_create(
        SweptPage(sweep=sweep, address_id=keys[canonical], host=lookup("host", parsed.host))
        for canonical, parsed in read.items()
    )
