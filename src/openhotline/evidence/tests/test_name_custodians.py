"""Two people name the three custodians, and from then on the keys are sealed for them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from pyrage import x25519

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.core import offline
from openhotline.core.custodians import CustodianRefused
from openhotline.core.datakeys import data_keys
from openhotline.evidence.services.name_custodians import name_custodians
from openhotline.evidence.states import Work

pytestmark = pytest.mark.django_db


def test_they_are_named_and_the_keys_sealed_for_them(custodians: list[x25519.Identity]) -> None:
    named = offline.custodians_of(data_keys().folder)
    assert named is not None
    assert named.recipients == tuple(str(one.to_public()) for one in custodians)
    assert offline.is_up_to_date(data_keys().folder)
    assert Record.objects.get(action="custodians_named").detail == {"custodians": named.digest}


def test_two_are_not_enough(
    vault: Path, people: list[x25519.Identity], agree: Callable[..., int], operator: Person, now: datetime
) -> None:
    work = agree(Work.NAME_CUSTODIANS, recipients=[str(one.to_public()) for one in people[:2]])
    with pytest.raises(CustodianRefused, match="three custodians"):
        name_custodians(key_work_id=work, actor=operator, now=now)
    assert offline.custodians_of(data_keys().folder) is None


def test_others_take_their_place_and_the_files_are_theirs(
    custodians: list[x25519.Identity], agree: Callable[..., int], operator: Person, now: datetime
) -> None:
    others = [str(x25519.Identity.generate().to_public()) for _ in range(3)]
    before = offline.wrapped(data_keys().folder)
    name_custodians(key_work_id=agree(Work.NAME_CUSTODIANS, recipients=others), actor=operator, now=now)
    after = offline.wrapped(data_keys().folder)
    assert before is not None
    assert after is not None
    assert (before.custodians != after.custodians, before.digest == after.digest) == (True, True)
