"""Sweeps for tests: drafted by one person, and begun once two agreed."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.accounts.states import Purpose
from openhotline.intake.models import Sweep
from openhotline.intake.services.begin_sweep import begin_sweep
from openhotline.intake.services.draft_sweep import SweepAuthority, draft_sweep

ADDRESSES = ("https://one.example/a", "https://one.example/b", "https://two.example/")


def drafted(
    *, actor: Person, now: datetime, addresses: Sequence[str] = ADDRESSES, name: str = "first", every_hours: int = 24
) -> Sweep:
    """Draft a sweep under an authority of ten days."""
    authority = SweepAuthority("Practice office", "Practice agreement 1", "GB", now + timedelta(days=10))
    return draft_sweep(
        name=name, addresses=addresses, every_hours=every_hours, authority=authority, actor=actor, now=now
    )


def agreed(sweep: Sweep, *, second: Person, now: datetime) -> None:
    """Sign it as the second person."""
    approval = approval_of(Purpose.SWEEP, sweep.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=sweep.manifest_sha256(), actor=second, now=now)


def begun(
    *,
    actor: Person,
    second: Person,
    now: datetime,
    addresses: Sequence[str] = ADDRESSES,
    name: str = "first",
    every_hours: int = 24,
) -> Sweep:
    """Draft, agree on and begin a sweep."""
    sweep = drafted(actor=actor, now=now, addresses=addresses, name=name, every_hours=every_hours)
    agreed(sweep, second=second, now=now)
    return begin_sweep(sweep_id=sweep.pk, actor=actor, now=now)
