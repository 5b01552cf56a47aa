"""Roles by routes by methods, cell by cell; sessions, headers and tokens over every route."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.conf import LazySettings
from django.db import connection
from django.test import Client

from journeys.access_cells import METHODS, STRANGER, addresses, answered, differing, everybody, written
from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission, Role, holders
from openhotline.config.access import ACCESS, Access
from openhotline.core import clock

pytestmark = pytest.mark.django_db
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The questions of the guidance may be kept by the reader's own browser, which could not go back to them otherwise.
KEPT_FOR_BACK = {"guidance": "private, no-cache"}


def test_what_is_written_names_every_route_there_is() -> None:
    assert set(written()) == set(addresses()) == set(ACCESS)


@pytest.mark.slow
def test_every_cell_is_as_it_is_written() -> None:
    """On SQLite all of them; on the second database, which decides nothing of this, every eighth route."""
    places = dict([*sorted(addresses().items())][:: 1 if connection.vendor == "sqlite" else 8])
    kinds, wrong = differing(written(), places)
    assert wrong == []
    assert sum(kinds.values()) == len(places) * (len(Role) + 2) * len(METHODS)
    assert len(places) == len(ACCESS) or connection.vendor != "sqlite"


@pytest.mark.parametrize("route", ["desk_approve", "media_reveal"])
def test_the_cells_of_some_routes(route: str) -> None:
    _, wrong = differing(written(), {route: addresses()[route]})
    assert wrong == []


@pytest.mark.parametrize(
    ("route", "opened", "who"),
    [
        pytest.param(
            "desk_list_publish", Access(frozenset(Role), frozenset({"POST"})), "auditor", id="a role too many"
        ),
        pytest.param(
            "desk_sheet",
            Access(holders(Permission.ASSESS), frozenset({"GET", "HEAD"})),
            "analyst",
            id="a method too few",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "desk_people",
            Access(frozenset(), frozenset({"GET", "HEAD"})),
            STRANGER,
            id="open to strangers",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_planted_bug_a_cell_that_is_not_as_written_is_seen(
    monkeypatch: pytest.MonkeyPatch, route: str, opened: Access, who: str
) -> None:
    monkeypatch.setitem(ACCESS, route, opened)
    _, wrong = differing(written(), {route: addresses()[route]})
    assert any(f"by {who}:" in line for line in wrong)


def test_planted_bug_without_the_middleware_cells_are_open(settings: LazySettings) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("access.access")]
    _, wrong = differing(written(), {"desk_report": addresses()["desk_report"]})
    assert any("by stranger" in line for line in wrong)


@pytest.mark.slow
def test_what_asks_for_proof_asks_by_every_route_that_is_written_so() -> None:
    """Eleven minutes after signing in: of the routes of the table, and of no other."""
    browsers = everybody()
    clock.advance(timedelta(minutes=11))
    asked = set()
    for name, path in addresses().items():
        roles = sorted(ACCESS[name].roles)
        for method in METHODS if roles else ():
            if answered(browsers[roles[0]], method, path) == "prove it":
                asked.add((name, method))
    assert asked == {(name, method) for name, rule in ACCESS.items() for method in rule.fresh}


SENSITIVE = {
    "desk_approve", "desk_list_keep", "desk_list_withdraw", "desk_list_draft", "desk_list_publish",
    "desk_referral_draft", "desk_referral_build", "desk_referral_give",
    "desk_referral_withdraw", "desk_urgent_send", "desk_urgent_sign", "desk_numbers_publish", "desk_report_publish",
    "desk_partner_add", "desk_partner_revoke", "desk_invite",
    "desk_partner_ask", "desk_partner_make",
    "desk_person_role", "desk_person_dates", "desk_person_disable",
    "desk_person_invite", "mfa_add_webauthn", "mfa_remove_webauthn", "mfa_activate_totp", "mfa_deactivate_totp",
    "mfa_generate_recovery_codes", "desk_sweep_add", "desk_sweep_begin",
    "desk_list_held", "desk_abroad_act", "desk_removal_hold",
    "desk_removal_origin", "desk_hold", "desk_provider_add", "desk_provider_decide", "desk_takedown_complaint_answer",
}  # fmt: skip


def test_releases_referrals_roles_exports_and_ways_in_are_sensitive() -> None:
    assert {name for name, rule in ACCESS.items() if "POST" in rule.fresh} == SENSITIVE


@pytest.mark.slow
@pytest.mark.parametrize("who", [STRANGER, "senior_analyst"])
def test_every_answer_carries_every_header(who: str) -> None:
    browser = everybody()[who]
    cookies = browser.cookies.copy()
    for name, path in addresses().items():
        for method in ("GET", "POST"):
            browser.cookies = cookies.copy()
            headers = browser.generic(method, path).headers
            wanted = HEADERS | {"Cache-Control": KEPT_FOR_BACK.get(name, HEADERS["Cache-Control"])}
            assert {key: headers.get(key) for key in HEADERS} == wanted, name
            policy = headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy, name
            assert "unsafe" not in policy, name


def test_planted_bug_without_the_middleware_a_page_may_be_kept(settings: LazySettings, stranger: Client) -> None:
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("headers.headers")]
    headers = stranger.get("/").headers
    assert "Content-Security-Policy" not in headers
    assert "Cache-Control" not in headers


def posts() -> set[str]:
    return {name for name, rule in ACCESS.items() if "POST" in rule.methods}


def by_key() -> set[str]:
    """Who asks the API shows a key that no browser sends by itself, and cookies are nothing to it."""
    return {name for name in posts() if name.startswith(("api_", "members_", "hma_"))}


@pytest.mark.slow
def test_what_posts_refuses_a_form_of_another_site(senior: Person) -> None:
    """It comes with the cookies and without the token; and the browser says where it is from."""
    browser = Client(enforce_csrf_checks=True, headers={"sec-fetch-site": "cross-site"})
    browser.force_login(senior)
    assert {browser.post(addresses()[name]).status_code for name in posts() - by_key()} == {403}


# Forms of strangers: no session stands behind them, and they need no cookie (docs/adr/0012-forms-without-a-cookie.md).
OPEN = {
    "report_address", "report_details", "report_more", "report_check", "no_address",
    "receipt_look", "receipt_answer", "receipt_withdraw",
    "young", "young_keep", "young_send", "young_undo",
    "guidance", "guidance_search", "provider",
}  # fmt: skip


@pytest.mark.slow
def test_what_a_session_stands_behind_needs_the_page_s_token(senior: Person) -> None:
    """Also from a browser that does not say where a form is from."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(senior)
    assert {browser.post(addresses()[name]).status_code for name in by_key()} == {401}
    let_in = {name for name in posts() if browser.post(addresses()[name]).status_code != HTTPStatus.FORBIDDEN}
    assert let_in - by_key() == OPEN


@pytest.mark.slow
def test_a_session_of_somebody_disabled_opens_nothing() -> None:
    gone = everybody()["disabled"]
    for name, path in addresses().items():
        if ACCESS[name].roles:
            assert answered(gone, "GET", path) == "sign in"


@pytest.mark.slow
def test_a_session_from_before_a_change_of_role_opens_nothing() -> None:
    browsers = everybody()
    Person.objects.update(role=Role.AUDITOR, epoch=1)
    for name, path in addresses().items():
        if ACCESS[name].roles:
            assert {answered(browsers[role], "GET", path) for role in Role} == {"sign in"}, name


@pytest.mark.slow
def test_in_production_a_session_without_a_second_factor_only_comes_to_where_one_is_added(
    settings: LazySettings,
) -> None:
    browsers = everybody()
    settings.PRACTICE = False
    Person.objects.update(practice=False)
    for name, path in addresses().items():
        rule = ACCESS[name]
        if rule.roles and not rule.half and not rule.practice:
            answer = browsers[min(rule.roles)].get(path)
            assert (answer.status_code, answer["Location"]) == (302, addresses()["mfa_index"]), name


def test_outside_practice_the_practice_pages_are_not_there(settings: LazySettings, stranger: Client) -> None:
    settings.PRACTICE = False
    practice = [name for name, rule in ACCESS.items() if rule.practice]
    assert {answered(stranger, "GET", addresses()[name]) for name in practice} == {"forbidden"}
