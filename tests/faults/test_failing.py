"""The named moments are moments of what really runs: one that nobody comes to would be counted as survived."""

from datetime import datetime

import pytest
from django.test import Client

from faults import failing
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.intake.models import Address

OF_OTHERS = {"a release is written", "a release is in its place", "a mail is handed in"}
"""`fault_release.py` and `fault_removal.py` cover them: their figures are short without."""


@pytest.fixture
def reached(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every moment that is reached, in turn; nobody dies."""
    seen: list[str] = []
    monkeypatch.setattr(failing, "perhaps_die", seen.append)
    for owner, name, before, after in failing.places():
        monkeypatch.setattr(owner, name, failing.dying(getattr(owner, name), before=before, after=after))
    return seen


def test_a_file_is_sealed_past_every_moment_of_the_order_of_writing(
    log_for_one_test: None, reached: list[str], now: datetime
) -> None:
    """Key, object, flush, row: and each can be died at."""
    address = Address.objects.create(lookup="a", raw="x", canonical="x", first_seen_at=now)
    reached.clear()
    seal_files(files=[SealableFile(data=b"x", address_id=address.pk)], now=now)
    assert reached == [
        "data keys are made",
        "an object is written",
        "before objects are flushed",
        "objects are flushed",
        "before a commit",
        "after a commit",
    ]


def test_no_named_moment_is_out_of_reach(log_for_one_test: None, reached: list[str], now: datetime) -> None:
    address = Address.objects.create(lookup="a", raw="x", canonical="x", first_seen_at=now)
    seal_files(files=[SealableFile(data=b"x", address_id=address.pk)], now=now)
    Client().get("/")
    named = {moment for *_, before, after in failing.places() for moment in (before, after) if moment}
    assert named - {*reached} == OF_OTHERS
    assert named >= failing.SELDOM
