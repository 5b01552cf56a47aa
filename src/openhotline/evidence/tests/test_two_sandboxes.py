"""Pictures and videos are opened by programs of their own, and whoever has files examined sees one sandbox."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from moving import moving
from openhotline.core.sandbox.parent import Posture
from openhotline.core.sandbox.protocol import Answer, Wear
from openhotline.evidence.examiner import two_sandboxes
from openhotline.evidence.examiner.two_sandboxes import PICTURES, VIDEOS, TwoSandboxes

PICTURE, VIDEO = b"\xff\xd8\xff\xe0 a picture", b"\0\0\0\x18ftypisom a video"


class Opened:
    """Stands in for a sandbox: says which program had a file."""

    made: list["Opened"]

    def __init__(self, target: str, **_wanted: Any) -> None:
        self.program = target.removesuffix(":open_file")
        self.closed = False
        self.made.append(self)

    def run(self, _data: bytes, _options: object) -> Answer:
        """Answer with the program."""
        return Answer({"by": self.program})

    def posture(self) -> Posture:
        """Miss a wall where videos are opened."""
        missing = ("The decoder sees a network.",) if self.program == VIDEOS else ()
        return Posture("degraded" if missing else "sandboxed", missing)

    def wear(self) -> Wear:
        """Say what one file cost."""
        return Wear(files=1, peak=len(self.program))

    def close(self) -> None:
        """Note it."""
        self.closed = True


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> TwoSandboxes:
    monkeypatch.setattr(Opened, "made", [], raising=False)
    monkeypatch.setattr(two_sandboxes, "Sandbox", Opened)
    return TwoSandboxes()


def test_the_first_bytes_say_which_program_opens_a_file_and_the_order_stays(two: TwoSandboxes) -> None:
    files = [PICTURE, VIDEO, b"", VIDEO, PICTURE]
    answers = [answer for _, answer in two.map(enumerate(files)) if isinstance(answer, Answer)]
    assert [answer.facts["by"] for answer in answers] == [PICTURES, VIDEOS, PICTURES, VIDEOS, PICTURES]


def test_the_one_for_videos_begins_with_the_first_video(two: TwoSandboxes) -> None:
    two.run(PICTURE)
    assert [one.program for one in Opened.made] == [PICTURES]
    two.run(VIDEO)
    two.run(VIDEO)
    assert [one.program for one in Opened.made] == [PICTURES, VIDEOS]


def test_a_wall_that_is_missing_in_either_is_missing(two: TwoSandboxes) -> None:
    assert two.posture() == Posture("degraded", ("The decoder sees a network.",))


def test_what_files_cost_is_told_of_both_and_both_are_closed(two: TwoSandboxes) -> None:
    assert two.wear().files == 1
    two.run(VIDEO)
    assert two.wear() == Wear(files=2, peak=len(VIDEOS))
    two.close()
    assert all(one.closed for one in Opened.made)


@pytest.mark.slow
@pytest.mark.parametrize(("program", "has"), [(PICTURES, "False"), (VIDEOS, "True")])
def test_no_process_for_a_picture_carries_ffmpeg(program: str, has: str) -> None:
    code = f"import sys, {program} as program\nprogram.warm()\nprint('av' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.strip() == has


@pytest.mark.sandbox
@pytest.mark.slow
def test_pictures_and_videos_come_back_in_their_order(paint: Callable[..., bytes]) -> None:
    files = [paint(1, "JPEG"), moving(1), paint(2, "PNG")]
    with TwoSandboxes(zygotes=1) as two:
        answers = [answer for _, answer in two.map(enumerate(files))]
        assert two.wear().restarts == 0
    assert [answer.facts["format"] for answer in answers if isinstance(answer, Answer)] == ["JPEG", "MP4", "PNG"]
