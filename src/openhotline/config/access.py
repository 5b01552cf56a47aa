"""Who may use which route. A route that is not named here is refused, and fails the build."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role

EVERYBODY: frozenset[Role] = frozenset()
STAFF = frozenset(Role)
ASSESSORS = frozenset({Role.ANALYST, Role.SENIOR})
LEADS = frozenset({Role.SENIOR, Role.MANAGER})
APPROVERS = frozenset({Role.SENIOR, Role.MANAGER, Role.LISTS})


@dataclass(frozen=True)
class Access:
    """``roles`` empty: everybody, also strangers. ``practice``: exists in practice mode only."""

    roles: frozenset[Role]
    practice: bool = False


PUBLIC = Access(EVERYBODY)
PRACTICE_ONLY = Access(EVERYBODY, practice=True)

ACCESS: dict[str, Access] = {
    # public door
    "home": PUBLIC,
    "report_address": PUBLIC,
    "report_details": PUBLIC,
    "report_check": PUBLIC,
    "receipt": PUBLIC,
    "receipt_look": PUBLIC,
    "numbers": PUBLIC,
    "privacy": PUBLIC,
    "privacy_children": PUBLIC,
    # sign-in
    "sign_in": PUBLIC,
    "sign_out": Access(STAFF),
    # desk
    "desk_home": Access(STAFF),
    "desk_meter": Access(STAFF),
    "desk_queue": Access(ASSESSORS),
    "desk_next": Access(ASSESSORS),
    "desk_assess": Access(ASSESSORS),
    "desk_consequence": Access(ASSESSORS),
    "desk_skip": Access(ASSESSORS),
    "desk_undo": Access(ASSESSORS),
    "desk_sheet": Access(ASSESSORS),
    "desk_sheet_next": Access(ASSESSORS),
    "desk_report": Access(ASSESSORS | LEADS),
    "desk_report_steps": Access(ASSESSORS | LEADS),
    "desk_reports": Access(ASSESSORS | LEADS),
    "desk_type_in": Access(ASSESSORS | LEADS),
    "desk_lists": Access(APPROVERS),
    "desk_list_draft": Access(APPROVERS),
    "desk_list_publish": Access(APPROVERS),
    "desk_removals": Access(ASSESSORS | LEADS),
    "desk_referrals": Access(LEADS),
    "desk_referral_draft": Access(LEADS),
    "desk_referral_build": Access(LEADS),
    "desk_approve": Access(APPROVERS),
    "desk_alerts": Access(frozenset({Role.AUDITOR})),
    "desk_alert_seen": Access(frozenset({Role.AUDITOR})),
    "desk_numbers": Access(STAFF),
    "desk_numbers_publish": Access(LEADS),
    # media door
    "media_tile": Access(ASSESSORS),
    "media_reveal": Access(ASSESSORS),
    "media_release": Access(ASSESSORS),
    # practice
    "practice_start": PRACTICE_ONLY,
    "practice_sign_in": PRACTICE_ONLY,
    "practice_report": PRACTICE_ONLY,
    "practice_work": PRACTICE_ONLY,
    "practice_journey": PRACTICE_ONLY,
    "practice_legend": PRACTICE_ONLY,
    "practice_gallery": PRACTICE_ONLY,
}


def access(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse every request whose route is not classified or whose person has not the role."""

    class _Access:
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
            match = request.resolver_match
            return check(request, match.view_name if match else "")

    return _Access()


def check(request: HttpRequest, route: str) -> HttpResponseBase | None:
    """Return None when the person may use the route, a redirect when nobody is signed in; else PermissionDenied."""
    rule = ACCESS.get(route)
    if rule is None or (rule.practice and not settings.PRACTICE):
        raise PermissionDenied
    if not rule.roles:
        return None
    person = request.user
    if not isinstance(person, Person):
        return _to_sign_in(request)
    if Role(person.role) not in rule.roles:
        raise PermissionDenied
    return None


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    try:
        return redirect_to_login(request.get_full_path())
    except NoReverseMatch:
        # A door without a sign-in of its own, as the media door: there is nothing here for a stranger.
        raise PermissionDenied from None
