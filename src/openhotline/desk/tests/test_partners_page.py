"""Who reports by the API, as a manager sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core.clock import now
from openhotline.intake.models import PartnerKey
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
