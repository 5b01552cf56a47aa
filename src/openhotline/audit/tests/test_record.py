"""One line of the log."""

from datetime import datetime
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.audit.errors import NotClosed
from openhotline.audit.models import Record
from openhotline.audit.policies import check_closed
from openhotline.audit.services.record import record
from openhotline.core.ids import digest_of

pytestmark = pytest.mark.django_db


def test_a_batch_keeps_count_and_digest_of_its_ids(now: datetime) -> None:
    row = record(actor="step:x", action="sealed", subject="items", ids=["itm_1", "itm_2"], now=now)
    assert (row.count, row.digest) == (2, sha256(b"itm_1\nitm_2").hexdigest())


def test_a_single_act_has_its_subject_as_digest(now: datetime) -> None:
    assert record(actor="per_a", action="seen", subject="itm_1", now=now).digest == sha256(b"itm_1").hexdigest()


@pytest.mark.parametrize(
    "value",
    [
        "http://site.example/a",
        "site.example",
        "127.0.0.1",
        "2001:db8::1",
        "somebody@site.example",
        "Jo Doe",
        "she told us on Monday",
        "a/b",
    ],
)
@pytest.mark.parametrize("place", ["actor", "subject", "detail"])
def test_no_address_name_or_sentence_comes_into_the_log(now: datetime, value: str, place: str) -> None:
    fields = {"actor": "per_a", "subject": "itm_1"} | ({} if place == "detail" else {place: value})
    with pytest.raises(NotClosed, match="closed value") as refused:
        record(action="seen", now=now, detail={"kind": value} if place == "detail" else None, **fields)
    assert value not in str(refused.value)
    assert not Record.objects.exists()


@pytest.mark.parametrize(
    "value",
    [
        1,
        0.5,
        True,
        None,
        "GB-EAW",
        "2026-11-21T12:00:00+00:00",
        "two_people",
        "itm_6nrsk7dlnbv5c3x3ag2okke2ky",
        digest_of(["x"]),
    ],
)
def test_closed_values_may_stand_in_it(value: object) -> None:
    check_closed({"kind": value})


@given(st.from_regex(r"https?://[a-z]{1,20}\.[a-z]{2,6}(/[a-z0-9.]*)?", fullmatch=True))
def test_no_address_is_closed(address: str) -> None:
    with pytest.raises(NotClosed):
        check_closed({"kind": address})


def test_a_list_is_no_closed_value() -> None:
    with pytest.raises(NotClosed, match="a list"):
        check_closed({"kind": ["x"]})
