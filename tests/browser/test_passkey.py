"""A passkey by invitation, with Chromium's virtual authenticator in place of a finger."""

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.conf import LazySettings
from playwright.sync_api import Browser, CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from openhotline.accounts.models import Person
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.states import Role
from openhotline.core.clock import now

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FINGER = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def device(browser: Browser, live_server: LiveServer, log_for_one_test: None) -> Iterator[tuple[Page, CDPSession, str]]:
    """A browser on http://localhost, the one name without TLS that browsers allow passkeys on, with a finger."""
    origin = f"http://localhost:{urlsplit(live_server.url).port}"
    context = browser.new_context(base_url=origin)
    context.set_default_timeout(10_000)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    key = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGER})
    yield page, devtools, key["authenticatorId"]
    context.close()


def invite(role: Role = Role.SENIOR) -> str:
    """Return the path of a link for somebody called Sam."""
    _, token = invite_person(username="sam", name="Sam", role=role, practice=True, actor=None, now=now())
    return f"/desk/join/{token}/"


def enrol(page: Page) -> None:
    """Follow a link, add a passkey, keep the recovery codes, come to the desk."""
    page.goto(invite())
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="go to the desk").click()
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()


def test_by_invitation_with_a_passkey_and_in_again_with_it(device: tuple[Page, CDPSession, str]) -> None:
    page, _, _ = device
    enrol(page)
    assert Authenticator.objects.get(type="webauthn").user == Person.objects.get(username="sam")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="What waits")).to_be_visible()


def test_what_is_sensitive_asks_for_the_passkey_again(
    device: tuple[Page, CDPSession, str], settings: LazySettings
) -> None:
    page, _, _ = device
    enrol(page)
    page.get_by_role("link", name="Hash list").click()
    settings.FRESH = timedelta(0)
    page.get_by_role("button", name="Draft a release").click()
    expect(page.get_by_role("heading", name="Is it you?")).to_be_visible()
    settings.FRESH = timedelta(minutes=10)
    page.get_by_role("button", name="Use your passkey").click()
    expect(page.get_by_role("heading", name="Hash list")).to_be_visible()
    page.get_by_role("button", name="Draft a release").click()
    expect(page.get_by_text("Nothing was listed")).to_be_visible()


def test_a_key_that_asked_for_no_finger_is_refused(device: tuple[Page, CDPSession, str]) -> None:
    page, devtools, key = device
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": key, "isUserVerified": False})
    page.goto(invite())
    page.get_by_role("button", name="Use a passkey").click()
    page.get_by_role("button", name="Add this passkey").click()
    expect(page.locator("form[data-passkey] [role=status]")).to_contain_text("No passkey was used")
    assert not Authenticator.objects.exists()


def test_another_device_opens_nothing(device: tuple[Page, CDPSession, str]) -> None:
    page, devtools, key = device
    enrol(page)
    page.get_by_role("button", name="Sign out").click()
    devtools.send("WebAuthn.clearCredentials", {"authenticatorId": key})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("form[data-passkey] [role=status]")).to_contain_text("No passkey was used")
    page.goto("/desk/")
    expect(page.get_by_role("heading", name="Sign in to the desk")).to_be_visible()


def test_no_page_of_the_way_breaks_the_content_policy(device: tuple[Page, CDPSession, str]) -> None:
    page, _, _ = device
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    enrol(page)
    page.goto("/desk/ways-in/code-app/")
    assert page.locator("svg path").count() > 0
    assert [text for text in said if "Content Security Policy" in text] == []


def test_people_pages_make_a_link_and_record_dates(device: tuple[Page, CDPSession, str]) -> None:
    page, _, _ = device
    add_person(
        username="kim", name="Kim", role=Role.MANAGER, password="practice", practice=True, actor="test", now=now()
    )
    page.goto("/desk/people/invite/")
    page.get_by_label("Username").fill("kim")
    page.get_by_label("Password").fill("practice")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Name", exact=True).fill("Robin")
    page.get_by_label("Name to sign in with").fill("robin")
    page.get_by_label("Analyst", exact=True).check()
    page.get_by_role("button", name="Make the link").click()
    expect(page.locator("#link")).to_contain_text("/desk/join/")
    page.get_by_role("link", name="Back to the people").click()
    page.get_by_role("link", name="Robin").click()
    page.get_by_label("Vetting holds until").fill("2030-01-01")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_text("The dates are recorded.")).to_be_visible()
    assert str(Person.objects.get(username="robin").vetted_until) == "2030-01-01"
