"""The figure of the audit log is no figure without its failing control."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fault_audit.py")
SMALL = ("--times", "120", "--seed", "1")


def play(*more: str) -> tuple[int, dict[str, object]]:
    """Run it small; return how it ended and what it printed."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), *SMALL, *more], capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode, json.loads(done.stdout)["sqlite"]


@pytest.mark.slow
def test_every_change_is_found() -> None:
    ended, told = play()
    assert (ended, told["missed"], told["faults"], told["N"]) == (0, 0, [], told["changes"])


@pytest.mark.slow
def test_planted_a_column_that_the_hash_leaves_out_turns_it_red() -> None:
    ended, told = play("--planted")
    assert ended == 1
    assert all("count" in one or "one change at a time" in one for one in told["faults"][:10])  # type: ignore[attr-defined]
