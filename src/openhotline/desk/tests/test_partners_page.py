"""Who reports by the API, as a manager sees it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Approval, Person
from openhotline.audit.models import Record
from openhotline.core.clock import now
from openhotline.intake.models import AskedKey, Partner, PartnerKey
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def key(db: None) -> tuple[PartnerKey, str]:
    """A partner's key, and its text."""
    partner = add_partner(name="Example Platform", hourly=1000, actor="test", now=now())
    ends = now() + timedelta(days=30)
    return make_partner_key(partner=partner, scopes=list(Scope), expires_at=ends, actor="test", now=now())


@pytest.fixture
def desk(sign_in: Callable[[Person], Client], manager: Person) -> Client:
    """The manager's browser."""
    return sign_in(manager)


def test_partners_stand_there_with_their_keys_and_no_key_can_be_read(desk: Client, key: tuple[PartnerKey, str]) -> None:
    page = desk.get(reverse("desk_partners")).content.decode()
    assert "Example Platform" in page
    assert f"{key[0].public_id}</span>, " in page
    assert "in force" in page
    assert key[1] not in page


def test_a_revoked_key_opens_nothing_and_the_log_says_who_did_it(
    desk: Client, key: tuple[PartnerKey, str], manager: Person
) -> None:
    page = desk.post(reverse("desk_partner_revoke"), {"key": key[0].public_id}, follow=True).content.decode()
    assert "opens nothing any more" in page
    assert "Revoke<" not in page
    assert PartnerKey.objects.shown(key[1], now=now()) is None
    assert Record.objects.get(action="partner_key_revoked").actor == manager.public_id


@pytest.mark.parametrize("name", ["", "key_none", "\0"])
def test_a_key_that_is_none_is_a_sentence(desk: Client, name: str) -> None:
    answer = desk.post(reverse("desk_partner_revoke"), {"key": name})
    assert (answer.status_code, "There is no key" in answer.content.decode()) == (404, True)


def test_without_partners_the_page_says_so(desk: Client) -> None:
    assert "There is no partner yet." in desk.get(reverse("desk_partners")).content.decode()


@pytest.fixture
def second(sign_in: Callable[[Person], Client], operator: Person) -> Client:
    """The operator's browser."""
    return sign_in(operator)


def shown(browser: Client, route: str = "desk_partners") -> str:
    """A page, in its text."""
    return browser.get(reverse(route)).content.decode()


def asked_for(desk: Client, **told: object) -> str:
    """Add a partner, ask for a key for it at the desk, and return what is said then."""
    desk.post(reverse("desk_partner_add"), {"name": "Example Platform", "hourly": 10})
    partner = Partner.objects.get().public_id
    sent = {"partner": partner, "scopes": ["report:write"], "days": 30} | told
    return desk.post(reverse("desk_partner_ask"), sent, follow=True).content.decode()


def approve_all(browser: Client) -> None:
    """Approve what waits, as it is shown."""
    for one in Approval.objects.all():
        sent = {"approval": one.public_id, "manifest_sha256": one.manifest_sha256, "approve": ""}
        browser.post(reverse("desk_approve"), sent)


def make(browser: Client) -> str:
    """Press the button, and return what is shown."""
    return browser.post(reverse("desk_partner_make"), {"asked": AskedKey.objects.get().public_id}).content.decode()


def test_a_key_is_asked_for_approved_made_and_shown_once(desk: Client, second: Client) -> None:
    assert "Another person has to approve it" in asked_for(desk)
    assert "gets a key for 30 days" in shown(second, "desk_approve")
    approve_all(second)
    assert "Whoever asked for it makes it." in shown(second)
    assert "Make the key<" in shown(desk)
    found = re.search(r'id="key">(ohk_[a-z2-7]+)<', make(desk))
    assert found is not None
    assert PartnerKey.objects.shown(found[1], now=now()) is not None
    assert "made already" in make(desk)
    assert found[1] not in shown(desk)


def test_before_another_person_agreed_there_is_no_button_and_no_key(desk: Client) -> None:
    asked_for(desk)
    approve_all(desk)
    assert "Make the key<" not in shown(desk)
    assert "ohk_" not in make(desk)
    assert not PartnerKey.objects.exists()


def test_who_approved_is_never_shown_the_key(desk: Client, second: Client) -> None:
    asked_for(desk)
    approve_all(second)
    assert "ohk_" not in make(second)


@pytest.mark.parametrize("told", [{"days": 731}, {"days": "x"}, {"scopes": []}, {"scopes": ["report:all"]}])
def test_a_key_that_cannot_be_is_told_beside_its_field(desk: Client, told: dict[str, object]) -> None:
    page = asked_for(desk, **told)
    assert "Something needs another look" in page
    assert "<details open>" in page
    assert not AskedKey.objects.exists()


@pytest.mark.parametrize("name", ["", "par_none", "\0"])
def test_a_key_for_nobody_is_a_sentence(desk: Client, name: str) -> None:
    answer = desk.post(reverse("desk_partner_ask"), {"partner": name})
    assert (answer.status_code, "There is no such partner" in answer.content.decode()) == (404, True)


def test_a_partner_without_a_name_is_not_added(desk: Client) -> None:
    page = desk.post(reverse("desk_partner_add"), {"name": " ", "hourly": 0}).content.decode()
    assert "Write what it is called." in page
    assert not Partner.objects.exists()
