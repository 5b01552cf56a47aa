"""Records of a class end, a batch at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import KeyChoice, Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.invite_again import invite_again
from openhotline.assessment.models import Assessment, Decision
from openhotline.assessment.states import DecisionState
from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.endings.models import Ended, Ending
from openhotline.endings.queries import due_for_people
from openhotline.endings.services import end_records as module
from openhotline.endings.services.draft_ending import draft_ending
from openhotline.endings.services.end_records import Told, end_records
from openhotline.evidence.models import Item, Purge, Tombstone
from openhotline.exposure.models import Alert
from openhotline.hashlists.models import Entry
from openhotline.intake.models import Answer, Question, Report
from openhotline.intake.states import Lane, ReportState
from openhotline.retention.queries import held_subjects, record_classes
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import HoldCause
from openhotline.triage.models import Selection

End = Callable[..., Told]
LONG = timedelta(days=4000)


@pytest.fixture
def end(manager: Person, now: datetime) -> End:
    """End records as the manager."""

    def run(name: str, names: list[str] | None = None, actor: Person = manager, at: datetime = now) -> Told:
        ending = draft_ending(record_class=name, names=names, actor=actor, now=at)
        return end_records(ending_id=ending.pk, actor=actor, now=at)

    return run


def hold(subject: str, now: datetime) -> None:
    place_hold(
        subject=subject, cause=HoldCause.COURT, reference="7", until=now + LONG, actor="per_a", now=now
    )  # fmt: skip


def due(name: str, now: datetime) -> tuple[int, int, int]:
    (one,) = due_for_people([record_classes()[name]], held_subjects(now), now)
    return one.due, one.held, one.open


def test_what_was_told_goes_and_the_report_stays_counted(old: list[Report], end: End, now: datetime) -> None:
    question = Question.objects.create(report=old[0], asked_at=now, sealed=b"x")
    Answer.objects.create(question=question, answered_at=now, sealed=b"x", sending="y")
    assert end("reports") == Told(ended=2)
    assert set(Report.objects.values_list("details", "source", "received_at")) == {(None, "public", old[0].received_at)}
    assert not Question.objects.exists()
    assert due("reports", now) == (0, 0, 0)


def test_a_receipt_ends_with_all_others_and_not_with_its_report(old: list[Report], end: End) -> None:
    Report.objects.filter(pk=old[0].pk).update(receipt="hash")
    end("reports")
    assert Report.objects.get(pk=old[0].pk).receipt == "hash"


def test_the_log_counts_and_names_nobody(old: list[Report], end: End) -> None:
    end("reports")
    line = Record.objects.get(action="records_ended")
    assert (line.count, line.detail) == (2, {"kind": "reports", "gone": 0, "written": 2, "left": 0})
    assert line.subject.startswith("end_")


def test_what_is_held_stays_and_says_by_whom(old: list[Report], end: End, now: datetime) -> None:
    hold(old[0].public_id, now)
    assert due("reports", now) == (2, 1, 0)
    told = end("reports")
    assert (told.ended, "legal hold (court)" in told.left[old[0].public_id]) == (1, True)
    assert Report.objects.get(pk=old[0].pk).details is not None


def test_planted_bug_a_hold_that_is_not_asked_for_lets_it_end(
    old: list[Report], end: End, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(old[0].public_id, now)
    monkeypatch.setattr(module, "held_subjects", lambda _now: {})
    assert end("reports").ended == 2


def test_holds_are_asked_for_once_the_rows_are_locked(
    old: list[Report], end: End, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hold that is placed while the rows are waited for is seen."""
    locked = module._locked

    def slow(*given: object) -> dict[int, str]:
        rows = locked(*given)  # type: ignore[arg-type]
        hold(old[0].public_id, now)
        return rows

    monkeypatch.setattr(module, "_locked", slow)
    assert list(end("reports").left) == [old[0].public_id]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"state": ReportState.RECEIVED}, "not screened yet"),
        ({"state": ReportState.FOR_A_PERSON}, "nobody has read it"),
        ({"lane": Lane.URGENT}, "nobody has read it"),
        ({"received_at": datetime(2026, 11, 20).astimezone()}, "its time is not over: 3650 days"),
    ],
)
def test_what_is_not_over_stays(
    old: list[Report], end: End, now: datetime, changes: dict[str, object], sentence: str
) -> None:
    Report.objects.filter(pk=old[0].pk).update(**changes)
    told = end("reports", [one.public_id for one in old])
    assert (told.ended, sentence in told.left[old[0].public_id]) == (1, True)


def test_what_is_no_record_of_the_class_is_said(old: list[Report], end: End) -> None:
    told = end("reports", ["rep_none", "per_a", old[0].public_id])
    assert told.ended == 1
    assert "no such record" in told.left["rep_none"]
    assert "no record of the class" in told.left["per_a"]


def test_it_is_taken_up_where_it_broke_off(
    old: list[Report], manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    ending = draft_ending(record_class="reports", names=None, actor=manager, now=now)

    def stop(_done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        end_records(ending_id=ending.pk, actor=manager, now=now, progress=stop)
    assert (Ended.objects.count(), Ending.objects.get().state) == (1, "begun")
    assert end_records(ending_id=ending.pk, actor=manager, now=now) == Told(ended=1)
    assert end_records(ending_id=ending.pk, actor=manager, now=now) == Told()
    assert Record.objects.filter(action="records_ended").count() == 2


def test_what_two_run_at_once_is_done_by_one(
    old: list[Report], manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "BATCH", 1)
    ending = draft_ending(record_class="reports", names=None, actor=manager, now=now)

    def meanwhile(done: int) -> None:
        if done == 1:
            end_records(ending_id=ending.pk, actor=manager, now=now)

    with pytest.raises(NotNow, match="Somebody else"):
        end_records(ending_id=ending.pk, actor=manager, now=now, progress=meanwhile)
    assert Ended.objects.count() == 2


def test_what_is_kept_does_not_stand_before_what_can_end(
    old: list[Report], manager: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openhotline.endings.services.draft_ending.MOST", 1)
    hold(old[0].public_id, now)
    ending = draft_ending(record_class="reports", names=None, actor=manager, now=now)
    assert ending.names == [old[1].public_id]


def test_opinions_go_with_the_last_decision_that_rests_on_them(
    make_item: Callable[..., Item], manager: Person, senior: Person, now: datetime
) -> None:
    for person in (manager, senior):
        person.vetted_until = person.trained_until = (now + 2 * LONG).date()
        person.save(update_fields=["vetted_until", "trained_until"])
    item = make_item(seed=1)
    facts = {"ai_involvement": "none_seen", "real_child": "yes"}
    first, last = (
        Decision.objects.create(
            item=item, facts=facts, consensus=2, state=state, made_at=at, publish_after=at, published_at=at
        )
        for state, at in ((DecisionState.CORRECTED, now - LONG), (DecisionState.PUBLISHED, now))
    )
    opinion = Assessment.objects.create(item=item, person="per_a", facts=facts, idempotency="x", made_at=now)
    for decision, moment, left in ((first, now, facts), (last, now + LONG, {})):
        ending = draft_ending(record_class="assessments", names=[decision.public_id], actor=manager, now=moment)
        sign(ending, senior, moment)
        assert end_records(ending_id=ending.pk, actor=manager, now=moment) == Told(ended=1)
        opinion.refresh_from_db()
        decision.refresh_from_db()
        assert opinion.facts == left
        assert {name for name, said in decision.facts.items() if said != "not_determined"} == {"ai_involvement"}


def test_one_person_alone_ends_no_evidence(
    make_item: Callable[..., Item], manager: Person, senior: Person, now: datetime
) -> None:
    item = _purged(make_item(seed=1), now)
    ending = draft_ending(record_class="evidence", names=[item.public_id], actor=manager, now=now)
    with pytest.raises(NotApproved):
        end_records(ending_id=ending.pk, actor=manager, now=now)
    sign(ending, senior, now)
    Ending.objects.filter(pk=ending.pk).update(names=[item.public_id, "itm_other"])
    with pytest.raises(NotApproved, match="is not this"):
        end_records(ending_id=ending.pk, actor=manager, now=now)


def sign(ending: Ending, person: Person, now: datetime) -> None:
    asked = approval_of("ending", ending.public_id)
    assert asked is not None
    approve(approval_id=asked.pk, manifest_sha256=ending.manifest_sha256, actor=person, now=now)


def _purged(item: Item, now: datetime) -> Item:
    Selection.objects.update_or_create(
        item=item, defaults={"state": "set_aside", "reason": "too_small", "at": now - LONG}
    )
    purge = Purge.objects.create(reason="retention_ended", manifest={"items": []}, drafted_at=now)
    Tombstone.objects.create(item=item, purge=purge, at=now)
    Item.objects.filter(pk=item.pk).update(provenance={"x": 1}, ai_involvement="none_found", digests='{"md5": "x"}')
    return item


@pytest.mark.parametrize("listed", [False, True])
def test_of_a_purged_file_hashes_stay_only_for_the_list(
    make_item: Callable[..., Item], manager: Person, senior: Person, now: datetime, *, listed: bool
) -> None:
    item = _purged(make_item(seed=1), now)
    if listed:
        Entry.objects.create(
            item=item, ai_involvement="none_seen", real_child="yes", jurisdiction="GB", outcome="photograph",
            provision="x", consensus=2, listed_at=now,
        )  # fmt: skip
    ending = draft_ending(record_class="evidence", names=None, actor=manager, now=now)
    sign(ending, senior, now)
    assert end_records(ending_id=ending.pk, actor=manager, now=now) == Told(ended=1)
    item.refresh_from_db()
    assert (item.provenance, item.ai_involvement, item.width) == (None, "", None)
    assert (item.digests != "{}", item.pdq is not None) == (listed, listed)


def test_somebody_who_left_becomes_a_number(
    end: End, manager: Person, operator: Person, analyst: Person, now: datetime
) -> None:
    KeyChoice.objects.create(person=analyst)
    Alert.objects.create(rule="many", person=analyst.public_id, on=now.date(), count=9, usual=1.0, raised_at=now)
    disable_person(person_id=analyst.pk, actor=None, now=now)
    assert "time is not over" in end("people", [analyst.public_id]).left[analyst.public_id]
    assert end("people", at=now + LONG) == Told(ended=1)
    analyst.refresh_from_db()
    assert (analyst.username, analyst.name, analyst.vetted_until) == (analyst.public_id, analyst.public_id, None)
    assert not KeyChoice.objects.exists()
    assert Alert.objects.get().person == analyst.public_id
    with pytest.raises(NotNow, match="forgotten"):
        invite_again(person_id=analyst.pk, actor=None, now=now)


def test_who_works_here_stays(end: End, analyst: Person) -> None:
    assert "has not left" in end("people", [analyst.public_id]).left[analyst.public_id]


def test_nobody_ends_an_alert_about_themselves(end: End, manager: Person, now: datetime) -> None:
    alert = Alert.objects.create(
        rule="many", person=manager.public_id, on=now.date(), count=9, usual=1.0, raised_at=now, seen_at=now - LONG
    )
    assert "about you" in end("alerts").left[alert.public_id]
