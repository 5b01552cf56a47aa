"""A purge that ended gets its place in the chain, with its certificate."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.audit.models import TakenBack
from openhotline.evidence.models import Item, Purge
from openhotline.evidence.services.certify_purges import certify_purges
from openhotline.evidence.states import PurgeState

pytestmark = pytest.mark.django_db


def test_each_that_ended_has_one_place(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], purge: Callable[..., Purge], now: datetime
) -> None:
    done = purge(seal(paint(1))[0])
    assert (certify_purges(actor="test", now=now), certify_purges(actor="test", now=now)) == (1, 0)
    row = TakenBack.objects.get()
    assert (row.kind, row.subject) == ("purge", done.public_id)
    assert json.loads(row.text)["content"] == done.certificate


def test_one_that_has_not_ended_has_none(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], purge: Callable[..., Purge], now: datetime
) -> None:
    done = purge(seal(paint(1))[0])
    Purge.objects.filter(pk=done.pk).update(state=PurgeState.BEGUN)
    assert certify_purges(actor="test", now=now) == 0
