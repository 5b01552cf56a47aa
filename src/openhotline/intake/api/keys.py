"""Who asks: a partner by its key, for what the key may be used for, within what was agreed."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from ninja.security import HttpBearer

from openhotline.core import limits
from openhotline.core.clock import now as clock_now
from openhotline.core.errors import NotAllowed, TooMany
from openhotline.intake.api.problems import MOST_BYTES, Unauthorised
from openhotline.intake.models import Partner, PartnerKey
from openhotline.intake.states import Scope, Why

READS = RateLimitItemPerMinute(600)
NO_KEY = (
    "Show a key that is in force: Authorization: Bearer, then the key. A key ends on its day, or when it is revoked; "
    "ask the hotline for another one."
)
LONGEST_KEY = 200


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
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or not 0 < len(text) <= LONGEST_KEY:
            raise Unauthorised(NO_KEY)
        return self.authenticate(request, text.strip())

    def authenticate(self, request: HttpRequest, token: str) -> Caller:
        """Return the partner of a key."""
        now = clock_now()
        key: PartnerKey | None = PartnerKey.objects.shown(token, now=now)
        if key is None:
            raise Unauthorised(NO_KEY)
        if not key.may(self.scope):
            raise NotAllowed(f"This key may not be used for {self.scope}. Ask the hotline for one that may.")
        # Before anything of it is parsed.
        if len(request.body) > MOST_BYTES:
            raise RequestDataTooBig
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
