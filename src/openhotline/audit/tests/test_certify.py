"""What was taken back gets a certificate, once, that follows the one before."""

import json
from datetime import datetime

import pytest

from openhotline.audit.models import Record, TakenBack
from openhotline.audit.services.certify import certify, take_over

pytestmark = pytest.mark.django_db


def test_each_follows_the_one_before_and_is_recorded(now: datetime) -> None:
    assert certify(kind="purge", taken={"prg_a": {"items": []}, "prg_b": {}}, actor="test", now=now) == 2
    first, second = TakenBack.objects.order_by("number")
    told = json.loads(second.text)
    assert (told["number"], told["previous"], told["subject"]) == (2, first.digest, "prg_b")
    assert Record.objects.get(action="taken_back_certified").count == 2


def test_twice_is_once_and_another_kind_of_the_same_is_another(now: datetime) -> None:
    for kind in ("purge", "purge", "entry"):
        certify(kind=kind, taken={"one": {}}, actor="test", now=now)
    assert list(TakenBack.objects.order_by("number").values_list("number", "kind")) == [(1, "purge"), (2, "entry")]


def test_nothing_is_taken_over_from_an_empty_chain(now: datetime) -> None:
    assert take_over([]) == 0
