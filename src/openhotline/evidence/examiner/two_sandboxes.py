"""The sandbox for pictures and the one for what FFmpeg decodes, as one: the first bytes of a file choose. No Django."""

import threading
from collections.abc import Hashable, Iterable, Iterator
from typing import Self, TypeVar

from openhotline.core.sandbox.parent import AHEAD, Posture, Sandbox, in_order, together
from openhotline.core.sandbox.protocol import Answer, Failure, Json, Limits, Wear
from openhotline.evidence.examiner.first_bytes import is_ffmpegs

Key = TypeVar("Key", bound=Hashable)

PICTURES = "openhotline.evidence.examiner.program"
VIDEOS = "openhotline.evidence.examiner.video_program"


class TwoSandboxes:
    """Runs the program for pictures or the one for videos, HEIF and AVIF on hostile bytes; else as `Sandbox`.

    Each has so many zygotes. Those for videos begin with the first such file, or when somebody asks for the posture.
    """

    def __init__(self, *, zygotes: int = 2, limits: Limits | None = None, require: bool = True) -> None:
        self._wanted = (zygotes, limits, require)
        self._lock = threading.Lock()
        self._videos: Sandbox | None = None
        self.pictures = self._opened(PICTURES)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self.close()

    def run(self, data: bytes, options: dict[str, Json] | None = None) -> Answer:
        """Examine one file."""
        return (self.videos() if is_ffmpegs(data) else self.pictures).run(data, options)

    def map(
        self, sources: Iterable[tuple[Key, bytes]], options: dict[str, Json] | None = None
    ) -> Iterator[tuple[Key, Answer | Failure]]:
        """Examine many files with all zygotes, in the order of `sources`, which is read a few files ahead."""
        zygotes = self._wanted[0]
        # A thread for each zygote, but no more files in memory than for one sandbox.
        return in_order(lambda data: self.run(data, options), sources, threads=2 * zygotes, ahead=AHEAD * zygotes)

    def videos(self) -> Sandbox:
        """Return the sandbox for videos, opened if it is not."""
        with self._lock:
            if self._videos is None:
                self._videos = self._opened(VIDEOS)
            return self._videos

    def posture(self) -> Posture:
        """Return how well files are locked in, in both."""
        found = [sandbox.posture() for sandbox in (self.pictures, self.videos())]
        reasons = dict.fromkeys(reason for one in found for reason in one.reasons)
        return Posture("degraded" if reasons else "sandboxed", tuple(reasons))

    def wear(self) -> Wear:
        """Return what files have cost so far, in both."""
        return together(sandbox.wear() for sandbox in (self.pictures, self._videos) if sandbox)

    def close(self) -> None:
        """End both, and what runs in them."""
        with self._lock:
            for sandbox in (self.pictures, self._videos):
                if sandbox is not None:
                    sandbox.close()

    def _opened(self, program: str) -> Sandbox:
        zygotes, limits, require = self._wanted
        return Sandbox(f"{program}:open_file", warm=f"{program}:warm", zygotes=zygotes, limits=limits, require=require)
