"""The rows' file evidence is held against the log."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from typer.testing import CliRunner

from fileorigin import Human
from marking import Marked, landscape
from openhotline.audit.models import Record
from openhotline.config.cli import app
from openhotline.evidence.models import EvidenceWrite, Item
from openhotline.evidence.queries import row_digest
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.services.note_conclusions import note_conclusions
from openhotline.evidence.services.verify_evidence import ACTIONS, VerifiedEvidence

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]
SAID = Human("wholly_synthetic", "dec_1", "2026-11-28T09:30:00Z")


@pytest.fixture
def three(seal: Callable[..., list[Item]], now: datetime) -> list[Item]:
    """Three items examined in one batch; of the second people have concluded something, and corrected it."""
    items = seal(*(Marked(landscape(number)).picture() for number in range(3)))
    examine_items(ids=[item.pk for item in items], now=now)
    note_conclusions(said={items[1].pk: SAID}, actor="step:test", now=now)
    corrected = Human("not_determined", "dec_2", "2026-11-28T10:30:00Z")
    note_conclusions(said={items[1].pk: corrected}, actor="step:test", now=now)
    return list(Item.objects.order_by("pk"))


def differences() -> list[str]:
    """Return everything that is not as it was written."""
    return list(VerifiedEvidence().differences())


def test_what_was_written_is_what_is_there_also_after_a_correction(three: list[Item]) -> None:
    reading = VerifiedEvidence()
    assert list(reading.differences()) == []
    assert (reading.items, reading.records, reading.before) == (3, 3, 0)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_planted_bug_a_row_that_was_changed_behind_the_log_is_named(three: list[Item], place: int) -> None:
    """One word in one of the rows of a batch: that one, and no other."""
    changed = three[place]
    changed.provenance["findings"][3]["status"] = "present"
    Item.objects.filter(pk=changed.pk).update(provenance=changed.provenance)
    assert differences() == [f"{changed.public_id}: its file evidence is not what was written."]


def test_planted_bug_a_row_whose_digest_was_changed_with_it_is_in_a_batch_that_the_log_does_not_have(
    three: list[Item],
) -> None:
    EvidenceWrite.objects.filter(item=three[0]).update(digest="0" * 64)
    line = Record.objects.get(action="items_examined")
    assert differences() == [
        f"{line.uuid}: the digests of these 3 items are not the ones that the log has.",
        f"{three[0].public_id}: its file evidence is not what was written.",
    ]


def test_planted_bug_a_digest_that_the_log_does_not_know_vouches_for_nothing(three: list[Item]) -> None:
    """Who changes evidence may add a digest of it: under a line that is not there, or that says something else."""
    changed = three[0]
    changed.provenance["findings"][3]["status"] = "present"
    Item.objects.filter(pk=changed.pk).update(provenance=changed.provenance)
    other = Record.objects.exclude(action__in=ACTIONS).latest("pk").uuid
    for record in ("rec_none", other):
        EvidenceWrite.objects.create(item=changed, record=record, digest=row_digest(changed.provenance))
    assert differences() == [f"{changed.public_id}: its file evidence is not what was written."]


def test_planted_bug_evidence_from_before_a_correction_is_not_what_was_written_last(
    three: list[Item], now: datetime
) -> None:
    """Also when its digest is put behind the later one: the order is that of the log."""
    before, first = three[1].provenance, EvidenceWrite.objects.filter(item=three[1]).latest("pk")
    note_conclusions(said={three[1].pk: SAID}, actor="step:test", now=now)
    first.delete()
    EvidenceWrite.objects.create(item=three[1], record=first.record, digest=first.digest)
    Item.objects.filter(pk=three[1].pk).update(provenance=before)
    assert row_digest(before) == first.digest
    assert differences() == [f"{three[1].public_id}: its file evidence is not what was written."]


def test_what_was_taken_away_is_missed(three: list[Item]) -> None:
    line = Record.objects.get(action="items_examined")
    EvidenceWrite.objects.filter(item=three[0]).delete()
    Item.objects.filter(pk=three[2].pk).update(provenance=None)
    assert differences() == [
        f"{line.uuid}: the log has the evidence of 3 items here, and the digests of 2 are kept.",
        f"{three[2].public_id}: its file evidence is gone.",
    ]


def test_what_triage_asks_has_to_say_the_same_as_the_evidence(three: list[Item]) -> None:
    """The columns beside it are what the order of the queue is made from."""
    Item.objects.filter(pk=three[0].pk).update(real_basis="asserted_absent_signed")
    assert differences() == [f"{three[0].public_id}: beside its file evidence it says otherwise in real_basis."]


def test_what_an_earlier_version_wrote_is_counted_and_no_fault(three: list[Item]) -> None:
    """Its lines of the log have one digest of a batch and say nothing of each row."""
    EvidenceWrite.objects.all().delete()
    reading = VerifiedEvidence()
    reading._compared = lambda _lines: iter(())  # type: ignore[method-assign]
    assert list(reading.differences()) == []
    assert reading.before == 3


def test_the_command_names_what_was_changed_and_ends_with_one(three: list[Item]) -> None:
    whole = CliRunner().invoke(app, ["audit", "evidence"])
    assert (whole.exit_code, "all is as it was written" in whole.output) == (0, True)
    Item.objects.filter(pk=three[0].pk).update(suspects_altered_real=True)
    found = CliRunner().invoke(app, ["audit", "evidence", "--json"])
    told = json.loads(found.output)
    assert (found.exit_code, told["ok"], told["items"]) == (1, False, 3)
    assert told["faults"][0].startswith(three[0].public_id)
