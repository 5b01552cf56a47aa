"""Who may use which route, by which method. A route that is not named here is refused, and fails the build."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from openhotline.accounts.models import Person
from openhotline.accounts.signing_in import is_strong, left_alone, proved_within
from openhotline.accounts.states import Permission, Role, holders
from openhotline.core import kept_form
from openhotline.core.clock import now

EVERYBODY: frozenset[Role] = frozenset()
STAFF = frozenset(Role)
READ = frozenset({"GET", "HEAD"})
WRITE = frozenset({"POST"})
FORM = READ | WRITE
NONE: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Access:
    """Who comes to a route, and how.

    ``roles`` empty: everybody, also strangers. ``fresh``: the methods for which the person has to have proved a few
    minutes ago that it is them. ``practice``: exists in practice mode only. ``half``: open to a session in which no
    passkey or code was used yet, since this is where one is added. ``machine``: programs ask; a refusal is JSON.
    ``keeps``: fields of the form that are there again after the proof; of other forms nothing is.
    """

    roles: frozenset[Role]
    methods: frozenset[str] = READ
    fresh: frozenset[str] = NONE
    practice: bool = False
    half: bool = False
    machine: bool = False
    keeps: frozenset[str] = NONE


def _may(permission: Permission, methods: frozenset[str] = READ, fresh: frozenset[str] = NONE) -> Access:
    return Access(holders(permission), methods, fresh)


ASSESS, LISTS, REFER = Permission.ASSESS, Permission.HANDLE_LISTS, Permission.REFER
REMOVE = Permission.KEEP_REMOVALS
PEOPLE, CONTACTS = Permission.MANAGE_PEOPLE, Permission.KEEP_CONTACTS
PUBLIC, PUBLIC_FORM = Access(EVERYBODY), Access(EVERYBODY, FORM)
# A way in is added or taken away: by form, and freshly proved, so that a session left open makes nobody a key.
WAY_IN = Access(STAFF, FORM, FORM, half=True)
PRACTICE, PRACTICE_BUTTON = Access(EVERYBODY, practice=True), Access(EVERYBODY, WRITE, practice=True)

# Who shows a key is nobody who signs in: the role is of no matter, the key is asked for behind the route.
BY_KEY_GET, BY_KEY_POST, BY_KEY_BOTH, BY_KEY_PUT = (
    Access(EVERYBODY, frozenset(methods), machine=True) for methods in (["GET"], ["POST"], ["GET", "POST"], ["PUT"])
)

ACCESS: dict[str, Access] = {
    # public door
    "home": PUBLIC,
    "report_address": PUBLIC_FORM,
    "report_details": PUBLIC_FORM,
    "report_check": PUBLIC_FORM,
    "report_more": PUBLIC_FORM,
    "no_address": PUBLIC_FORM,
    "receipt": PUBLIC,
    "receipt_look": PUBLIC_FORM,
    "receipt_answer": Access(EVERYBODY, WRITE),
    "receipt_withdraw": Access(EVERYBODY, WRITE),
    "parents": PUBLIC,
    "safety": PUBLIC,
    "leave": PUBLIC,
    "young": PUBLIC_FORM,
    "young_keep": PUBLIC_FORM,
    "young_send": PUBLIC_FORM,
    "young_sent": PUBLIC,
    "young_undo": PUBLIC_FORM,
    "worried": PUBLIC,
    "provider": PUBLIC_FORM,
    "numbers": PUBLIC,
    "findings": PUBLIC,
    "findings_file": PUBLIC,
    "privacy": PUBLIC,
    "privacy_children": PUBLIC,
    "guidance": PUBLIC_FORM,
    "guidance_search": PUBLIC_FORM,
    "guidance_directory": PUBLIC,
    "guidance_versions": PUBLIC,
    "guidance_version": PUBLIC,
    # partners' API: who asks is known by a key, in intake/api/keys.py
    "api_about": PUBLIC,
    "api_openapi": PUBLIC,
    "api_reports": Access(EVERYBODY, WRITE),
    "api_batch": Access(EVERYBODY, WRITE),
    "api_xarf": Access(EVERYBODY, WRITE),
    "api_stage": Access(EVERYBODY, frozenset({"GET"})),
    # members' door: who asks is known by a key, in hashlists/api/asking.py
    "members_openapi": PUBLIC,
    "members_status": BY_KEY_GET,
    "members_list": BY_KEY_GET,
    "members_exploitative": BY_KEY_GET,
    "members_addresses": BY_KEY_GET,
    "members_self_reported": BY_KEY_GET,
    "members_vectors": BY_KEY_GET,
    "members_match": BY_KEY_POST,
    "members_match_file": BY_KEY_POST,
    "members_feedback": BY_KEY_POST,
    "hma_hash": BY_KEY_BOTH,
    "hma_lookup": BY_KEY_BOTH,
    "hma_raw_lookup": BY_KEY_GET,
    "hma_compare": BY_KEY_POST,
    "hma_index_status": BY_KEY_GET,
    "hma_banks": BY_KEY_GET,
    "hma_bank": BY_KEY_GET,
    "hma_content": BY_KEY_GET,
    "hma_status": PUBLIC,
    "hma_live": PUBLIC,
    "hma_other": BY_KEY_GET,
    "ncmec_status": BY_KEY_GET,
    "ncmec_members": BY_KEY_GET,
    "ncmec_entries": BY_KEY_GET,
    "ncmec_reasons": BY_KEY_GET,
    "ncmec_feedback": BY_KEY_PUT,
    "ncmec_exploitative_status": BY_KEY_GET,
    "ncmec_exploitative_members": BY_KEY_GET,
    "ncmec_exploitative_entries": BY_KEY_GET,
    "ncmec_exploitative_reasons": BY_KEY_GET,
    "ncmec_exploitative_feedback": BY_KEY_PUT,
    # sign-in
    "sign_in": PUBLIC_FORM,
    "account_login": PUBLIC_FORM,
    "mfa_authenticate": PUBLIC_FORM,
    "mfa_login_webauthn": PUBLIC_FORM,
    "join": PUBLIC_FORM,
    "sign_out": Access(STAFF, WRITE, half=True),
    # proving it again, and what one signs in with
    "prove": Access(STAFF, half=True),
    "account_reauthenticate": Access(STAFF, FORM, practice=True),
    "mfa_reauthenticate": Access(STAFF, FORM),
    "mfa_reauthenticate_webauthn": Access(STAFF, FORM),
    "mfa_index": Access(STAFF, half=True),
    "mfa_list_webauthn": Access(STAFF, half=True),
    "mfa_add_webauthn": WAY_IN,
    "mfa_remove_webauthn": WAY_IN,
    "mfa_activate_totp": WAY_IN,
    "mfa_deactivate_totp": WAY_IN,
    "mfa_view_recovery_codes": Access(STAFF, READ, READ, half=True),
    "mfa_generate_recovery_codes": WAY_IN,
    # desk
    "desk_home": Access(STAFF),
    "desk_meter": Access(STAFF),
    "desk_decisions": _may(ASSESS),
    "desk_correct": _may(ASSESS, WRITE),
    "desk_handover": _may(Permission.READ_REPORTS),
    "desk_handover_write": _may(Permission.READ_REPORTS, WRITE),
    "desk_handover_end": _may(Permission.READ_REPORTS, WRITE),
    "desk_on_call": _may(Permission.KEEP_ROTA, WRITE),
    "desk_off_call": _may(Permission.KEEP_ROTA, WRITE),
    "desk_flag_seen": _may(Permission.ANSWER_COMPLAINTS, WRITE),
    "desk_complaints": _may(Permission.READ_REPORTS, FORM),
    "desk_complaint_answer": _may(Permission.ANSWER_COMPLAINTS, WRITE),
    "desk_management": _may(Permission.READ_MANAGEMENT),
    "desk_appoint": _may(Permission.APPOINT, WRITE),
    "desk_management_csv": _may(Permission.READ_MANAGEMENT),
    "desk_exposure": Access(STAFF, FORM),
    "desk_team_exposure": _may(Permission.READ_MEDIANS),
    "desk_person_exposure": _may(Permission.READ_EXPOSURE, WRITE),
    "desk_keys": Access(STAFF, FORM),
    "desk_keys_switch": Access(STAFF, WRITE),
    "desk_queue": _may(ASSESS),
    "desk_next": _may(ASSESS, WRITE),
    "desk_assess": _may(ASSESS, FORM),
    "desk_consequence": _may(ASSESS, WRITE),
    "desk_skip": _may(ASSESS, WRITE),
    "desk_swap": _may(ASSESS, WRITE),
    "desk_ahead": _may(ASSESS, WRITE),
    "desk_undo": _may(ASSESS, WRITE),
    "desk_sheet": _may(ASSESS, FORM),
    "desk_sheet_next": _may(ASSESS, WRITE),
    "desk_sheet_preview": _may(ASSESS, WRITE),
    "desk_sheet_undo": _may(ASSESS, WRITE),
    "desk_sorting": _may(Permission.READ_REPORTS),
    "desk_stack": _may(ASSESS),
    "desk_report": _may(Permission.READ_REPORTS),
    "desk_report_steps": _may(Permission.READ_REPORTS),
    "desk_report_read": _may(Permission.READ_REPORTS, WRITE),
    "desk_reports": _may(Permission.READ_REPORTS),
    "desk_ask": _may(Permission.ASK_REPORTERS, WRITE),
    "desk_type_in": _may(Permission.TYPE_IN, FORM),
    "desk_collections": _may(Permission.READ_COLLECTIONS),
    "desk_collection": _may(Permission.READ_COLLECTIONS),
    "desk_quarantine": _may(Permission.READ_REPORTS),
    "desk_quarantine_sort": _may(Permission.SORT_QUARANTINE, WRITE),
    "desk_sweeps": _may(Permission.KEEP_SWEEPS),
    "desk_sweep": _may(Permission.KEEP_SWEEPS),
    "desk_sweep_add": _may(Permission.KEEP_SWEEPS, WRITE, WRITE),
    "desk_sweep_begin": _may(Permission.KEEP_SWEEPS, WRITE, WRITE),
    "desk_sweep_end": _may(Permission.KEEP_SWEEPS, WRITE),
    "desk_lists": _may(LISTS),
    "desk_list_keep": _may(LISTS, WRITE, WRITE),
    "desk_list_withdraw": _may(LISTS, WRITE, WRITE),
    "desk_list_draft": _may(LISTS, WRITE, WRITE),
    "desk_list_publish": _may(LISTS, WRITE, WRITE),
    "desk_list_held": _may(LISTS, WRITE, WRITE),
    "desk_removals": _may(Permission.READ_REPORTS),
    "desk_abroad": _may(Permission.READ_REPORTS),
    "desk_abroad_act": _may(REMOVE, WRITE, WRITE),
    "desk_removal": _may(Permission.READ_REPORTS),
    "desk_removal_hold": _may(REMOVE, WRITE, WRITE),
    "desk_removal_origin": _may(REMOVE, WRITE, WRITE),
    "desk_hold": _may(REMOVE, WRITE, WRITE),
    "desk_providers": _may(Permission.READ_REPORTS),
    "desk_provider_add": _may(REMOVE, WRITE, WRITE),
    "desk_provider_decide": _may(REMOVE, WRITE, WRITE),
    "desk_takedown_complaint_open": _may(REMOVE, WRITE),
    "desk_takedown_complaint_answer": _may(REMOVE, WRITE, WRITE),
    "desk_letter_read": _may(REMOVE, WRITE),
    "desk_referrals": _may(REFER),
    "desk_referral_draft": _may(REFER, WRITE, WRITE),
    "desk_referral_build": _may(REFER, WRITE, WRITE),
    "desk_referral_give": _may(REFER, WRITE, WRITE),
    "desk_referral_receipt": _may(REFER, WRITE),
    "desk_referral_answer": _may(REFER, WRITE),
    "desk_referral_withdraw": _may(REFER, WRITE, WRITE),
    "desk_urgent": _may(Permission.READ_REPORTS),
    # Words about a child in danger are not to be lost while somebody proves that it is them.
    "desk_urgent_send": Access(
        holders(Permission.READ_REPORTS), WRITE, WRITE, keeps=frozenset({"words", "report", "draft", "key"})
    ),
    "desk_urgent_leave": _may(REFER, WRITE),
    "desk_urgent_sign": _may(REFER, WRITE, WRITE),
    "desk_urgent_answer": _may(REFER, WRITE),
    "desk_partners": _may(Permission.KEEP_PARTNERS),
    "desk_partner_add": _may(Permission.KEEP_PARTNERS, WRITE, WRITE),
    "desk_partner_ask": _may(Permission.KEEP_PARTNERS, WRITE, WRITE),
    "desk_partner_make": _may(Permission.KEEP_PARTNERS, WRITE, WRITE),
    "desk_partner_revoke": _may(Permission.KEEP_PARTNERS, WRITE, WRITE),
    "desk_approve": _may(Permission.APPROVE, FORM, WRITE),
    "desk_alerts": _may(Permission.READ_ALERTS),
    "desk_alert_seen": _may(Permission.READ_ALERTS, WRITE),
    "desk_agreement": _may(Permission.READ_NUMBERS),
    "desk_agreement_csv": _may(Permission.READ_NUMBERS),
    "desk_numbers": _may(Permission.READ_NUMBERS),
    "desk_numbers_publish": _may(Permission.PUBLISH_NUMBERS, WRITE, WRITE),
    "desk_months": _may(Permission.READ_NUMBERS),
    "desk_months_csv": _may(Permission.READ_NUMBERS),
    "desk_report_publish": _may(Permission.PUBLISH_NUMBERS, WRITE, WRITE),
    "desk_forecasts": _may(Permission.FORECAST),
    "desk_forecast": _may(Permission.FORECAST),
    "desk_forecast_make": _may(Permission.FORECAST, WRITE),
    "desk_forecast_csv": _may(Permission.FORECAST),
    "desk_contacts": _may(Permission.READ_CONTACTS),
    "desk_contact_add": _may(CONTACTS, WRITE),
    "desk_contact_check": _may(CONTACTS, WRITE),
    "desk_contact_retire": _may(CONTACTS, WRITE),
    "desk_people": _may(Permission.READ_PEOPLE),
    "desk_invite": _may(PEOPLE, FORM, FORM),
    "desk_person": _may(PEOPLE, READ, READ),
    "desk_person_role": _may(PEOPLE, WRITE, WRITE),
    "desk_person_dates": _may(PEOPLE, WRITE, WRITE),
    "desk_person_disable": _may(PEOPLE, WRITE, WRITE),
    "desk_person_invite": _may(PEOPLE, WRITE, WRITE),
    # media door
    "media_tile": _may(ASSESS, frozenset({"GET"})),
    "media_reveal": _may(ASSESS, WRITE),
    "media_beat": _may(ASSESS, WRITE),
    "media_release": _may(ASSESS, WRITE),
    "media_health": _may(Permission.READ_HEALTH, frozenset({"GET"})),
    # practice
    "practice_start": PRACTICE,
    "practice_sign_in": PRACTICE_BUTTON,
    "practice_report": PRACTICE_BUTTON,
    "practice_work": PRACTICE_BUTTON,
    "practice_journey": PRACTICE,
    "practice_legend": PRACTICE,
    "practice_gallery": PRACTICE,
}


def access(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Refuse every request whose route is not classified, whose person has not the role, or whose method is another."""

    class _Access:
        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            return get_response(request)

        def process_view(self, request: HttpRequest, *_view: object) -> HttpResponseBase | None:
            match = request.resolver_match
            return check(request, match.view_name if match else "")

    return _Access()


def check(request: HttpRequest, route: str) -> HttpResponseBase | None:
    """Return None when the request may go on, or the answer in its place: sign in, prove it again, not by this method.

    Raises PermissionDenied for a route that nobody classified and for a person without the role.
    """
    rule = ACCESS.get(route)
    if rule is None or (rule.practice and not settings.PRACTICE):
        raise PermissionDenied
    refused = _person_refused(request, rule) if rule.roles else None
    if refused is not None:
        return refused
    if request.method not in rule.methods:
        return _other_method(rule)
    if request.method in rule.fresh and not proved_within(request, settings.FRESH, now()):
        if rule.keeps:
            kept_form.keep(request.session, route, {name: request.POST.get(name, "") for name in rule.keeps})
        return _to_prove(request)
    return None


def _person_refused(request: HttpRequest, rule: Access) -> HttpResponseBase | None:
    person = request.user
    if not isinstance(person, Person):
        return _to_sign_in(request)
    # The media door is asked by pages of the desk, where the same session is seen.
    if settings.DOOR != "media" and left_alone(request, settings.IDLE):
        request.session.flush()
        return _to_sign_in(request)
    if Role(person.role) not in rule.roles:
        raise PermissionDenied
    if not (settings.PRACTICE or rule.half or is_strong(request, person)):
        return _led_to("mfa_index")
    return None


def _other_method(rule: Access) -> HttpResponse:
    answer = HttpResponseNotAllowed(sorted(rule.methods))
    if rule.machine:
        answer.headers["Content-Type"] = "application/json"
        answer.content = json.dumps({"message": "The method is not allowed for the requested URL."}).encode()
    return answer


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    try:
        return redirect_to_login(request.get_full_path())
    except NoReverseMatch:
        # A door without a sign-in of its own, as the media door: there is nothing here for a stranger.
        raise PermissionDenied from None


def _to_prove(request: HttpRequest) -> HttpResponseBase:
    """Lead to the proof, and from there back to the page with the button."""
    place = request.get_full_path() if request.method in READ else urlsplit(request.headers.get("Referer", "")).path
    return _led_to("prove", next=place or reverse("desk_home"))


def _led_to(route: str, **query: str) -> HttpResponseBase:
    try:
        place = reverse(route)
    except NoReverseMatch:
        raise PermissionDenied from None
    return redirect(f"{place}?{urlencode(query)}" if query else place)
