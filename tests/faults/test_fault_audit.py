"""The figure of the audit log is no figure without its failing control."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("fault_audit.py")


@pytest.mark.slow
def test_planted_a_column_that_the_hash_leaves_out_turns_it_red() -> None:
    command = [sys.executable, str(SCRIPT), "--times", "120", "--seed", "1", "--planted"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 1, done.stderr
    faults = json.loads(done.stdout)["sqlite"]["faults"]
    assert all("count" in one or "one change at a time" in one for one in faults[:10])
