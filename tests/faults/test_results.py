"""Figures of several runs add up."""

from pathlib import Path

from faults.results import added_up


def test_the_bound_follows_the_sum(tmp_path: Path) -> None:
    into = tmp_path / "kill.json"
    added_up(into, "sqlite", {"kills": 100, "died_at": {"after a commit": 2}, "faults": [], "seeds": [1]})
    told = added_up(into, "sqlite", {"kills": 200, "died_at": {"after a commit": 3}, "faults": [], "seeds": [2]})
    assert told["sqlite"] == {
        "kills": 300, "died_at": {"after a commit": 5}, "faults": [], "seeds": [1, 2], "N": 300, "bound_95": 0.01,
    }  # fmt: skip


def test_one_fault_leaves_no_bound_for_good(tmp_path: Path) -> None:
    into = tmp_path / "kill.json"
    added_up(into, "sqlite", {"rounds": 10, "faults": ["lost"]})
    assert added_up(into, "sqlite", {"rounds": 10, "faults": []})["sqlite"]["bound_95"] is None


def test_without_a_file_a_run_stands_alone() -> None:
    assert added_up(None, "sqlite", {"rounds": 300, "faults": []})["sqlite"]["bound_95"] == 0.01


def test_each_count_has_the_bound_of_what_it_is_of(tmp_path: Path) -> None:
    zero = {"unreadable": "objects", "opened_by_one": "attempts"}
    result = {"objects": 30, "unreadable": 0, "attempts": 9, "opened_by_one": 1, "faults": ["opened_by_one is 1."]}
    told = added_up(tmp_path / "keys.json", "recovery", result, zero)["recovery"]
    assert (told["N"], told["bound_95"]) == (30, None)
    assert told["bounds"] == {"unreadable": 0.1, "opened_by_one": None}


def test_the_most_is_kept_and_words_are_the_newest(tmp_path: Path) -> None:
    into = tmp_path / "decoder.json"
    for most, kernel in ((7, "one"), (5, "two")):
        told = added_up(into, "alone", {"cases": 1, "most_mib": most, "kernel": kernel, "faults": []})["alone"]
    assert (told["N"], told["most_mib"], told["kernel"]) == (2, 7, "two")
