"""A list shared out by stream among machines: two members' doors as processes, each with the files of its own alone."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
SCRIPT = Path(__file__).resolve().parents[2] / "bench" / "members_shards.py"


def test_two_machines_and_a_front_say_what_one_would() -> None:
    """Each answers for its streams, the front for all; what is withdrawn is withdrawn on every machine at once."""
    apart = {name: value for name, value in os.environ.items() if not name.startswith(("OPENHOTLINE_", "DJANGO_"))}
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], env=apart, capture_output=True, text=True, timeout=240, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout)
    assert said["as_one_process_would"]
    assert said["said"]["ordinary"] == ["yes", "no", "no"]
