"""One line of the log."""

from datetime import datetime
from hashlib import sha256

import pytest

from openhotline.audit.services.record import record

pytestmark = pytest.mark.django_db


def test_a_batch_keeps_count_and_digest_of_its_ids(now: datetime) -> None:
    row = record(actor="step:x", action="sealed", subject="items", ids=["itm_1", "itm_2"], now=now)
    assert (row.count, row.digest) == (2, sha256(b"itm_1\nitm_2").hexdigest())


def test_a_single_act_has_its_subject_as_digest(now: datetime) -> None:
    assert record(actor="per_a", action="seen", subject="itm_1", now=now).digest == sha256(b"itm_1").hexdigest()
