"""Figures of several runs add up."""

from pathlib import Path

from faults.results import added_up


def test_the_bound_follows_the_sum(tmp_path: Path) -> None:
    into = tmp_path / "kill.json"
    added_up(into, "sqlite", {"kills": 100, "died_at": {"after a commit": 2}, "faults": [], "seeds": [1]})
    told = added_up(into, "sqlite", {"kills": 200, "died_at": {"after a commit": 3}, "faults": [], "seeds": [2]})
    assert told["sqlite"] == {
        "kills": 300, "died_at": {"after a commit": 5}, "faults": [], "seeds": [1, 2], "bound_95": 0.01,
    }  # fmt: skip


def test_one_fault_leaves_no_bound_for_good(tmp_path: Path) -> None:
    into = tmp_path / "kill.json"
    added_up(into, "sqlite", {"rounds": 10, "faults": ["lost"]})
    assert added_up(into, "sqlite", {"rounds": 10, "faults": []})["sqlite"]["bound_95"] is None


def test_without_a_file_a_run_stands_alone() -> None:
    assert added_up(None, "sqlite", {"rounds": 300, "faults": []})["sqlite"]["bound_95"] == 0.01
