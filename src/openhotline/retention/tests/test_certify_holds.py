"""A legal hold gets its place in the chain, and another one when it is prolonged."""

import json
from datetime import datetime, timedelta

import pytest

from openhotline.audit.models import TakenBack
from openhotline.retention.services.certify_holds import certify_holds
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause

pytestmark = pytest.mark.django_db
SAID = "Case 7, DC Somebody"


def test_subject_cause_and_end_and_nothing_that_was_written(now: datetime) -> None:
    fields = {"subject": "itm_a", "cause": HoldCause.POLICE, "reference": SAID, "actor": "per_a", "now": now}
    for days in (10, 20):
        place_hold(until=now + timedelta(days=days), **fields)
        assert [certify_holds(actor="test", now=now) for _ in range(2)] == [1, 0]
    texts = list(TakenBack.objects.order_by("number").values_list("text", flat=True))
    assert json.loads(texts[1])["content"] == {
        "subject": "itm_a",
        "cause": "police",
        "until": (now + timedelta(days=20)).isoformat(),
    }
    assert not any("Somebody" in text for text in texts)
