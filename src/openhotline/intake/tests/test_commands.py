"""``openhotline collection``."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openhotline.accounts.models import Authority
from openhotline.accounts.services.record_authority import record_authority
from openhotline.core.clock import now as present
from openhotline.intake.commands import collection_app as app
from openhotline.intake.models import Find

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
