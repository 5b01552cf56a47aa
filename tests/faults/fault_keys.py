"""Keys under attack: rotation under kill -9, recovery by two of three, purge against every copy, no plaintext at rest.

Each figure runs on an installation of its own. Prints one JSON object with N and the 95 % bound 3/N for every count
that is 0; ends with 1 when one is not.

    python tests/faults/fault_keys.py [FIGURE …] [--times N] [--database D] [--into FILE] [--short] [--planted]
"""

import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover, counts  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above


@dataclass(frozen=True)
class Figure:
    """Which module measures it, on how much for so many times, what must be 0 of what, and the planted bug."""

    name: str
    times: int
    short: int
    sizes: Callable[[int], dict[str, int]]
    zero: Mapping[str, str]
    planted: str
    covers: tuple[Cover, ...] = ()

    def play(self, folder: Path, times: int, seed: int, *, planted: str) -> dict[str, Any]:
        """Measure it on this installation, whose data folder lies in the given one."""
        temporary = folder / "tmp"
        temporary.mkdir()
        # What is written for a moment is searched too, and goes away with the folder.
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        measure = import_module(f"faults.keys_{self.name}").measure
        further: dict[str, Any] = {"folder": folder} if self.name in {"purge", "traces"} else {}
        told = dict(measure(**self.sizes(times), **further, seed=seed, planted=bool(planted)))
        from django.db import connections

        connections.close_all()
        return told

    def as_play(self) -> Play:
        """Return it in the form of every script."""
        return Play(
            *(__file__, __doc__ or "", self.play, self.times, self.short, self.planted),
            name=self.name,
            zero=self.zero,
            var="var",
            covers=self.covers,
        )


FIGURES = (
    Figure(
        "rotation",
        100,
        6,
        lambda kills: {"objects": 10_000 if kills >= 100 else 40 * kills, "kills": kills},
        {
            "unreadable": "objects",
            "left_on_an_old_epoch": "objects",
            "payloads_rewritten": "objects_at_start",
            "unreadable_meanwhile": "opened_meanwhile",
            "log_faults": "kills",
        },
        "keys are taken out and put in again in two transactions",
        (counts("kills", "opened_meanwhile"),),
    ),
    Figure(
        "recovery",
        1_000,
        50,
        lambda objects: {"objects": objects, "sets": objects // 5},
        {"unreadable": "objects", "opened_by_one": "attempts_by_one"},
        "sealed for either of two",
    ),
    Figure(
        "purge",
        1_000,
        20,
        lambda purged: {"purged": purged, "kept": max(10, purged // 10)},
        {"readable": "purged", "others_unreadable": "purged"},
        "keys are not destroyed",
        # What is known to open shows that the copies are tried for real.
        (counts("window_before_retirement", "window_of_earlier_custodians_file"),),
    ),
    Figure(
        "purge_kills",
        200,
        8,
        lambda kills: {"kills": kills},
        {
            "half_purged": "purged",
            "readable": "purged",
            "others_unreadable": "kept",
            "not_recorded_once": "purges",
            "log_faults": "kills",
        },
        "a purge says that it is done before its keys are destroyed",
    ),
    Figure(
        "traces",
        6,
        2,
        lambda pictures: {"pictures": pictures},
        {"in_clear": "needles"},
        "columns in clear",
        (counts("mails", "files_searched", "looks"),),
    ),
)

PLAYS = tuple(figure.as_play() for figure in FIGURES)

if __name__ == "__main__":
    main(PLAYS)
