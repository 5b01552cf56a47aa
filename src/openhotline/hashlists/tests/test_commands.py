"""`openhotline list …`, as a list manager types it."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from openhotline.accounts.models import Person
from openhotline.accounts.queries import waiting_approvals
from openhotline.accounts.services.approve import approve
from openhotline.evidence.queries import digests_of
from openhotline.hashlists.commands import list as commands
from openhotline.hashlists.models import Entry, KnownFile, Listable, Release
from openhotline.hashlists.queries import release_path
from openhotline.hashlists.queries.sealed import sealed_folder
from openhotline.hashlists.services.dispute_entries import dispute_entries
from openhotline.hashlists.services.keep_entry import keep_entry
from openhotline.hashlists.services.revise_entries import revise_entries
from openhotline.hashlists.services.withdraw_entry import withdraw_entry
from openhotline.hashlists.states import WithdrawalReason
from openhotline.intake.models import Report, ReportedAddress
from openhotline.intake.states import Source

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, now: datetime) -> Callable[..., Result]:
    monkeypatch.setattr(commands, "now", lambda: now)
    return lambda *words: CliRunner().invoke(commands.app, [str(word) for word in words])


def test_a_release_is_drafted_approved_by_another_person_and_published(
    run: Callable[..., Result], make_entry: Callable[..., Entry], senior: Person, manager: Person, now: datetime
) -> None:
    make_entry()
    assert run("release", "--by", "senior").exit_code == commands.WAITS
    waiting = run("release", "--by", "senior")
    assert (waiting.exit_code, "second person" in waiting.output) == (commands.WAITS, True)
    (approval,) = waiting_approvals()
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=manager, now=now)
    assert "Version 1 is published" in run("release", "--by", "senior").output
    assert json.loads(run("verify", release_path(1), "--json").stdout)["entries"] == 1


def test_a_changed_release_is_refused_with_the_reason(
    run: Callable[..., Result], make_entry: Callable[..., Entry], release: Callable[[], Release], tmp_path: Path
) -> None:
    make_entry()
    release()
    changed = tmp_path / "1.jsonl"
    changed.write_bytes(release_path(1).read_bytes().replace(b'"version":1', b'"version":2'))
    refused = run("verify", changed)
    assert (refused.exit_code, "signature does not hold" in refused.output) == (2, True)
    assert "practice release, no findings, version 1" in run("verify", release_path(1)).output


def test_diff_prints_what_is_news_to_an_older_copy(
    run: Callable[..., Result],
    make_entry: Callable[..., Entry],
    release: Callable[[], Release],
    senior: Person,
    now: datetime,
) -> None:
    first = make_entry().public_id
    make_entry()
    release()
    withdraw_entry(entry=first, reason=WithdrawalReason.FEEDBACK, actor=senior, now=now)
    release()
    (line,) = run("diff", release_path(2), "--since", 1).output.splitlines()
    assert json.loads(line) == {"kind": "tombstone", "entry": first, "since": 2}


def test_a_list_is_released_by_the_clock_once_two_people_approved_that(
    run: Callable[..., Result], show: Callable[..., int], manager: Person, senior: Person, now: datetime
) -> None:
    show()
    words = ("release", "--of", "addresses", "--by", "senior")
    drafted = run(*words, "--days", 2, "--most-new", 5)
    assert (drafted.exit_code, "at most 5 new lines" in drafted.output) == (commands.WAITS, True)
    assert run(*words).exit_code == commands.WAITS
    (approval,) = waiting_approvals()
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=manager, now=now)
    assert "Version 1 is out: 1 lines" in run(*words).output
    show("https://site.example/b")
    assert "Version 2 is out: 2 lines" in run(*words).output
    path = sealed_folder("addresses") / "2.jsonl"
    assert "version 2, 2 entries" in run("verify", path).output
    (line,) = run("diff", path, "--since", 1).output.splitlines()
    assert json.loads(line)["since"] == 2
    assert "Nothing changed" in run(*words).output
    assert "not released any more" in run("stop", "addresses", "--by", "senior").output


def test_the_history_of_an_entry_is_printed_from_listed_to_withdrawn(
    run: Callable[..., Result],
    make_entry: Callable[..., Entry],
    listable: Callable[..., Listable],
    senior: Person,
    now: datetime,
) -> None:
    """What it said at first, what was said anew, that it was in question and kept, that it was withdrawn; no hash."""
    entry = make_entry()
    hour = timedelta(hours=1)
    changed = [listable(entry.item, category="A")]
    revise_entries(listables=changed, actor="step:test", now=now + hour)
    reason = WithdrawalReason.FEEDBACK
    (dispute,) = dispute_entries(item_ids=[entry.item_id], reason=reason, actor="step:test", now=now + 2 * hour)
    keep_entry(dispute=dispute.public_id, actor=senior, now=now + 3 * hour)
    withdraw_entry(entry=entry.public_id, reason=reason, actor=senior, now=now + 4 * hour)
    rows = json.loads(run("history", entry.public_id, "--json").stdout)
    assert [row["what"] for row in rows] == ["listed", "revised", "put in question", "kept", "withdrawn"]
    assert [row["category"] for row in rows[:2]] == ["B", "A"]
    assert [row.get("provenance") for row in rows] == ["own_assessment", None, None, None, None]
    printed = run("history", entry.public_id).output
    assert digests_of(entry.item)["sha256"] not in printed
    assert len(printed.splitlines()) == 5


def test_whence_an_entry_is_stands_with_it_for_who_keeps_the_list_and_in_no_line_of_members(
    run: Callable[..., Result], make_entry: Callable[..., Entry], release: Callable[[], Release], now: datetime
) -> None:
    """By which ways the reports came that led to it; a member is told that it was assessed here."""
    entry = make_entry()
    assert entry.item is not None
    sighting = entry.item.sightings.get()
    for source in (Source.PARTNER, Source.PUBLIC, Source.PUBLIC):
        report = Report.objects.create(source=source, started_at=now)
        ReportedAddress.objects.create(report=report, address=sighting.address, position=0, sealed=b"")
    (row,) = json.loads(run("history", entry.public_id, "--json").stdout)
    assert (row["provenance"], row["came_by"]) == ("own_assessment", ["public", "partner"])
    assert "came by public partner" in run("history", entry.public_id).output
    release()
    (line,) = [json.loads(one) for one in release_path(1).read_text().splitlines()[2:]]
    assert line["provenance"] == "own_assessment"
    assert "came_by" not in line


def test_an_exploitative_list_comes_in_and_is_handed_back(
    run: Callable[..., Result], senior: Person, tmp_path: Path, settings: Any
) -> None:
    """With source and permission, where the operator turned the stream on; whence it is stands with its entry."""
    (tmp_path / "list.csv").write_text(f"id,md5,pdq\n1,{'a' * 32},{'5a' * 32}\n")
    words = ("import", tmp_path / "list.csv", "--name", "theirs", "--verdict", "exploitative", "--format", "csv")
    words = (*words, "--by", "senior")
    assert "stream is off" in run(*words).output
    settings.EXPLOITATIVE_STREAM = True
    assert "--sharing onward" in run(*words, "--source", "Example Partner").output
    assert "2 hashes are new" in run(*words, "--source", "Example Partner", "--sharing", "onward").output
    name = Entry.objects.get().public_id
    assert "provenance partner list, given by Example Partner, list theirs" in run("history", name).output
    assert "1 entries are withdrawn" in run("hand-back", "theirs", "--by", "senior").output
    assert run("hand-back", "absent", "--by", "senior").exit_code == commands.REFUSED


def test_a_list_is_imported_from_a_file(run: Callable[..., Result], senior: Person, tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("0a" * 32 + "\n\n" + "0b" * 32 + "\n")
    words = ("import", tmp_path / "list.txt", "--name", "partner", "--verdict", "known", "--by", "senior")
    assert "2 new files" in run(*words, "--source", "Example Partner", "--sharing", "members_only").output
    assert KnownFile.objects.count() == 2
    assert "known, from Example Partner, sharing members only;" in run("known").output


@pytest.mark.parametrize(
    "words",
    [("release", "--by", "nobody"), ("verify", "absent"), ("history", "ent_absent"), ("diff", "absent", "--since", 1)],
)
def test_what_cannot_be_done_is_a_sentence_and_a_code(run: Callable[..., Result], words: tuple[object, ...]) -> None:
    refused = run(*words)
    assert refused.exit_code == commands.REFUSED
    assert refused.output.strip().endswith(".")
