"""A person says whether members may pass entries on."""

import json
from collections.abc import Callable
from datetime import datetime

import pytest
from typer.testing import CliRunner

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.audit.models import Record
from openhotline.core.errors import Missing, NotAllowed
from openhotline.hashlists.commands import list as commands
from openhotline.hashlists.models import Entry, EntryRevision, Listable, Release
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.revise_entries import revise_entries
from openhotline.hashlists.services.set_sharing import set_sharing
from openhotline.hashlists.states import HashKind, Sharing, Verdict

pytestmark = pytest.mark.django_db
MakeEntry = Callable[..., Entry]
Publish = Callable[[], Release]


def told(version: int) -> dict[str, tuple[str, int]]:
    """Return {entry: (what a release says of passing it on, since which version)}."""
    lines = [json.loads(line) for line in release_path(version).read_text().splitlines()[2:]]
    return {line["entry"]: (line["sharing"], line["since"]) for line in lines}


def test_a_permission_goes_out_with_the_next_release_and_what_was_said_before_is_kept(
    make_entry: MakeEntry, release: Publish, senior: Person, now: datetime
) -> None:
    """Unset it is not determined; what a person says is told of that entry alone, as a change."""
    one, other = make_entry(), make_entry()
    release()
    assert set_sharing(entries=[one.public_id], sharing=Sharing.ONWARD, actor=senior, now=now) == 1
    release()
    assert told(2) == {one.public_id: ("onward", 2), other.public_id: ("not_determined", 1)}
    assert EntryRevision.objects.get().sharing == Sharing.NOT_DETERMINED
    assert Record.objects.get(action="sharing_set").detail == {"kind": "onward"}


def test_said_twice_it_is_said_once(make_entry: MakeEntry, senior: Person, now: datetime) -> None:
    """The same again writes no history and no line in the log."""
    name = make_entry().public_id
    done = [set_sharing(entries=[name], sharing=Sharing.MEMBERS_ONLY, actor=senior, now=now) for _ in range(2)]
    assert done == [1, 0]
    assert Record.objects.filter(action="sharing_set").count() == 1


def test_a_permission_that_is_taken_back_stops_a_draft_that_still_gives_it(
    make_entry: MakeEntry, senior: Person, manager: Person, now: datetime
) -> None:
    """What was approved with a permission is not published once the permission is gone."""
    name = make_entry().public_id
    set_sharing(entries=[name], sharing=Sharing.ONWARD, actor=senior, now=now)
    drafted = draft_release(actor=senior, now=now)
    approval = approval_of("release", drafted.public_id)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=manager, now=now)
    set_sharing(entries=[name], sharing=Sharing.MEMBERS_ONLY, actor=senior, now=now)
    with pytest.raises(NotApproved, match="changed since"):
        publish_release(release_id=drafted.pk, actor=senior, now=now)


def test_a_later_decision_leaves_the_permission_as_it_is(
    make_entry: MakeEntry, listable: Callable[..., Listable], senior: Person, now: datetime
) -> None:
    """Another letter says nothing of passing on."""
    entry = make_entry()
    set_sharing(entries=[entry.public_id], sharing=Sharing.ONWARD, actor=senior, now=now)
    (revised,) = revise_entries(listables=[listable(entry.item, category="A")], actor="step:test", now=now)
    assert (revised.sharing, revised.revision) == (Sharing.ONWARD, 3)
    assert [row.sharing for row in EntryRevision.objects.order_by("pk")] == ["not_determined", "onward"]


def test_nobody_but_who_keeps_the_list_says_it_and_of_no_strange_entry(
    make_entry: MakeEntry, analyst: Person, senior: Person, now: datetime
) -> None:
    """An analyst is refused; an id that is none changes nothing of those beside it."""
    name = make_entry().public_id
    with pytest.raises(NotAllowed):
        set_sharing(entries=[name], sharing=Sharing.ONWARD, actor=analyst, now=now)
    with pytest.raises(Missing, match="ent_none"):
        set_sharing(entries=[name, "ent_none"], sharing=Sharing.ONWARD, actor=senior, now=now)
    assert Entry.objects.get().sharing == Sharing.NOT_DETERMINED


def test_the_command_says_it_of_some_or_of_all(
    make_entry: MakeEntry, senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`list share` takes ids, or --all, and not neither."""
    monkeypatch.setattr(commands, "now", lambda: now)
    names = [make_entry().public_id for _ in range(3)]

    def run(*words: str) -> str:
        return CliRunner().invoke(commands.app, ["share", *words, "--by", "senior"]).output

    assert run("onward", names[0]).startswith("1 entries")
    assert run("members_only", "--all").startswith("3 entries")
    assert "Name entries" in run("onward")


def test_nothing_that_others_gave_us_stands_in_a_release_whatever_the_permission(
    make_entry: MakeEntry, release: Publish, now: datetime
) -> None:
    """An imported list, also one that may be passed on, is matched here and published nowhere."""
    theirs = "0a" * 32
    import_known(
        list_name="partner",
        verdict=Verdict.KNOWN,
        lines=[theirs],
        kind=HashKind.PDQ,
        sharing=Sharing.ONWARD,
        actor="test",
        now=now,
    )
    entry = make_entry()
    release()
    assert list(told(1)) == [entry.public_id]
    assert theirs not in release_path(1).read_text()
