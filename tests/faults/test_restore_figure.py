"""A backup that lists objects before the database misses what came in; `make test` plays it the right way round."""

import json
import subprocess
import sys

import pytest

from faults.installation import HERE

pytestmark = pytest.mark.slow


def test_planted_bug_objects_before_the_database_are_missed() -> None:
    command = [sys.executable, str(HERE / "fault_restore.py"), "--short", "--database", "sqlite", "--planted"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=400)
    assert done.returncode == 1, done.stderr
    assert json.loads(done.stdout)["sqlite"]["unreadable"] > 0
