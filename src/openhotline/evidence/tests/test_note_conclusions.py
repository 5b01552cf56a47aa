"""What people concluded is written beside what machines found."""

from datetime import datetime

import pytest

from fileorigin import Human
from fileorigin.evidence import CONCLUSIONS
from openhotline.audit.models import Record
from openhotline.evidence.models import Item
from openhotline.evidence.queries import evidence_digest, evidence_writes, file_evidence
from openhotline.evidence.services.note_conclusions import note_conclusions
from openhotline.law.states import AiInvolvement

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]
SAID = Human("wholly_synthetic", "dec_1", "2026-11-28T09:30:00Z")


def note(item: Item, said: Human, now: datetime) -> int:
    """Note it as the journey does, and read the item anew."""
    many = note_conclusions(said={item.pk: said}, actor="step:test", now=now)
    item.refresh_from_db()
    return many


def human(item: Item) -> Human | None:
    """Return what people concluded by the evidence."""
    found = file_evidence(item)
    return found and found.human


def test_nobody_has_said_anything_of_what_was_only_examined(examined: Item) -> None:
    assert human(examined) == Human()
    assert examined.provenance["human"] == {"decision": None, "by": None, "at": None}


def test_a_conclusion_stands_beside_what_machines_found(examined: Item, now: datetime) -> None:
    before = file_evidence(examined)
    assert note(examined, SAID, now) == 1
    after = file_evidence(examined)
    assert before is not None
    assert after is not None
    assert (after.findings, after.tag, after.run_at) == (before.findings, before.tag, before.run_at)
    assert after.human == SAID
    assert "file_sha256" not in examined.provenance


def test_a_correction_takes_its_place_and_the_same_again_does_nothing(examined: Item, now: datetime) -> None:
    note(examined, SAID, now)
    corrected = Human("real_picture_altered", "dec_2", "2026-11-28T10:30:00Z")
    assert [note(examined, corrected, now) for _ in range(2)] == [1, 0]
    assert human(examined) == corrected


def test_what_was_never_examined_has_no_place_for_it(examined: Item, now: datetime) -> None:
    Item.objects.update(provenance=None)
    assert note(examined, SAID, now) == 0
    assert examined.provenance is None


def test_the_log_holds_what_the_evidence_was(examined: Item, now: datetime) -> None:
    """Evidence changed behind the log is no longer what the log says."""
    note(examined, SAID, now)
    line = Record.objects.get(action="conclusions_noted")
    assert line.detail["evidence"] == evidence_digest(evidence_writes([examined]))
    examined.provenance["human"]["decision"] = "none_seen"
    assert line.detail["evidence"] != evidence_digest(evidence_writes([examined]))


def test_people_and_evidence_have_the_same_words() -> None:
    """A word that the facts have and the evidence has not would stop a decision on its way."""
    assert set(AiInvolvement) == CONCLUSIONS
