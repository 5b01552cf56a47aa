"""Who asks: a partner by its key, for what the key may be used for, within what was agreed."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from ninja.security import HttpBearer

from openhotline.core import limits
from openhotline.core.bearer import check_size, shown_in
from openhotline.core.clock import now as clock_now
from openhotline.core.errors import TooMany
from openhotline.intake.models import Partner
from openhotline.intake.queries import key_shown
from openhotline.intake.states import Scope, Why

READS = RateLimitItemPerMinute(600)


@dataclass(frozen=True)
class Caller:
    """A partner that showed a key, at one moment."""

    partner: Partner
    now: datetime


class Key(HttpBearer):
    """A key that may be used for one scope."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """Return who asks. Raises Unauthorised without a key in force, NotAllowed for one of another scope."""
        return self.authenticate(request, shown_in(request))

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return the partner of a key."""
        now = clock_now()
        key = key_shown(token, self.scope, now=now)
        # Before anything of it is parsed.
        check_size(request)
        return Caller(key.partner, now)


def over_budget(caller: Caller, reports: int) -> Why | None:
    """Count reports against what was agreed with the partner; say whether they go over it."""
    within = limits.count(_agreed(caller), "partner", caller.partner.public_id, now=caller.now, cost=reports)
    return None if within else Why.BUDGET


def give_back(caller: Caller, reports: int) -> None:
    """Count reports no longer that had come before: a partner that is unsure whether they arrived sends them again."""
    limits.give_back(_agreed(caller), "partner", caller.partner.public_id, now=caller.now, cost=reports)


def _agreed(caller: Caller) -> tuple[RateLimitItemPerHour]:
    return (RateLimitItemPerHour(caller.partner.hourly),)


def check_reads(caller: Caller) -> None:
    """Raise TooMany for a partner that asks for stages more often than anybody needs to."""
    if not limits.count((READS,), "partner reads", caller.partner.public_id, now=caller.now):
        raise TooMany(
            f"Stages are asked for at most {READS.amount} times a minute. They change twice in a report's life, at "
            "moments that the answer names; or have yourself told by webhook."
        )
