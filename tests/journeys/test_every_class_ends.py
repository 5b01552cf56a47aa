"""Every class of the retention table can come to its end: one road is gone, and eleven years later all of it ends."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse

from journeys.road import PAGE, RECHECK, Road
from openhotline.accounts.models import Contact, Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.disable_person import disable_person
from openhotline.assessment.models import Assessment, Decision
from openhotline.assessment.queries import involvement_counts, outcome_counts
from openhotline.core.fields import SealedText
from openhotline.endings.models import Ending
from openhotline.endings.models.table import ENDS
from openhotline.endings.queries import Due, due_for_people
from openhotline.endings.services.draft_ending import draft_ending
from openhotline.endings.services.end_records import Told, end_records
from openhotline.evidence.models import Item
from openhotline.evidence.services.draft_purge import draft_purge
from openhotline.evidence.services.purge_items import purge_items
from openhotline.evidence.services.verify_evidence import VerifiedEvidence
from openhotline.evidence.states import PurgeReason
from openhotline.exposure.models import Alert
from openhotline.hashlists.models import Entry
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.intake.models import Address, Partner, Report
from openhotline.referral.services.hand_over import hand_over
from openhotline.retention.queries import held_subjects, record_classes
from openhotline.retention.services.place_hold import place_hold
from openhotline.retention.states import End, HoldCause
from openhotline.statistics.models.period import Period
from openhotline.statistics.queries.figures import figures
from openhotline.statistics.queries.recount import recount, start_of
from openhotline.statistics.queries.sections import sections
from openhotline.triage.models import Stack

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

ELEVEN_YEARS = timedelta(days=4020)


def later(road: Road) -> datetime:
    return road.now + ELEVEN_YEARS


def end(road: Road, name: str, names: list[str] | None = None) -> Told:
    """End what is due of a class, signed by a second person where the table asks for one."""
    asks, signs = road.cast.seniors
    moment = later(road)
    for person in (asks, signs):
        person.vetted_until = person.trained_until = moment.date()
        person.save(update_fields=["vetted_until", "trained_until"])
    ending = draft_ending(record_class=name, names=names, actor=asks, now=moment)
    if record_classes()[name].end == End.TWO_PEOPLE:
        approve_then(ending, signs, moment)
    return end_records(ending_id=ending.pk, actor=asks, now=moment)


def approve_then(ending: Ending, signs: Person, moment: datetime) -> None:
    asked = approval_of("ending", ending.public_id)
    assert asked is not None
    approve(approval_id=asked.pk, manifest_sha256=ending.manifest_sha256, actor=signs, now=moment)


def due(road: Road) -> dict[str, Due]:
    moment = later(road)
    return {one.name: one for one in due_for_people(record_classes().values(), held_subjects(moment), moment)}


def counts(road: Road) -> tuple[object, ...]:
    """Return every figure that is counted from rows of the whole time."""
    span = (start_of(road.now.date() - timedelta(days=40)).date(), later(road).date())
    year = Period.of(f"{road.now.year}")
    found = figures(road.now)
    return recount(*span), outcome_counts(), involvement_counts(), found.tables, found.funnel, sections(year, road.now)


@pytest.fixture
def gone(road: Road) -> Road:
    """A report whose pictures were decided, listed, referred, removed, withdrawn again and purged."""
    asks, signs = road.cast.seniors
    road.report(road.site.origin + PAGE, details={"more": "seen on Monday"})
    road.settle()
    road.decide_all()
    road.release()
    hand_over(referral_id=road.refer().pk, actor=signs, now=road.now)
    for _ in range(5):
        road.wait(RECHECK)
    for entry in Entry.objects.all():
        withdraw_entry(entry=entry.public_id, reason=next(iter(WithdrawalReason)), actor=asks, now=road.now)
    road.release()
    names = list(Item.objects.values_list("public_id", flat=True))
    purge = draft_purge(names=names, reason=PurgeReason.RETENTION_ENDED, actor=asks, now=road.now)
    road.approve("purge", purge.public_id, signs)
    purge_items(purge_id=purge.pk, actor=asks, now=road.now)
    _beside(road)
    return road


def _beside(road: Road) -> None:
    """What the road does not bring: somebody who left, an ended partner, a service that was retired, an alert."""
    Alert.objects.create(
        rule="many", person=road.cast.analysts[0].public_id, on=road.now.date(), count=9, usual=1.0,
        raised_at=road.now, seen_by="per_x", seen_at=road.now,
    )  # fmt: skip
    Partner.objects.create(name="A company", hourly=9, added_at=road.now, ended_at=road.now)
    day = road.now.date()
    Contact.objects.create(
        name="A service", for_whom="all", number="1", checked_on=day, next_check=day, retired_at=road.now
    )
    disable_person(person_id=road.cast.analysts[1].pk, actor=None, now=road.now)


def test_all_that_is_due_ends_and_the_figures_stay(gone: Road) -> None:
    """`retention due` is empty afterwards, keys are whole, and every figure is what it was."""
    before = counts(gone)
    ended = {}
    for name in ENDS:
        told = end(gone, name, named(name))
        assert told.left == {}, name
        ended[name] = told.ended
    assert min(ended.values()) > 0, ended
    assert {one.name: one.due for one in due(gone).values()} == dict.fromkeys(set(ENDS) - {"hash_list"}, 0)
    assert counts(gone) == before
    connection.check_constraints()
    assert list(VerifiedEvidence().differences()) == []


def named(name: str) -> list[str] | None:
    """Return what is named of a class that no time ends."""
    return None if record_classes()[name].days else list(Entry.objects.values_list("public_id", flat=True))


def test_nothing_readable_of_the_report_is_left(gone: Road) -> None:
    """No address, no hash, no fact about a child, no word of anybody, and no name of who left."""
    left = gone.cast.analysts[1]
    for name in ENDS:
        end(gone, name, named(name))
    assert list(_sealed()) == []
    assert set(Item.objects.values_list("digests", "pdq", "ai_involvement")) == {("{}", None, "")}
    assert {key for one in Decision.objects.all() for key, said in one.facts.items() if said != "not_determined"} <= {
        "ai_involvement", "looks_like_photograph", "commercial", "site_ai"
    }  # fmt: skip
    assert [one.facts for one in Assessment.objects.all()] == [{}] * Assessment.objects.count()
    left.refresh_from_db()
    assert (left.username, left.name, left.state) == (left.public_id, left.public_id, "forgotten")
    assert Assessment.objects.filter(person=left.public_id).exists()


PAGES = ("home", "reports", "decisions", "removals", "referrals", "lists", "collections", "management")


def test_pages_about_what_ended_still_open(gone: Road) -> None:
    """They say less; none of them fails for want of what is gone."""
    person = gone.cast.seniors[0]
    desk = Client()
    desk.force_login(person)
    places = [reverse(f"desk_{page}") for page in PAGES]
    places.append(reverse("desk_report", args=[Report.objects.get().public_id]))
    named_in = list(Address.objects.exclude(removal=None).values_list("public_id", flat=True))
    places += [reverse("desk_removal", args=[name]) for name in named_in]
    places += [reverse("desk_stack", args=[one.public_id]) for one in Stack.objects.all()]
    before = [desk.get(place).status_code for place in places]
    for name in ENDS:
        end(gone, name, named(name))
    assert [desk.get(place).status_code for place in places] == before
    assert set(before) == {200}


def _sealed() -> Iterator[tuple[str, object]]:
    """Yield every sealed column that still says something, of what classes hold that people end."""
    for label in sorted({model for ends in ENDS.values() for model in ends.models()}):
        model: Any = apps.get_model(label)
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedText):
                said = set(model._base_manager.values_list(field.name, flat=True)) - {None, "", "{}"}
                if said:
                    yield f"{label}.{field.name}", said


OF_A_REPORT = ("evidence", "sorting", "referrals", "assessments", "addresses", "reports")


def test_what_is_held_stays(gone: Road) -> None:
    """A hold on the report keeps what led from it: of no class any of it ends."""
    hold(gone)
    for name in OF_A_REPORT:
        left = end(gone, name).left
        about = [why for one, why in left.items() if one.partition("_")[0] in {"itm", "ref", "dec", "adr", "rep"}]
        assert about, name
        assert all("legal hold" in why for why in about), name
    assert due(gone)["evidence"].held == 3


def hold(road: Road) -> None:
    place_hold(
        subject=Report.objects.get().public_id, cause=HoldCause.COURT, reference="7",
        until=later(road) + timedelta(days=9), actor="per_a", now=road.now,
    )  # fmt: skip


def test_planted_bug_holds_that_are_not_asked_for_would_let_it_end(gone: Road, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(gone)
    monkeypatch.setattr("openhotline.endings.services.end_records.held_subjects", lambda _now: {})
    assert end(gone, "reports").left == {}


def test_what_is_still_needed_stays_and_says_why(road: Road) -> None:
    """Files that are here, listed entries and what was not handed over keep what hangs on them."""
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    road.refer()
    said = {
        name: {why for one, why in end(road, name).left.items() if one[:3] in {"itm", "adr", "dec", "rep", "ref"}}
        for name in ("evidence", "assessments", "addresses", "reports", "referrals")
    }
    assert all(said.values()), said
    assert "Purge it first" in said["evidence"].pop()
    assert "Withdraw that first" in said["assessments"].pop()
    assert any("removal is not over" in one for one in said["addresses"])
    assert "Purge that first" in said["reports"].pop()
    assert "not handed over" in said["referrals"].pop()
