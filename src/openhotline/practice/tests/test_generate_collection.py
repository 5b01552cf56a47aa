"""Making a collection: what lies in the folder, and what happens when the making is interrupted."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from openhotline.practice.collection import generate

Row = dict[str, Any]
SEED = 7
ITEMS = 60


@pytest.fixture(scope="module")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate(tmp_path_factory.mktemp("collection"), items=ITEMS, seed=SEED, workers=1)


def lines(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def unsigned_digests(folder: Path) -> dict[str, str]:
    """SHA-256 by file, without the C2PA-signed ones, which the library salts."""
    signed = {row["file"] for row in lines(folder / "truth.jsonl") if "c2pa_trained" in row["marks"]}
    manifest = lines(folder / "manifest.jsonl")
    return {row["file"]: row["sha256"] for row in manifest if row["file"] not in signed}


def test_the_manifest_names_every_file_with_its_bytes_and_digest(collection: Path) -> None:
    manifest = lines(collection / "manifest.jsonl")
    assert [row["number"] for row in manifest] == list(range(1, ITEMS + 1))
    for row in manifest:
        data = (collection / row["file"]).read_bytes()
        assert (row["bytes"], row["sha256"]) == (len(data), hashlib.sha256(data).hexdigest())


def test_the_folder_holds_nothing_that_the_manifest_does_not_name(collection: Path) -> None:
    named = {row["file"] for row in lines(collection / "manifest.jsonl")}
    held = {path.relative_to(collection).as_posix() for path in collection.glob("files/**/*.*")}
    assert held == named


def test_every_file_is_found_on_a_page_of_a_board(collection: Path) -> None:
    pages = {row["page"] for row in lines(collection / "manifest.jsonl")}
    assert "/boards/1/threads/0001.html" in pages
    assert 2 <= len(pages) <= ITEMS // 6 + 1


def test_the_truth_gives_each_file_the_facts_of_its_glyph(collection: Path) -> None:
    legend = json.loads((collection / "legend.json").read_text(encoding="utf-8"))
    truth = lines(collection / "truth.jsonl")
    assert len(truth) == ITEMS
    for row in truth:
        assert row["facts"] == (legend[row["glyph"]]["facts"] if row["readable"] else None)


def test_duplicates_share_facts_and_selection_with_their_original(collection: Path) -> None:
    truth = {row["number"]: row for row in lines(collection / "truth.jsonl")}
    derived = [row for row in truth.values() if row["original"] is not None]
    assert {row["relation"] for row in derived} == {"exact_duplicate", "near_duplicate"}
    for row in derived:
        original = truth[row["original"]]
        assert [row[key] for key in ("facts", "selected")] == [original[key] for key in ("facts", "selected")]


def test_exact_duplicates_are_the_same_bytes_and_nothing_else_is(collection: Path) -> None:
    truth = {row["number"]: row for row in lines(collection / "truth.jsonl")}
    by_digest: dict[str, set[int]] = {}
    for row in lines(collection / "manifest.jsonl"):
        told = truth[row["number"]]
        exact = told["relation"] == "exact_duplicate"
        by_digest.setdefault(row["sha256"], set()).add(told["original"] if exact else told["number"])
    assert all(len(sources) == 1 for sources in by_digest.values())
    assert len(by_digest) == sum(row["relation"] != "exact_duplicate" for row in truth.values())


def test_known_lists_name_bytes_that_are_in_the_collection(collection: Path) -> None:
    folder = collection
    digests = {row["file"]: row["sha256"] for row in lines(folder / "manifest.jsonl")}
    listed = lines(folder / "known_harmless.jsonl") + lines(folder / "known.jsonl")
    assert listed
    assert all(digests[row["file"]] == row["sha256"] for row in listed)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_files_with_one_worker_or_two(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", items=24, seed=5, workers=1)
    two = generate(tmp_path / "two", items=24, seed=5, workers=2)
    assert unsigned_digests(one) == unsigned_digests(two)
    assert (one / "truth.jsonl").read_bytes() == (two / "truth.jsonl").read_bytes()


@pytest.mark.slow
def test_another_seed_gives_other_pictures(tmp_path: Path, collection: Path) -> None:
    other = generate(tmp_path, items=12, seed=SEED + 1, workers=1)
    assert not set(unsigned_digests(other).values()) & set(unsigned_digests(collection).values())


@pytest.mark.slow
def test_progress_rises_to_all_files(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    generate(tmp_path, items=20, seed=1, workers=1, progress=lambda done, total: told.append((done, total)))
    assert told == sorted(told)
    assert told[-1] == (20, 20)


@pytest.mark.slow
def test_a_second_call_makes_only_what_is_missing(tmp_path: Path) -> None:
    folder = generate(tmp_path, items=20, seed=2, workers=1)
    before = unsigned_digests(folder)
    gone, *kept = (folder / name for name in sorted(before))
    written = [path.stat().st_mtime_ns for path in kept]
    gone.unlink()
    (folder / "manifest.jsonl").unlink()
    generate(tmp_path, items=20, seed=2, workers=1)
    assert unsigned_digests(folder) == before
    assert [path.stat().st_mtime_ns for path in kept] == written


def test_a_finished_collection_is_left_as_it_is(collection: Path) -> None:
    written = (collection / "manifest.jsonl").stat().st_mtime_ns
    generate(collection, items=ITEMS, seed=SEED, workers=1)
    assert (collection / "manifest.jsonl").stat().st_mtime_ns == written


def test_a_folder_holds_one_collection_only(collection: Path) -> None:
    with pytest.raises(ValueError, match="holds a collection of 60 items with seed 7"):
        generate(collection, items=ITEMS, seed=SEED + 1)


@pytest.mark.parametrize("wrong", [{"items": 0}, {"workers": 0}])
def test_nothing_or_nobody_is_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="ask for one at least"):
        generate(tmp_path, **({"items": 5, "seed": 1, "workers": 1} | wrong))


_STARTED = """
import sys
from pathlib import Path
from openhotline.practice.collection import generate
if __name__ == "__main__":
    generate(Path(sys.argv[1]), items=120, seed=4, workers=2)
"""


def _wait_for(condition: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.02)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def _start_call(tmp_path: Path) -> tuple[subprocess.Popen[str], list[int]]:
    """Start making in another process; answers it and its workers once there are some files."""
    script = tmp_path / "started.py"
    script.write_text(_STARTED)
    command = [sys.executable, str(script), str(tmp_path / "folder")]
    call = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    _wait_for(lambda: len(list(tmp_path.glob("folder/files/*/[0-9]*"))) >= 10)
    return call, _children(call.pid)


@pytest.mark.slow
def test_a_killed_call_leaves_whole_files_and_no_workers_and_is_continued(tmp_path: Path) -> None:
    call, workers = _start_call(tmp_path)
    call.kill()
    call.communicate()
    _wait_for(lambda: all(_gone(pid) for pid in workers))
    folder = tmp_path / "folder"
    assert not (folder / "manifest.jsonl").exists()

    generate(folder, items=120, seed=4, workers=1)
    whole = generate(tmp_path / "whole", items=120, seed=4, workers=1)
    assert unsigned_digests(folder) == unsigned_digests(whole)
    assert not list(folder.glob("files/*/.*"))


@pytest.mark.slow
def test_a_killed_worker_ends_the_call_with_a_sentence(tmp_path: Path) -> None:
    call, workers = _start_call(tmp_path)
    os.kill(workers[-1], signal.SIGKILL)
    _, told = call.communicate(timeout=60)
    assert call.returncode != 0
    assert "start the same command again to continue" in told


@pytest.mark.slow
def test_ctrl_c_ends_the_call_and_its_workers(tmp_path: Path) -> None:
    call, workers = _start_call(tmp_path)
    call.send_signal(signal.SIGINT)
    _, told = call.communicate(timeout=60)
    assert "KeyboardInterrupt" in told
    _wait_for(lambda: all(_gone(pid) for pid in workers))


def test_no_private_key_is_written(collection: Path) -> None:
    written = [path.read_bytes() for path in collection.rglob("*") if path.is_file()]
    assert any(b"BEGIN CERTIFICATE" in data for data in written)
    assert not any(b"PRIVATE KEY" in data for data in written)
