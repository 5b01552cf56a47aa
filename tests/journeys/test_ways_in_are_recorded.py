"""No way in comes, goes, is shown or is used without a line of the log in the same transaction."""

import re
from collections.abc import Iterator

import pytest
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.passkey import Passkey
from journeys.watch import Watch
from openhotline.accounts import urls
from openhotline.accounts.models import Person
from openhotline.audit.models import Record

pytestmark = pytest.mark.django_db
TALLIED = {"accounts_attempt"}  # how often somebody tried
# Routes that change nobody's ways in, and why.
OTHERS = {"sign_out": "ends a session", "prove": "leads on", "mfa_index": "reads", "mfa_list_webauthn": "reads"}


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What is written while the test runs."""
    watch = Watch()
    with connection.execute_wrapper(watch):
        yield watch


class Ways:
    """Somebody at the pages of their ways in, and which of these they came to."""

    def __init__(self, person: Person) -> None:
        self.person, self.walked = person, {"join"}
        self.key = Passkey(user_pk_to_url_str(person))
        self.browser = Client()
        self.secret = ""

    def post(self, route: str, *args: int, **form: str) -> bool:
        """Send the form of one page; say whether it was taken."""
        self.walked.add(route)
        return self.browser.post(reverse(route, args=args), form).status_code == 302

    def code(self) -> str:
        """Return what the code app shows."""
        return str(format_hotp_value(hotp_value(self.secret, next(iter(yield_hotp_counters_from_time())))))

    def signs_in(self) -> None:
        """Come with name and password, in a new browser."""
        self.browser = Client()
        self.post("sign_in", username=self.person.username, password="practice")

    def adds_code_app(self) -> None:
        """Scan the picture and type what the app shows."""
        page = self.browser.get(reverse("mfa_activate_totp")).content.decode()
        self.secret = re.findall(r'class="code">([A-Z2-7]+)<', page)[0]
        assert self.post("mfa_activate_totp", code=self.code())

    def adds_passkey(self) -> None:
        """Lay a finger on a new key."""
        self.browser.get(reverse("mfa_add_webauthn"))
        assert self.post("mfa_add_webauthn", name="key", credential=self.key.made(self.browser))

    def reads_codes(self) -> list[str]:
        """Look at the recovery codes."""
        self.walked.add("mfa_view_recovery_codes")
        page = self.browser.get(reverse("mfa_view_recovery_codes")).content.decode()
        return re.findall(r"<li>(\d{8})</li>", page)


def lines() -> list[tuple[str, object]]:
    """Return what the log says of ways in, with the kind."""
    rows = Record.objects.exclude(action="person_added").order_by("pk")
    return [(row.action, row.detail.get("by", row.detail.get("kind"))) for row in rows]


@pytest.fixture
def ways(analyst: Person) -> Ways:
    """The analyst, who has a password only, signed in."""
    ways = Ways(analyst)
    ways.signs_in()
    return ways


def test_every_way_in_is_recorded_by_its_kind(ways: Ways, watch: Watch) -> None:
    """Every route that adds, shows, uses or removes one; what the library itself says of them is not relied on."""
    ways.post("account_reauthenticate", password="practice")
    ways.adds_code_app()
    codes = ways.reads_codes()
    ways.post("mfa_generate_recovery_codes")
    codes = ways.reads_codes() or codes
    ways.adds_passkey()
    ways.post("mfa_reauthenticate", code=codes[0])
    ways.browser.get(reverse("mfa_reauthenticate_webauthn"))
    ways.post("mfa_reauthenticate_webauthn", credential=ways.key.used(ways.browser))
    ways.signs_in()
    ways.post("mfa_authenticate", code=codes[1])
    ways.browser = Client()
    ways.browser.get(reverse("mfa_login_webauthn"), headers={"x-requested-with": "XMLHttpRequest"})
    ways.post("mfa_login_webauthn", credential=ways.key.used(ways.browser))
    ways.post("mfa_deactivate_totp")
    ways.adds_code_app()
    ways.post("mfa_remove_webauthn", Authenticator.objects.get(type="webauthn").pk)

    assert lines() == [
        ("signed_in", "password"),
        ("proved_again", "password"),
        ("factor_added", "totp"),
        ("factor_added", "recovery_codes"),
        ("recovery_codes_shown", "recovery_codes"),
        ("factor_removed", "recovery_codes"),
        ("factor_added", "recovery_codes"),
        ("recovery_codes_shown", "recovery_codes"),
        ("factor_added", "webauthn"),
        ("proved_again", "recovery_codes"),
        ("proved_again", "webauthn"),
        ("signed_in", "recovery_codes"),
        ("signed_in", "webauthn"),
        ("factor_removed", "totp"),
        ("factor_added", "totp"),
        ("factor_removed", "webauthn"),
    ]
    assert watch.unrecorded <= TALLIED
    assert "mfa_authenticator" in watch.seen
    named = {one.name for one in urls.urlpatterns if one.name not in {*OTHERS, "account_login"}}
    assert ways.walked == named


def test_planted_new_recovery_codes_without_a_line_are_seen(
    ways: Ways, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    ways.adds_code_app()
    monkeypatch.setattr("openhotline.accounts.signing_in._note", lambda *_: None)
    ways.post("mfa_generate_recovery_codes")
    assert watch.unrecorded - TALLIED == {"mfa_authenticator"}
