"""``openhotline bulk``: a folder of any size, part by part; broken off and taken up; each file in the sandbox alone."""

import json
import os
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner, Result

import hashmatch
from hashmatch import hash_files, pdq
from moving import moving
from openhotline.core.sandbox.protocol import Answer, Failure
from openhotline.evidence.commands import bulk as module
from openhotline.evidence.commands import bulk_app
from openhotline.evidence.examiner import engines
from openhotline.evidence.examiner.answers import read_frames, read_hash
from openhotline.evidence.examiner.engines import Pool
from openhotline.evidence.examiner.in_parts import HashPart, MatchPart, PartDone, hash_part, match_part
from openhotline.evidence.examiner.video_program import open_file
from openhotline.evidence.states import LEAST_FRAME_QUALITY

pytestmark = pytest.mark.sandbox


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files a part, so that few make several."""
    monkeypatch.setattr(module, "FILES", 2)


@pytest.fixture
def folder(tmp_path: Path, paint: Callable[..., bytes]) -> Path:
    """Five pictures, one of them in a folder below, and a file that is none."""
    place = tmp_path / "files"
    (place / "below").mkdir(parents=True)
    for seed in range(1, 6):
        name = f"below/{seed}.png" if seed == 5 else f"{seed}.png"
        (place / name).write_bytes(paint(seed))
    (place / "6.txt").write_text("no picture")
    return place


def told(*words: object) -> Result:
    """Run the command with one process."""
    return CliRunner().invoke(bulk_app, [*(str(word) for word in words), "--workers", "1"])


def hashed(folder: Path, out: Path) -> dict[str, Any]:
    """Hash a folder and return the totals."""
    answer: dict[str, Any] = json.loads(told("hash", folder, "--out", out, "--json").stdout)
    return answer


def rows(out: Path) -> list[dict[str, Any]]:
    """Return every line of the results, part by part."""
    return [json.loads(line) for path in sorted(out.glob("part-*.jsonl")) for line in path.read_text().splitlines()]


def test_every_file_has_its_line_in_one_order(folder: Path, tmp_path: Path) -> None:
    assert hashed(folder, tmp_path / "out") == {"parts": 3, "before": 0, "inputs": 6, "unreadable": 1, "lines": 6}
    found = rows(tmp_path / "out")
    assert [Path(row["file"]).name for row in found] == ["1.png", "2.png", "3.png", "4.png", "6.txt", "5.png"]
    data = (folder / "1.png").read_bytes()
    assert (found[0]["pdq"], found[0]["sha256"]) == (pdq.from_bytes(data).hash.hex(), sha256(data).hexdigest())
    assert found[4]["reason"] == "unknown_format"


def test_again_nothing_is_hashed_a_second_time(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = hashed(folder, tmp_path / "out")
    monkeypatch.setattr(module, "hash_part", None)
    assert hashed(folder, tmp_path / "out") == {**first, "before": 3}


def test_broken_off_it_goes_on_where_it_stopped(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def ends_after_one(part: HashPart) -> PartDone:
        if "part-00000001" in part.out:
            Path(f"{part.out}.unfinished").write_text('{"file": "half a li')
            raise KeyboardInterrupt
        return hash_part(part)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(module, "hash_part", ends_after_one)
        answer = told("hash", folder, "--out", tmp_path / "out")
    assert (answer.exit_code, "same command goes on" in answer.stderr) == (130, True)
    whole = hashed(folder, tmp_path / "whole")
    assert hashed(folder, tmp_path / "out") == {**whole, "before": 1}
    assert rows(tmp_path / "out") == rows(tmp_path / "whole")
    assert not list((tmp_path / "out").glob("*.unfinished"))


def test_a_file_that_changed_is_hashed_again_and_one_that_went_is_gone(
    folder: Path, tmp_path: Path, paint: Callable[..., bytes]
) -> None:
    hashed(folder, tmp_path / "out")
    (folder / "1.png").write_bytes(paint(9))
    (folder / "below/5.png").unlink()
    assert hashed(folder, tmp_path / "out")["before"] == 1
    found = rows(tmp_path / "out")
    assert len(found) == 5
    assert found[0]["pdq"] == pdq.from_bytes(paint(9)).hash.hex()


def test_what_comes_out_is_for_whoever_ran_it_alone(folder: Path, tmp_path: Path) -> None:
    hashed(folder, tmp_path / "out")
    assert {path.stat().st_mode & 0o077 for path in [tmp_path / "out", *(tmp_path / "out").iterdir()]} == {0}


def test_results_inside_the_folder_are_not_hashed_themselves(folder: Path) -> None:
    first = hashed(folder, folder / "out")
    assert hashed(folder, folder / "out") == {**first, "before": 3}


def test_a_name_that_is_not_text_comes_back_as_it_was(tmp_path: Path, paint: Callable[..., bytes]) -> None:
    place = tmp_path / "files"
    place.mkdir()
    name = os.fsdecode(b"\xff.png")
    (place / name).write_bytes(paint(1))
    hashed(place, tmp_path / "out")
    assert rows(tmp_path / "out")[0]["file"].endswith(name)


def test_what_was_hashed_is_matched_part_by_part(folder: Path, tmp_path: Path, paint: Callable[..., bytes]) -> None:
    hashed(folder, tmp_path / "out")
    known = np.stack([np.frombuffer(pdq.from_bytes(paint(seed)).hash, np.uint8) for seed in (2, 5)])
    hashmatch.Index.build(known, np.array([20, 50], np.int64)).save(tmp_path / "known.idx")
    words = ("match", tmp_path / "known.idx", tmp_path / "out", "--out", tmp_path / "found", "--json")
    answer = told(*words)
    assert json.loads(answer.stdout) == {"parts": 3, "before": 0, "inputs": 5, "unreadable": 0, "lines": 2}
    found = [(Path(row["file"]).name, row["id"], row["distance"]) for row in rows(tmp_path / "found")]
    assert found == [("2.png", 20, 0), ("5.png", 50, 0)]
    assert json.loads(told(*words).output) == {**json.loads(answer.stdout), "before": 3}


def test_of_a_video_each_frame_is_hashed_as_an_import_does(folder: Path, tmp_path: Path) -> None:
    """By the same program in the same sandbox: the same frames at the same moments."""
    (folder / "7.mp4").write_bytes(moving(1))
    hashed(folder, tmp_path / "out")
    (line,) = [row for row in rows(tmp_path / "out") if row["file"].endswith("7.mp4")]
    taken = open_file(moving(1), {}).facts["video"]
    assert isinstance(taken, dict)
    assert [[one["at_ms"], one["pdq"], one["quality"]] for one in line["frames"]] == taken["frames"]
    assert (line["milliseconds"], line["complete"], line["sha256"]) == (4000, True, sha256(moving(1)).hexdigest())
    assert "pdq" not in line


def test_a_video_is_matched_by_the_share_of_its_frames(folder: Path, tmp_path: Path) -> None:
    """An index of pictures: one is a still of the video, another of nothing in it."""
    (folder / "7.mp4").write_bytes(moving(1))
    hashed(folder, tmp_path / "out")
    (video,) = [row for row in rows(tmp_path / "out") if "frames" in row]
    usable = [one for one in video["frames"] if one["quality"] >= LEAST_FRAME_QUALITY]
    still, other = bytes.fromhex(usable[2]["pdq"]), bytes(range(32))
    known = np.stack([np.frombuffer(one, np.uint8) for one in (still, other)])
    hashmatch.Index.build(known, np.array([1, 2], np.int64)).save(tmp_path / "known.idx")
    answer = told("match", tmp_path / "known.idx", tmp_path / "out", "--out", tmp_path / "found", "--json")
    assert json.loads(answer.stdout)["inputs"] == 6
    (line,) = rows(tmp_path / "found")
    assert (Path(line["file"]).name, line["id"], line["distance"], line["of"]) == ("7.mp4", 1, 0, len(usable))
    assert usable[2]["at_ms"] in line["at_ms"]
    assert line["frames"] == len(line["at_ms"]) < len(usable)


def test_frames_that_say_nothing_are_not_looked_up(tmp_path: Path) -> None:
    """A black frame is near every other black frame."""
    frames = [{"at_ms": at, "pdq": "0" * 64, "quality": quality} for at, quality in ((0, 49), (1000, 50))]
    (tmp_path / "part-0.jsonl").write_text(json.dumps({"file": "a.mp4", "frames": frames}) + "\n")
    hashmatch.Index.build(np.zeros((1, 32), np.uint8), np.array([7], np.int64)).save(tmp_path / "known.idx")
    part = MatchPart(str(tmp_path / "part-0.jsonl"), str(tmp_path / "known.idx"), str(tmp_path / "out"))
    assert match_part(part) == PartDone(1, 0, 1)
    line = json.loads((tmp_path / "out").read_text())
    assert line == {"file": "a.mp4", "id": 7, "distance": 0, "frames": 1, "of": 1, "at_ms": [1000]}


def test_results_of_before_videos_were_hashed_are_made_anew(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or a folder that was hashed then would keep its videos as unknown for good."""
    with monkeypatch.context() as before:
        before.setattr(module, "HASHES", "hashes 1")
        hashed(folder, tmp_path / "out")
    assert hashed(folder, tmp_path / "out")["before"] == 0
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_an_index_can_be_built_of_results_with_videos_among_them(folder: Path, tmp_path: Path) -> None:
    """A video has no hash of its own, so its line is passed over and the others keep their numbers."""
    (folder / "0.mp4").write_bytes(moving(1))
    hashed(folder, tmp_path / "out")
    first = min((tmp_path / "out").glob("part-*.jsonl"))
    assert hash_files.read(str(first)).ids.tolist() == [1]


def test_damaged_results_are_told_and_not_passed_over(folder: Path, tmp_path: Path) -> None:
    hashed(folder, tmp_path / "out")
    hashmatch.Index.build(np.zeros((1, 32), np.uint8), np.array([7], np.int64)).save(tmp_path / "known.idx")
    path = min((tmp_path / "out").glob("part-*.jsonl"))
    path.write_text(json.dumps({"file": "a.png", "pdq": "0" * 63 + "x", "quality": 100}) + "\n")
    answer = told("match", tmp_path / "known.idx", tmp_path / "out", "--out", tmp_path / "found")
    assert (answer.exit_code, "damaged" in answer.stderr) == (2, True)


def test_what_cannot_begin_is_a_sentence(tmp_path: Path) -> None:
    answer = told("hash", tmp_path / "none", "--out", tmp_path / "out")
    assert (answer.exit_code, "There is no folder" in answer.stderr) == (2, True)
    answer = told("match", tmp_path / "x.idx", tmp_path, "--out", tmp_path / "out")
    assert (answer.exit_code, "Hash first" in answer.stderr) == (2, True)


@pytest.mark.parametrize(
    "lie", [{"pdq": "x"}, {"quality": 101}, {"quality": True}, {"canonical": "a\nb"}, {"canonical": None}]
)
def test_a_hash_is_not_believed_before_it_was_checked(lie: dict[str, Any]) -> None:
    true: dict[str, Any] = {"pdq": "0" * 64, "quality": 100, "canonical": "upright-srgb-white/1"}
    assert read_hash(Answer(true)).pdq == "0" * 64
    with pytest.raises(Failure):
        read_hash(Answer(true | lie))


@pytest.mark.parametrize("lie", [{"frames": []}, {"frames": [[0, "x", 50]]}, {"complete": 1}, {"width": 0}, {}])
def test_frames_are_not_believed_before_they_were_checked(lie: dict[str, Any]) -> None:
    facts = open_file(moving(1), {"task": "hash", "videos": True}).facts
    assert read_frames(Answer(facts)).milliseconds == 4000
    told: Any = {"video": {**facts["video"], **lie}} if lie else {"video": None}  # type: ignore[dict-item]
    with pytest.raises(Failure):
        read_frames(Answer(told))


def test_any_engine_can_run_the_parts(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even one that takes them from the end: parts know nothing of each other."""

    class Backwards:
        def __init__(self, _workers: int | None) -> None:
            pass

        def run(self, work: Callable[[Any], PartDone], parts: Iterable[Any]) -> Iterator[PartDone]:
            yield from map(work, reversed(list(parts)))

    hashed(folder, tmp_path / "out")
    monkeypatch.setattr(module, "Pool", Backwards)
    hashed(folder, tmp_path / "back")
    assert rows(tmp_path / "back") == rows(tmp_path / "out")


@pytest.mark.slow
def test_two_processes_give_the_same(folder: Path, tmp_path: Path) -> None:
    hashed(folder, tmp_path / "one")
    (tmp_path / "two").mkdir()
    parts = [
        HashPart((str(file),), str(tmp_path / "two" / engines.part_name(number, file.name)), require=False)
        for number, file in enumerate(sorted(folder.glob("*.png")))
    ]
    done = list(Pool(2).run(hash_part, parts))
    assert [one.inputs for one in done] == [1] * 4
    assert [row["pdq"] for row in rows(tmp_path / "two")] == [row["pdq"] for row in rows(tmp_path / "one")[:4]]
