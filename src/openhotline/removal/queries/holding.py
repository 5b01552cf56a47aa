"""Police holds: which rule holds for a country, what runs, and what has run out."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet

from openhotline.core.errors import Missing, NotNow
from openhotline.removal.models import Hold, HoldRule, read_holds
from openhotline.removal.states import RemovalState


def rule_for(country: str) -> HoldRule | None:
    """Return the rule in force for a country; None: a notice goes out at once. Raises Misconfigured."""
    rules = read_holds(settings.HOLDS) if settings.HOLDS else read_holds()
    return next((rule for rule in rules if rule.in_force and rule.country == country.upper()), None)


def running_holds() -> "QuerySet[Hold]":
    """Return the holds that nobody has ended, the one that runs out first in front."""
    return (
        Hold.objects.filter(ended_at=None)
        .select_related("removal__address", "removal__hosting")
        .order_by("runs_out_at")
    )


def holds_run_out(now: datetime) -> "QuerySet[Hold]":
    """Return the holds whose time is over and that still wait for a person."""
    return running_holds().filter(runs_out_at__lte=now)


def running_hold(hold: int) -> Hold:
    """Return a hold that runs, locked with the caller's transaction. Raises Missing, NotNow."""
    row = Hold.objects.select_for_update(of=("self",)).select_related("removal__address").filter(pk=hold).first()
    if row is None:
        raise Missing("There is no such hold. Load the page again.")
    if row.ended_at is not None or row.removal.state != RemovalState.HELD:
        raise NotNow("This hold has ended already. Load the page again.")
    return row
