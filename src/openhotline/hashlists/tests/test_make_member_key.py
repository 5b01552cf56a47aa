"""A key of a member is for what was agreed, and for nothing of a partner's."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.models import Person
from openhotline.hashlists.errors import NotAgreed
from openhotline.hashlists.models import Member
from openhotline.hashlists.services.make_member_key import make_member_key
from openhotline.hashlists.tests.asking import Machine
from openhotline.intake.models import PartnerKey
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("scope", "sentence"), [(Scope.LIST, "as far as list:read"), (Scope.WRITE, "a partner's")])
def test_a_scope_that_was_not_agreed_is_refused(
    make_member: Callable[..., Member], senior: Person, now: datetime, scope: Scope, sentence: str
) -> None:
    member, ends = make_member(download=False), now + timedelta(days=1)
    with pytest.raises(NotAgreed, match=sentence):
        make_member_key(member=member, scopes=[scope], expires_at=ends, actor=senior, now=now)


def test_the_database_keeps_a_keyed_hash(
    make_member: Callable[..., Member], machine_of: Callable[..., Machine]
) -> None:
    machine = machine_of(make_member())
    kept = PartnerKey.objects.get()
    assert machine.text.startswith("ohk_")
    assert machine.text not in str(vars(kept))


def test_a_key_for_one_thing_opens_no_other(
    make_member: Callable[..., Member], machine_of: Callable[..., Machine]
) -> None:
    machine = machine_of(make_member(), Scope.MATCH)
    assert machine.get("v1/status").status_code == 200
    assert machine.get("v1/list").status_code == 403
    assert machine.post("v1/feedback", {"entry": "ent_x", "verdict": "confirm"}).status_code == 403
