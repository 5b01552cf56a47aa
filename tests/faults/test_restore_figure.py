"""A backup taken while files come in holds what its database names; one that lists objects first does not."""

import json
import subprocess
import sys
from typing import Any

import pytest

from faults.installation import HERE

pytestmark = pytest.mark.slow


def played(*flags: str) -> dict[str, Any]:
    """Play the drill in its short form."""
    command = [sys.executable, str(HERE / "fault_restore.py"), "--short", "--database", "sqlite", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
    found: dict[str, Any] = json.loads(done.stdout)["sqlite"]
    assert done.returncode == bool(found["faults"]), done.stderr
    return found


def test_everything_a_backup_names_opens_after_its_restore() -> None:
    found = played()
    assert (found["unreadable"], found["not_well"], found["faults"]) == (0, 0, [])
    assert found["items"] < found["most_served"]


def test_planted_bug_objects_before_the_database_are_missed() -> None:
    assert played("--planted")["unreadable"] > 0
