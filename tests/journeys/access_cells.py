"""Every route by every method by everybody: asked of the running pages, and compared with what is written here.

``WRITTEN`` is a second statement of who may what, by hand and apart from ``config/access.py``: who changes one has to
mean the other too. Each request is rolled back, so that no cell depends on another.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.signing_in import PROVED_AT
from openhotline.accounts.states import Role
from openhotline.core.clock import now
from openhotline.core.overdue import do_all

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
LETTERS = dict(zip("ASMWLOU", Role, strict=True))
STRANGER, DISABLED = "stranger", "disabled"
# Route, methods (r: GET and HEAD, g: GET alone, p: POST, u: PUT), and who: * everybody, or the letters of roles:
# Analyst, Senior analyst, Manager, Welfare lead, List manager, Operator, aUditor.
WRITTEN = """
home r *
report_address rp *
report_details rp *
report_check rp *
report_more rp *
no_address rp *
receipt r *
receipt_look rp *
receipt_answer p *
receipt_withdraw p *
parents r *
safety r *
leave r *
young rp *
young_keep rp *
young_send rp *
young_sent r *
young_undo rp *
worried r *
provider rp *
numbers r *
findings r *
findings_file r *
privacy r *
privacy_children r *
guidance rp *
guidance_search rp *
guidance_directory r *
guidance_versions r *
guidance_version r *
api_about r *
api_openapi r *
api_reports p *
api_batch p *
api_xarf p *
api_stage g *
members_openapi r *
members_status g *
members_list g *
members_exploitative g *
members_addresses g *
members_self_reported g *
members_vectors g *
members_match p *
members_match_file p *
members_feedback p *
hma_hash gp *
hma_lookup gp *
hma_raw_lookup g *
hma_compare p *
hma_index_status g *
hma_banks g *
hma_bank g *
hma_content g *
hma_status r *
hma_live r *
hma_other g *
ncmec_status g *
ncmec_members g *
ncmec_entries g *
ncmec_reasons g *
ncmec_feedback u *
ncmec_exploitative_status g *
ncmec_exploitative_members g *
ncmec_exploitative_entries g *
ncmec_exploitative_reasons g *
ncmec_exploitative_feedback u *
sign_in rp *
account_login rp *
mfa_authenticate rp *
mfa_login_webauthn rp *
join rp *
sign_out p ASMWLOU
prove r ASMWLOU
account_reauthenticate rp ASMWLOU
mfa_reauthenticate rp ASMWLOU
mfa_reauthenticate_webauthn rp ASMWLOU
mfa_index r ASMWLOU
mfa_list_webauthn r ASMWLOU
mfa_add_webauthn rp ASMWLOU
mfa_remove_webauthn rp ASMWLOU
mfa_activate_totp rp ASMWLOU
mfa_deactivate_totp rp ASMWLOU
mfa_view_recovery_codes r ASMWLOU
mfa_generate_recovery_codes rp ASMWLOU
desk_home r ASMWLOU
desk_meter r ASMWLOU
desk_decisions r AS
desk_correct p AS
desk_handover r ASM
desk_handover_write p ASM
desk_handover_end p ASM
desk_on_call p SM
desk_off_call p SM
desk_flag_seen p SM
desk_complaints rp ASM
desk_complaint_answer p SM
desk_management r SM
desk_appoint p M
desk_management_csv r SM
desk_exposure rp ASMWLOU
desk_team_exposure r MW
desk_person_exposure p W
desk_keys rp ASMWLOU
desk_keys_switch p ASMWLOU
desk_queue r AS
desk_sheet_preview p AS
desk_sheet_undo p AS
desk_sorting r ASM
desk_stack r AS
desk_list_held p SML
desk_next p AS
desk_assess rp AS
desk_consequence p AS
desk_skip p AS
desk_swap p AS
desk_ahead p AS
desk_undo p AS
desk_sheet rp AS
desk_sheet_next p AS
desk_report r ASM
desk_report_steps r ASM
desk_report_read p ASM
desk_reports r ASM
desk_ask p ASM
desk_type_in rp ASM
desk_collections r ASMO
desk_collection r ASMO
desk_quarantine r ASM
desk_quarantine_sort p ASM
desk_sweeps r SMO
desk_sweep r SMO
desk_sweep_add p SMO
desk_sweep_begin p SMO
desk_sweep_end p SMO
desk_lists r SML
desk_list_keep p SML
desk_list_withdraw p SML
desk_list_draft p SML
desk_list_publish p SML
desk_removals r ASM
desk_abroad r ASM
desk_abroad_act p SM
desk_removal r ASM
desk_removal_hold p SM
desk_removal_origin p SM
desk_hold p SM
desk_providers r ASM
desk_provider_add p SM
desk_provider_decide p SM
desk_takedown_complaint_open p SM
desk_takedown_complaint_answer p SM
desk_letter_read p SM
desk_referrals r SM
desk_referral_draft p SM
desk_referral_build p SM
desk_referral_give p SM
desk_referral_receipt p SM
desk_referral_answer p SM
desk_referral_withdraw p SM
desk_urgent r ASM
desk_urgent_send p ASM
desk_urgent_leave p SM
desk_urgent_sign p SM
desk_urgent_answer p SM
desk_partners r MO
desk_partner_add p MO
desk_partner_ask p MO
desk_partner_make p MO
desk_partner_revoke p MO
desk_approve rp SMLOU
desk_alerts r U
desk_alert_seen p U
desk_agreement r ASMWLOU
desk_agreement_csv r ASMWLOU
desk_numbers r ASMWLOU
desk_numbers_publish p SM
desk_months r ASMWLOU
desk_months_csv r ASMWLOU
desk_report_publish p SM
desk_forecasts r M
desk_forecast r M
desk_forecast_make p M
desk_forecast_csv r M
desk_contacts r ASMWLOU
desk_contact_add p MW
desk_contact_check p MW
desk_contact_retire p MW
desk_people r MWU
desk_invite rp M
desk_person r M
desk_person_role p M
desk_person_dates p M
desk_person_disable p M
desk_person_invite p M
media_tile g AS
media_reveal p AS
media_beat p AS
media_release p AS
media_health g MOU
practice_start r *
practice_sign_in p *
practice_report p *
practice_work p *
practice_journey r *
practice_legend r *
practice_gallery r *
"""
SPELT = {"r": {"GET", "HEAD"}, "g": {"GET"}, "p": {"POST"}, "u": {"PUT"}}
# What stands in the place of an argument: nothing that is there, so that a cell shows the way in and no more.
ARGUMENTS = {
    "study": "capacity",
    "public_id": "rep_none",
    "report_id": "rep_none",
    "item_id": "itm_none",
    "token": "none",
    "version": "none",
    "file": "report.json",
    "pk": 9,
    "name": "NONE",
    "number": 9,
    "esp": 9,
    "entry": "ent_none",
    "kind": "PDQ",
    "rest": "c/exchanges",
}


@dataclass(frozen=True)
class Rule:
    """What is written of one route: methods, and roles; ``roles`` None: strangers too."""

    methods: frozenset[str]
    roles: frozenset[Role] | None


def written(text: str = WRITTEN) -> dict[str, Rule]:
    """Return what is written, by route."""
    rules = {}
    for line in text.strip().splitlines():
        name, methods, who = line.split()
        roles = None if who == "*" else frozenset(LETTERS[letter] for letter in who)
        rules[name] = Rule(frozenset().union(*(SPELT[one] for one in methods)), roles)
    return rules


def addresses(conf: str = "openhotline.config.urls_all", **known: str) -> dict[str, str]:
    """Return the path of every named route that a door serves, with something in place of its arguments.

    ``known`` gives arguments by name; for the others stands what is not there.
    """
    return {name: _path(pattern, name, known) for name, pattern in _patterns(get_resolver(conf).url_patterns)}


def _patterns(found: list[object]) -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        if isinstance(one, URLPattern):
            yield str(one.name), one
        else:
            yield from _patterns(one.url_patterns)  # type: ignore[attr-defined] # the other kind there is


def _path(pattern: URLPattern, name: str, known: dict[str, str]) -> str:
    return reverse(name, kwargs={key: (ARGUMENTS | known)[key] for key in pattern.pattern.converters})


def everybody() -> dict[str, Client]:
    """Return a browser for each role, signed in; one of somebody disabled since; and one of a stranger."""
    browsers = {role.value: _signed_in(_person(role.value, role)) for role in Role}
    gone = _person(DISABLED, Role.SENIOR)
    browsers[DISABLED] = _signed_in(gone)
    Person.objects.filter(pk=gone.pk).update(is_active=False, state="disabled")
    return browsers | {STRANGER: Client()}


def _person(name: str, role: Role) -> Person:
    return add_person(
        username=f"cell-{name}", name=name, role=role, password="cell", practice=True, actor="test", now=now()
    )


def _signed_in(person: Person) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def _keep_up(browsers: dict[str, Client]) -> None:
    """Have everybody prove again that it is them, and the clock's round done: all cells take longer than that holds."""
    for role in Role:
        session = browsers[role.value].session
        session[PROVED_AT] = now().isoformat()
        session.save()
    do_all({}, now())


def expected(rule: Rule, who: str, method: str) -> str:
    """Return what is written of one cell."""
    if rule.roles is not None and who in {STRANGER, DISABLED}:
        return "sign in"
    if rule.roles is not None and Role(who) not in rule.roles:
        return "forbidden"
    return "goes on" if method in rule.methods else "not this way"


def answered(browser: Client, method: str, path: str) -> str:
    """Return what one request is answered with, in the same words; the request leaves nothing behind."""
    cookies = browser.cookies.copy()
    with transaction.atomic():
        answer = browser.generic(method, path)
        browser.cookies = cookies
        transaction.set_rollback(True)
    if answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return f"broken ({answer.status_code})"
    place = answer.headers.get("Location", "")
    if place.startswith("/desk/sign-in/?next="):
        return "sign in"
    if place.startswith("/desk/prove/?"):
        return "prove it"
    words = {HTTPStatus.FORBIDDEN: "forbidden", HTTPStatus.METHOD_NOT_ALLOWED: "not this way"}
    return words.get(HTTPStatus(answer.status_code), "goes on")


def differing(
    rules: dict[str, Rule], places: dict[str, str], ask: Callable[[Client, str, str], str] = answered
) -> tuple[Counter[str], list[str]]:
    """Ask every cell; return how many there are of each kind, and the ones that differ, each as a line."""
    browsers = everybody()
    kinds: Counter[str] = Counter()
    wrong = []
    for name, path in places.items():
        _keep_up(browsers)
        for who, browser in browsers.items():
            for method in METHODS:
                want = expected(rules[name], who, method)
                got = ask(browser, method, path)
                kinds[want] += 1
                if got != want:
                    wrong.append(f"{method} {name} by {who}: {got}, where {want} is written")
    return kinds, wrong
