"""A later decision says another letter: the match service, the next edition and members' webhooks say it too."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.audit.models import Record
from openhotline.core.events import AT_ONCE
from openhotline.core.jobs import drain
from openhotline.core.keys import signer
from openhotline.core.models import Event
from openhotline.hashlists.events import EntriesMoved
from openhotline.hashlists.models import Entry, LegalBasis, Listable, Member, Release
from openhotline.hashlists.models.edition_file import apply_changes, verify_edition
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.queries.editions import changes_path, edition_path
from openhotline.hashlists.services import publish_release as publishing
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.revise_entries import revise_entries
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.hashlists.tests.asking import Machine, picture
from openhotline.intake.models import Webhook, WebhookMessage

pytestmark = pytest.mark.django_db
PDQ = "c3" * 32
Revise = Callable[..., list[Entry]]
MakeMember = Callable[..., Member]


@pytest.fixture
def revise(listable: Callable[..., Listable], now: datetime) -> Revise:
    """Say something else of an entry's item, as the journey does after a later decision."""

    def say(entry: Entry, **facts: object) -> list[Entry]:
        found = revise_entries(listables=[listable(entry.item, **facts)], actor="step:test", now=now)
        drain()
        return found

    return say


@pytest.fixture
def entry(make_entry: Callable[..., Entry], make_member: MakeMember, release: Callable[[], Release]) -> Entry:
    """An entry of the letter B that every member's edition holds."""
    make_member()
    found = make_entry(pdq=PDQ)
    release()
    drain()
    return found


def lines_of(version: int) -> list[dict[str, object]]:
    return [json.loads(line) for line in release_path(version).read_text().splitlines()[2:]]


def test_the_next_edition_and_its_changes_carry_the_new_letter(
    entry: Entry, revise: Revise, release: Callable[[], Release]
) -> None:
    member, key = Member.objects.get(), signer("release.key").public_key()
    old = edition_path(member, 1)
    at = verify_edition(old, key=key, member=member.public_id, practice=True)
    copy = {json.loads(line)["entry"]: line for line in old.read_bytes().splitlines()[2:]}
    revise(entry, category="A")
    out = release()
    drain()
    with changes_path(member, 2).open("rb") as file:
        apply_changes(copy, at, file, key, practice=True)
    line = json.loads(copy[entry.public_id])
    assert (line["legal_basis"]["category"], line["since"], line["revision"]) == ("A", 2, 2)
    assert out.manifest["delta"] == {"added": 0, "changed": 1, "withdrawn": 0}


def test_what_did_not_change_is_in_no_changes(
    entry: Entry, make_entry: Callable[..., Entry], release: Callable[[], Release], revise: Revise
) -> None:
    revise(entry, category="A")
    release()
    make_entry()
    release()
    assert sorted(line["since"] for line in lines_of(3)) == [2, 3]


def test_the_match_service_says_the_new_letter_at_once(
    entry: Entry, revise: Revise, machine_of: Callable[..., Machine]
) -> None:
    machine = machine_of(Member.objects.get())
    revise(entry, category="A")
    (answer,) = machine.match(picture(PDQ))
    assert [one["category"] for one in answer["matches"]] == ["A"]


def test_history_is_kept(entry: Entry, revise: Revise) -> None:
    revise(entry, category="A")
    revise(entry, category="C", consensus=3)
    kept = entry.revisions.order_by("revision").values_list("revision", "category", "consensus")
    assert list(kept) == [(1, "B", 2), (2, "A", 2)]
    assert Record.objects.filter(action="entries_revised").count() == 2


def test_a_basis_that_comes_or_goes_is_a_revision(entry: Entry, revise: Revise) -> None:
    """What other places' law says is told and kept like the rest."""
    ireland = LegalBasis(jurisdiction="IE", outcome="photograph", category="", provision="1998 s6")
    revise(entry, elsewhere=(ireland,))
    revise(entry)
    entry.refresh_from_db()
    kept = [row.elsewhere for row in entry.revisions.order_by("revision")]
    assert (kept, entry.elsewhere) == ([[], [vars(ireland)]], [])


def test_the_same_again_changes_nothing(entry: Entry, revise: Revise) -> None:
    assert revise(entry) == []
    revise(entry, category="A")
    assert revise(entry, category="A") == []
    assert entry.revisions.count() == 1


def test_what_is_withdrawn_or_no_longer_criminal_is_left_alone(
    entry: Entry, revise: Revise, senior: Person, now: datetime
) -> None:
    assert revise(entry, outcome="not_criminal") == []
    withdraw_entry(entry=entry.public_id, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    assert revise(entry, category="A") == []


def test_members_are_told_each_time_and_who_loses_it_is_told_of_a_withdrawal(
    entry: Entry, revise: Revise, make_member: MakeMember, now: datetime
) -> None:
    """It was made by AI, and then it was not: a member that takes pictures made by AI alone has it no more."""
    other = make_member("Other", streams=("generative_ai",))
    for one in Member.objects.all():
        Webhook.objects.create(partner=one.partner, address="https://x.example", secret="whsec_", set_at=now)
    revise(entry, category="A")
    revise(entry, category="A", ai_involvement="none_seen")
    told = WebhookMessage.objects.order_by("pk").values_list("partner", "kind")
    first = Member.objects.exclude(pk=other.pk).get()
    assert sorted(told) == sorted(
        [
            (first.pk, "entry.changed"),
            (other.pk, "entry.changed"),
            (first.pk, "entry.changed"),
            (other.pk, "entry.withdrawn"),
        ]
    )


def test_of_a_change_that_matters_to_nobody_at_once_nobody_is_told(entry: Entry, revise: Revise, now: datetime) -> None:
    partner = Member.objects.get().partner
    Webhook.objects.create(partner=partner, address="https://x.example", secret="whsec_", set_at=now)
    revise(entry, consensus=3)
    assert not WebhookMessage.objects.exists()


def test_an_entry_is_found_in_the_stream_that_it_is_in_now(
    entry: Entry, revise: Revise, make_member: MakeMember, machine_of: Callable[..., Machine]
) -> None:
    ordinary = machine_of(make_member("Ordinary", streams=("ordinary",)))
    made = machine_of(make_member("Made by AI", streams=("generative_ai",)))
    both = machine_of(Member.objects.order_by("pk")[0])
    assert [one.match(picture(PDQ))[0]["match"] for one in (ordinary, made)] == ["no", "yes"]
    revise(entry, ai_involvement="none_seen")
    assert [one.match(picture(PDQ))[0]["match"] for one in (ordinary, made)] == ["yes", "no"]
    assert [one["stream"] for one in both.match(picture(PDQ))[0]["matches"]] == ["ordinary"]


def test_an_entry_that_moves_is_told_without_a_moment_between(
    entry: Entry, listable: Callable[..., Listable], machine_of: Callable[..., Machine], now: datetime
) -> None:
    """Who takes both streams is told yes also before any job has run."""
    both = machine_of(Member.objects.get())
    revise_entries(listables=[listable(entry.item, ai_involvement="none_seen")], actor="step:test", now=now)
    (answer,) = both.match(picture(PDQ))
    assert [one["stream"] for one in answer["matches"]] == ["ordinary"]


def test_an_entry_that_moves_waits_behind_no_other_job(
    entry: Entry, listable: Callable[..., Listable], now: datetime
) -> None:
    """What lets it be found in its new stream stands in the queue of what members wait for; another letter does not."""

    def waiting() -> list[str]:
        return list(Event.objects.filter(delivered_at=None, kind="EntriesMoved").values_list("kind", flat=True))

    revise_entries(listables=[listable(entry.item, category="A")], actor="step:test", now=now)
    assert waiting() == []
    revise_entries(listables=[listable(entry.item, ai_involvement="none_seen")], actor="step:test", now=now)
    assert (waiting(), EntriesMoved.queue) == (["EntriesMoved"], AT_ONCE)


def test_a_release_that_says_the_old_letter_is_not_published(
    entry: Entry, make_entry: Callable[..., Entry], revise: Revise, senior: Person, manager: Person, now: datetime
) -> None:
    make_entry()
    drafted = _approved_draft(senior, manager, now)
    revise(entry, category="A")
    with pytest.raises(NotApproved, match="changed since"):
        publish_release(release_id=drafted.pk, actor=senior, now=now)


def test_planted_bug_without_the_look_the_old_letter_would_go_out_as_the_new(
    entry: Entry,
    make_entry: Callable[..., Entry],
    revise: Revise,
    senior: Person,
    manager: Person,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_entry()
    drafted = _approved_draft(senior, manager, now)
    revise(entry, category="A")
    monkeypatch.setattr(publishing, "_mark", lambda *_: None)
    assert publish_release(release_id=drafted.pk, actor=senior, now=now).version == 2
    assert {line["legal_basis"]["category"] for line in lines_of(2)} == {"B"}  # type: ignore[index] # an object


def _approved_draft(senior: Person, manager: Person, now: datetime) -> Release:
    drafted = draft_release(actor=senior, now=now)
    approval = approval_of("release", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=manager, now=now)
    return drafted
