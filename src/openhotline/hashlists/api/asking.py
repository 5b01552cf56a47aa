"""Who asks: an admitted member by its key, for what the key may be used for."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from ninja.security import HttpBearer

from openhotline.core.bearer import check_size, shown_in
from openhotline.core.clock import now as clock_now
from openhotline.hashlists.errors import NotAgreed
from openhotline.hashlists.models import Terms
from openhotline.hashlists.queries import Asker, member_shown
from openhotline.intake.states import Scope


@dataclass(frozen=True)
class Caller:
    """A member that showed a key, at one moment."""

    asker: Asker
    now: datetime

    @property
    def terms(self) -> Terms:
        """Return what its agreement allows."""
        return self.asker.member.agreed


def caller_of(request: HttpRequest, scope: Scope, *, basic: bool = False, any_size: bool = False) -> Caller:
    """Return who asks. Raises Unauthorised, NotAllowed or NoMember, before anything of the body is looked at."""
    now = clock_now()
    asker = member_shown(shown_in(request, basic=basic), scope, now=now)
    if not any_size:
        check_size(request)
    return Caller(asker, now)


class Key(HttpBearer):
    """A member's key that may be used for one scope."""

    def __init__(self, scope: Scope, *, any_size: bool = False) -> None:
        super().__init__()
        self.scope, self.any_size = scope, any_size

    def __call__(self, request: HttpRequest) -> Caller:
        """Return who asks."""
        return caller_of(request, self.scope, any_size=self.any_size)

    def authenticate(self, request: HttpRequest, token: str) -> Caller:  # noqa: ARG002 - Ninja's signature
        """Return who asks."""
        return caller_of(request, self.scope, any_size=self.any_size)


def needs(agreed: bool, what: str) -> None:  # noqa: FBT001 - the one thing that is asked
    """Raise NotAgreed unless the agreement allows it."""
    if not agreed:
        raise NotAgreed(f"Your agreement with the hotline does not allow this: {what}. Ask the hotline.")
