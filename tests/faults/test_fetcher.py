"""The whole corpus of addresses that lead inside takes seconds, so it is the short form too; and it can fail."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from faults import fault_fetcher, places
from faults.plays import CANNOT

pytestmark = pytest.mark.slow
SCRIPT = Path(fault_fetcher.__file__)


def run(*options: str) -> tuple[int, dict[str, Any]]:
    """Run the script; return its code and what it told."""
    ended = subprocess.run([sys.executable, str(SCRIPT), *options], capture_output=True, text=True, check=False)
    assert ended.stdout, ended.stderr
    told = json.loads(ended.stdout)
    if ended.returncode == CANNOT:
        pytest.skip(told["alone"]["skipped"])
    return ended.returncode, told["alone"]


def test_no_attempt_to_connect_reaches_a_refused_address_and_legitimate_ones_are_reached() -> None:
    code, told = run()
    assert (code, told["faults"]) == (0, [])
    assert (told["N"] >= 300, told["legitimate"] >= 50, told["most_categories"]) == (True, True, 32)


@pytest.mark.parametrize(("bug", "category"), [("range", "5: "), ("rebinding", "18: "), ("redirect", "21: ")])
def test_planted_bug_is_heard_at_the_wire(bug: str, category: str) -> None:
    code, told = run("--planted", bug)
    assert code == 1
    assert any(fault.startswith(category) and "connected to" in fault for fault in told["faults"])


def test_every_category_has_its_places() -> None:
    assert {place.category for place in places.corpus().places} == set(range(33))
