"""The short form of the decoder's faults, and that they would be seen."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from run_faults import FIGURES

from faults import bombs, fault_decoder, mutating
from faults.fault_decoder import Count, run
from openhotline.core.sandbox.parent import Sandbox
from openhotline.core.sandbox.protocol import Limits

SHORT = Limits(wall=0.7, cpu=1)
ONE = [("one", b"x")]
every_bomb = bombs.bombs


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of twenty, and two bombs."""

    def two() -> Iterator[tuple[str, bytes]]:
        return (bomb for bomb in bombs._webp() if "2^24" in bomb[0] or "deep" in bomb[0])

    monkeypatch.setattr(fault_decoder.bombs, "bombs", two)
    monkeypatch.setattr(fault_decoder, "BATCH", 20)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "GIF", "TIFF", "HEIF", "MP4", "WEBM", "AVI"])
def test_taken_apart_and_put_together_a_seed_is_itself(form: str) -> None:
    for data in mutating.seeds()[form]:
        assert mutating.together(form, mutating.apart(form, data)) == data


def written_anew(form: str, parts: mutating.Parts) -> mutating.Parts:
    """Return the same blocks, those that hold others taken apart and put together, however deep."""
    return [inside_anew(form, part) if mutating.holds(form, part) else part for part in parts]


def inside_anew(form: str, part: mutating.Part) -> mutating.Part:
    """Return the same block, taken apart and put together."""
    head, held = mutating.inside(form, part)
    return dataclasses.replace(part, body=head + mutating._written(form, written_anew(form, held), None))


@pytest.mark.parametrize(("form", "least"), [("MP4", 3), ("HEIF", 3), ("WEBM", 2), ("AVI", 2), ("WEBP", 0)])
def test_so_are_the_blocks_inside_its_blocks(form: str, least: int) -> None:
    for data in mutating.seeds()[form]:
        parts = mutating.apart(form, data)
        assert mutating.together(form, written_anew(form, parts)) == data
        assert depth(form, parts) >= least


def depth(form: str, parts: mutating.Parts) -> int:
    """Return how many levels of blocks there are below these."""
    return max(
        (1 + depth(form, mutating.inside(form, part)[1]) for part in parts if mutating.holds(form, part)), default=0
    )


def test_a_case_is_its_seed_and_number() -> None:
    assert mutating.case(1, 7) == mutating.case(1, 7)
    assert mutating.case(1, 7) != mutating.case(2, 7)
    assert {mutating.case(1, number)[0] for number in range(120)} == set(mutating.seeds())


@pytest.mark.slow
def test_every_bomb_is_played_those_of_videos_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many as there are by default, and as a release needs: none stands behind the last that is taken."""
    monkeypatch.setattr(bombs, "_zeros", lambda _length: b"")
    names = [name for name, _ in every_bomb()]
    needed = next(one.needed for one in FIGURES if (one.script, one.name) == ("decoder", "bombs"))
    assert len(names) == fault_decoder.BOMBS == needed
    assert {name.partition(" ")[0] for name in names} >= {"mp4", "webm", "avi", "png", "gif", "webp", "jpeg"}


@pytest.mark.sandbox
@pytest.mark.slow
def test_damaged_pictures_and_bombs_leave_the_sandbox_whole(tmp_path: Path) -> None:
    for played, cases in ((fault_decoder.damaged, 40), (fault_decoder.unfolded, 2)):
        told = played(tmp_path, 40, 9, planted="")
        assert (told["faults"], told["cases"]) == ([], cases)


@pytest.mark.sandbox
@pytest.mark.slow
def test_planted_bug_a_child_that_takes_too_much_memory_is_seen(tmp_path: Path) -> None:
    told = fault_decoder.damaged(tmp_path, 0, 9, planted="bug")
    assert any("MiB" in fault for fault in told["faults"])


@pytest.mark.sandbox
@pytest.mark.slow
def test_planted_bug_a_file_that_takes_too_long_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault_decoder, "SECONDS", 0.0)
    count = Count()
    run(ONE, count, limits=SHORT, misdeed="stall")
    assert ["took" in fault for fault in count.faults] == [True]


@pytest.mark.sandbox
@pytest.mark.slow
def test_planted_bug_a_sandbox_that_had_to_be_started_again_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fragile(Sandbox):
        def run(self, *given: Any, **named: Any) -> Any:
            for slot in self._slots:
                slot.zygote._kill()
                slot.zygote._process.wait()
            return super().run(*given, **named)

    monkeypatch.setattr(fault_decoder, "Sandbox", Fragile)
    count = Count()
    run(ONE, count, limits=SHORT, misdeed="refuse")
    assert count.faults == ["A zygote had to be started again, 1 times."]


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize(("misdeed", "signature"), [("crash", "one: signal 11"), ("throw", "one: KeyError")])
def test_how_a_child_ended_is_told_apart(misdeed: str, signature: str) -> None:
    count = Count()
    run(ONE, count, limits=dataclasses.replace(SHORT, wall=5.0), misdeed=misdeed)
    assert list(count.signatures) == [signature]
