"""``openhotline collection``."""

import json
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openhotline.accounts.models import Authority, Person
from openhotline.accounts.services.record_authority import record_authority
from openhotline.core.clock import now as present
from openhotline.core.models import Event
from openhotline.intake.commands import collection as module
from openhotline.intake.commands import collection_app as app
from openhotline.intake.models import Batch, Collection, Find
from openhotline.intake.states import FindState

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one file, and a manifest with one lie."""
    (tmp_path / "a.png").touch()
    (tmp_path / "manifest.jsonl").write_text('{"file": "a.png", "number": 1}\n{"file": "b.png", "number": 2}\n')
    return tmp_path


@pytest.fixture
def in_force(db: None) -> Authority:
    """An authority that covers the present."""
    moment = present()
    return record_authority(
        scope="a collection",
        jurisdiction="GB",
        approver="Practice office",
        expires_at=moment.replace(year=moment.year + 1, day=1),
        practice=True,
        actor="test",
        now=moment,
    )


def test_import_tells_what_came_in_and_what_did_not(folder: Path, in_force: Authority) -> None:
    result = CliRunner().invoke(app, ["import", str(folder)])
    assert result.exit_code == 0
    assert "find 2: The manifest names a file that is not in the folder" in " ".join(result.output.split())


def test_an_archive_is_imported_under_its_name(tmp_path: Path, in_force: Authority) -> None:
    with zipfile.ZipFile(tmp_path / "found.zip", "w") as archive:
        archive.writestr("a.png", b"x")
        archive.writestr("../b.png", b"x")
    result = CliRunner().invoke(app, ["import", str(tmp_path / "found.zip")])
    assert result.exit_code == 0
    assert "1 refused: The path leads out of the collection." in " ".join(result.output.split())
    assert Find.objects.filter(state=FindState.REGISTERED).count() == 1


def test_what_was_said_of_a_collection_is_kept(folder: Path, in_force: Authority, analyst: Person) -> None:
    said = ["--site", "https://found.example", "--found-by", "Example office", "--by", analyst.username]
    assert CliRunner().invoke(app, ["import", str(folder), *said]).exit_code == 0
    collection = Collection.objects.get()
    assert (collection.site, collection.found_by) == ("https://found.example", "Example office")
    assert collection.opened_by == analyst.public_id
    assert Batch.objects.get().by == analyst.public_id


def test_every_count_is_said_on_the_narrowest_terminal(
    folder: Path, in_force: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was refused stood in the last column of a table, and 80 columns cut it off."""
    monkeypatch.setenv("COLUMNS", "40")
    said = CliRunner().invoke(app, ["import", str(folder)]).output
    collection = Collection.objects.get()
    assert f"{folder.name} ({collection.public_id}): 2 of 2 files registered: 0 taken, 0 folded into" in said
    assert "1 waiting, 1 refused." in said


def test_nobody_brings_in_under_a_name_that_is_nobody_s(folder: Path, in_force: Authority) -> None:
    result = CliRunner().invoke(app, ["import", str(folder), "--by", "nobody"])
    assert (result.exit_code, Find.objects.count()) == (2, 0)


def test_waiting_ends_once_everything_is_settled(folder: Path, in_force: Authority) -> None:
    CliRunner().invoke(app, ["import", str(folder)])
    Find.objects.filter(state=FindState.REGISTERED).update(state=FindState.TAKEN)
    assert CliRunner().invoke(app, ["resume", folder.name, "--wait"]).exit_code == 0


def test_waiting_for_a_worker_that_does_not_come_says_so(
    folder: Path, in_force: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WITHOUT_CHANGE", 0.01)
    monkeypatch.setattr(module, "LOOK_SECONDS", 0.01)
    result = CliRunner().invoke(app, ["import", str(folder), "--wait"])
    assert result.exit_code == 3
    assert "Is one running?" in result.stderr


def test_resume_gives_what_waits_to_the_worker_again(folder: Path, in_force: Authority) -> None:
    CliRunner().invoke(app, ["import", str(folder)])
    CliRunner().invoke(app, ["resume", Collection.objects.get().public_id])
    assert Event.objects.filter(kind="FindsRegistered").count() == 2


def test_a_name_of_two_collections_has_to_be_said_otherwise(tmp_path: Path, in_force: Authority) -> None:
    for place in ("x/found", "y/found"):
        (tmp_path / place).mkdir(parents=True)
        CliRunner().invoke(app, ["import", str(tmp_path / place)])
    assert "2 collections are called" in CliRunner().invoke(app, ["resume", "found"]).stderr
    assert "No collection is called" in CliRunner().invoke(app, ["status", "other"]).stderr


def test_resume_brings_nothing_in_twice(folder: Path, in_force: Authority) -> None:
    CliRunner().invoke(app, ["import", str(folder)])
    assert CliRunner().invoke(app, ["resume", str(folder)]).exit_code == 0
    assert Find.objects.count() == 2


def test_status_for_programs(folder: Path, in_force: Authority) -> None:
    CliRunner().invoke(app, ["import", str(folder), "--name", "one"])
    [told] = json.loads(CliRunner().invoke(app, ["status", "--json"]).stdout)
    assert (told["name"], told["expected"], told["registered"], told["refused"]) == ("one", 2, 1, 1)


def test_without_an_authority_nothing_comes_in(folder: Path) -> None:
    result = CliRunner().invoke(app, ["import", str(folder)])
    assert result.exit_code == 2
    assert "no recorded authority" in result.stderr


def test_status_before_anything_came_in() -> None:
    assert "No collection" in CliRunner().invoke(app, ["status"]).stdout
