"""Signing in, with two factors; proving it again; and what is kept of the secrets."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.conf import LazySettings
from django.db import connection
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.accounts.signing_in import SEEN_AT, MFAAdapter
from openhotline.accounts.tests.conftest import Welcome
from openhotline.audit.models import Record
from openhotline.core import clock

pytestmark = pytest.mark.django_db
GOOD = "seven quiet herons at noon"


def code_of(secret: str) -> str:
    """Return what the app shows now."""
    return str(format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time())))))


def stored() -> str:
    """Return the table of factors as the database holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM mfa_authenticator")
        return json.dumps([str(row[0]) for row in cursor.fetchall()])


@pytest.fixture
def production(settings: LazySettings) -> None:
    """The rules of production. The routes are those of practice: they are read once, and other tests need them."""
    reverse("practice_start")
    settings.PRACTICE = False


@pytest.fixture
def joined(
    production: None, stranger: Client, link: Welcome, django_capture_on_commit_callbacks: Callable[..., Any]
) -> tuple[Client, str]:
    """Sam's browser, who came with a password and a code app; and the app's secret."""
    page = stranger.post(link.token, {"code": link.code, "password": GOOD}, follow=True).content.decode()
    found = re.search(r'class="code">([A-Z2-7]+)<', page)
    assert found, page
    with django_capture_on_commit_callbacks(execute=True):
        answer = stranger.post(reverse("mfa_activate_totp"), {"code": code_of(found[1])})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    return stranger, found[1]


def test_by_invitation_password_and_code_app_to_the_desk(joined: tuple[Client, str]) -> None:
    codes = joined[0].get(reverse("mfa_view_recovery_codes")).content.decode()
    assert len(re.findall(r"<li>\d{8}</li>", codes)) == 10
    assert joined[0].get(reverse("desk_home")).status_code == 200


def test_without_a_second_factor_production_opens_only_the_page_that_adds_one(
    production: None, stranger: Client, link: Welcome
) -> None:
    stranger.post(link.token, {"code": link.code, "password": GOOD})
    assert stranger.get(reverse("desk_home"))["Location"] == reverse("mfa_index")
    assert stranger.get(reverse("mfa_index")).status_code == 200


def test_the_password_alone_signs_nobody_in(joined: tuple[Client, str], settings: LazySettings) -> None:
    client = Client()
    answer = client.post(reverse("sign_in"), {"username": "sam", "password": GOOD})
    assert answer["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("desk_home"))["Location"].startswith(reverse("sign_in"))


def test_a_recovery_code_is_good_once(joined: tuple[Client, str]) -> None:
    code = re.findall(r"<li>(\d{8})</li>", joined[0].get(reverse("mfa_view_recovery_codes")).content.decode())[0]
    places = []
    for _ in range(2):
        client = Client()
        client.post(reverse("sign_in"), {"username": "sam", "password": GOOD})
        client.post(reverse("mfa_authenticate"), {"code": code})
        places.append(client.get(reverse("desk_home")).status_code)
    assert places == [200, 302]


def test_recovery_codes_are_shown_once(joined: tuple[Client, str]) -> None:
    client = joined[0]
    pages = [client.get(reverse("mfa_view_recovery_codes")).content.decode() for _ in range(2)]
    assert [bool(re.search(r"<li>\d{8}</li>", page)) for page in pages] == [True, False]


def test_the_secrets_lie_encrypted(joined: tuple[Client, str]) -> None:
    assert Authenticator.objects.count() == 2
    assert joined[1] not in stored()


def test_planted_bug_allauth_s_own_adapter_keeps_them_in_clear(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(MFAAdapter, "encrypt", DefaultMFAAdapter.encrypt)
    monkeypatch.setattr(MFAAdapter, "decrypt", DefaultMFAAdapter.decrypt)
    _, secret = request.getfixturevalue("joined")
    assert secret in stored()


def test_the_last_way_in_cannot_be_removed(joined: tuple[Client, str]) -> None:
    page = joined[0].post(reverse("mfa_deactivate_totp")).content.decode()
    assert "last way to sign in" in page
    assert Authenticator.objects.filter(type="totp").exists()


def test_after_five_wrong_passwords_the_name_has_to_wait(analyst: Person) -> None:
    client = Client()
    for _ in range(5):
        client.post(reverse("sign_in"), {"username": "analyst", "password": "wrong"})
    answer = client.post(reverse("sign_in"), {"username": "analyst", "password": "practice"})
    assert "Too many failed" in answer.content.decode()
    assert client.get(reverse("desk_home")).status_code == 302


def test_a_wrong_name_and_a_wrong_password_look_the_same(analyst: Person, stranger: Client) -> None:
    pages = [
        re.sub(
            r'(csrfmiddlewaretoken" value="|csrf-token" content="|value=")[^"]*',
            "",
            stranger.post(reverse("sign_in"), {"username": name, "password": "wrong"}).content.decode(),
        )
        for name in ("analyst", "nobody")
    ]
    assert pages[0] == pages[1]


def test_the_log_knows_who_signed_in_and_who_was_tried(analyst: Person, stranger: Client) -> None:
    for name, password in (("analyst", "wrong"), ("nobody", "x"), ("analyst", "practice")):
        stranger.post(reverse("sign_in"), {"username": name, "password": password})
    rows = Record.objects.filter(action__startswith="sign").values_list("action", "subject")
    assert list(rows.order_by("pk")) == [
        ("sign_in_failed", analyst.public_id),
        ("sign_in_failed", "nobody"),
        ("signed_in", analyst.public_id),
    ]


@pytest.fixture
def stale(senior: Person) -> Client:
    """The senior's browser, eleven minutes after signing in."""
    client = Client()
    client.force_login(senior)
    clock.advance(timedelta(minutes=11))
    return client


def test_what_is_sensitive_asks_to_prove_it_again(stale: Client) -> None:
    place = reverse("desk_lists")
    answer = stale.post(reverse("desk_list_draft"), headers={"referer": f"http://testserver{place}"})
    assert answer["Location"] == f"{reverse('prove')}?next=%2Fdesk%2Flists%2F"
    page = stale.get(answer["Location"], follow=True)
    assert "Is it you?" in page.content.decode()
    assert stale.get(place).status_code == 200


def test_once_proved_it_goes_on(stale: Client) -> None:
    way = reverse("account_reauthenticate")
    back = stale.post(f"{way}?next=/desk/lists/", {"password": "practice", "next": "/desk/lists/"})
    assert back["Location"] == "/desk/lists/"
    assert stale.post(reverse("desk_list_draft")).status_code == 409


def test_a_wrong_password_proves_nothing(stale: Client) -> None:
    stale.post(reverse("account_reauthenticate"), {"password": "wrong"})
    assert stale.post(reverse("desk_list_draft")).status_code == 302


def test_where_there_is_a_passkey_or_a_code_the_password_proves_nothing(stale: Client, senior: Person) -> None:
    Authenticator.objects.create(user=senior, type="totp", data={"secret": MFAAdapter().encrypt("JBSWY3DPEHPK3PXP")})
    stale.post(reverse("account_reauthenticate"), {"password": "practice"})
    assert stale.post(reverse("desk_list_draft")).status_code == 302
    stale.post(reverse("mfa_reauthenticate"), {"code": code_of("JBSWY3DPEHPK3PXP")})
    assert stale.post(reverse("desk_list_draft")).status_code == 409


def test_planted_bug_a_route_that_asks_for_no_proof_goes_through(
    stale: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.config.access.proved_within", lambda *_: True)
    assert stale.post(reverse("desk_list_draft")).status_code == 409


@pytest.mark.parametrize("place", ["//evil.example/", "https://evil.example/", "javascript:alert(1)"])
def test_the_way_back_stays_at_the_desk(stale: Client, place: str) -> None:
    assert stale.get(reverse("prove"), {"next": place})["Location"].endswith("next=%2Fdesk%2F")


def test_there_is_no_sign_up_and_no_reset_by_mail(stranger: Client) -> None:
    for place in ("signup", "password/reset", "email", "login/code", "2fa", "3rdparty"):
        assert stranger.get(f"/desk/{place}/").status_code == 404


def test_too_many_passkeys_tried_is_a_page_of_ours(stranger: Client, settings: LazySettings) -> None:
    settings.MFA_RATE_LIMITS = {"webauthn_login": "1/m/ip"}
    answers = [stranger.post(reverse("mfa_login_webauthn"), {"credential": "{}"}) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 429]
    assert "Too many tries" in answers[1].content.decode()


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '{"response": {}}', '{"response": {"userHandle": 1}}', "x"]
)
def test_a_passkey_that_is_none_signs_nobody_in(stranger: Client, credential: str) -> None:
    stranger.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"})
    assert stranger.post(reverse("mfa_login_webauthn"), {"credential": credential}).status_code == 302
    assert stranger.get(reverse("desk_home")).status_code == 302


def test_a_session_that_nobody_uses_ends(analyst: Person, settings: LazySettings) -> None:
    browser = Client()
    browser.force_login(analyst)
    assert browser.get(reverse("desk_home")).status_code == 200
    unused = browser.session
    unused[SEEN_AT] -= settings.IDLE.total_seconds() - 5
    unused.save()
    assert browser.get(reverse("desk_home")).status_code == 200
    unused = browser.session
    unused[SEEN_AT] -= settings.IDLE.total_seconds() + 5
    unused.save()
    assert browser.get(reverse("desk_home"))["Location"].startswith(reverse("sign_in"))
    assert browser.get(reverse("desk_home")).status_code == 302
