"""The first of two people asks."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of, waiting_approvals
from openhotline.accounts.services.ask_approval import ask_approval

pytestmark = pytest.mark.django_db


def test_it_waits_for_a_day(senior: Person, now: datetime) -> None:
    asked = ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
    assert asked.expires_at == now + timedelta(days=1)
    assert waiting_approvals() == [asked] == [approval_of("release", "rel_1")]


def test_a_thing_has_one_live_approval(senior: Person, manager: Person, now: datetime) -> None:
    ask_approval(purpose="release", subject="rel_1", manifest_sha256="a" * 64, actor=senior, now=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask_approval(purpose="release", subject="rel_1", manifest_sha256="b" * 64, actor=manager, now=now)
