"""Killing and racing turn red with the bug that is planted for them, also in a small form: no figure without it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

# A release is played until the bug is seen. The planted bugs of the other scripts take a minute or more each: they are
# played by hand.
SMALL = {"release": ("--times", "100", "--database", "sqlite")}


@pytest.mark.parametrize("name", [*SMALL, pytest.param("escape", marks=pytest.mark.sandbox)])
def test_its_planted_bug_is_seen(name: str) -> None:
    script = Path(__file__).with_name(f"fault_{name}.py")
    command = [sys.executable, str(script), *SMALL.get(name, ("--short",)), "--planted"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 1, done.stderr
    assert any(one["faults"] for one in json.loads(done.stdout).values() if isinstance(one, dict))
