"""One form for every script of faults: its command line, its result, its planted bug, and how runs add up.

    python tests/faults/fault_….py [FIGURE …] [--times N] [--total N] [--seed S] [--database D] [--into FILE] [--short]
                                   [--planted [BUG]]

Each figure is played on each of its databases, in a process of its own, as Django is set up once a process. Printed is
one JSON object with, by figure and database, the number of cases ``N``, the seeds, the faults and ``bound_95``, 3/N
where none was found. Ends with 1 when there is a fault, and with 3 when a figure cannot be played on this machine.
``--total`` plays on, with a new seed each time, until the file of ``--into`` holds that many: a run that was broken off
is taken up by the same command, and one that never came to something that the figure covers plays on for it.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "faults"), str(ROOT / "tests"), str(ROOT / "scripts")]

from covering import Cover, code  # noqa: E402 - path above
from databases import set_up  # noqa: E402 - path above
from results import added_up, counted_in, held  # noqa: E402 - path above

BOTH = ("sqlite", "postgres")
SQLITE = ("sqlite",)
ALONE = ("alone",)
"""Needs no installation."""
CANNOT = 3
SEEDS = 10**6
MOST_AGAIN = 2
"""How often the cases of a release are played at most for what never came about: what cannot does not play for ever."""


@dataclass(frozen=True)
class Play:
    """A figure: what plays it, how often by default and in every build, and the bugs that are planted to turn it red.

    ``play`` is called as ``play(folder, times, seed, planted=bug)``, with "" for none, and returns counts and a list of
    ``faults``; or ``skipped``, a sentence, where this machine cannot play it. ``zero`` names counts that must be 0, and
    of what each is. ``var`` is where the data folder lies in ``folder``; "": it is that. With ``kills_server`` ``play``
    is given the PostgreSQL that it is played on as ``server`` as well, None on SQLite, and may kill it. ``covers`` is
    what must have come about by name, whatever the number of cases.
    """

    script: str
    doc: str
    play: Callable[..., dict[str, Any]]
    times: int
    short: int
    planted: str | Mapping[str, str]
    name: str = ""
    databases: tuple[str, ...] = BOTH
    var: str = ""
    zero: Mapping[str, str] | None = None
    kills_server: bool = False
    covers: tuple[Cover, ...] = ()

    @property
    def bugs(self) -> Mapping[str, str]:
        """Return the planted bugs by name; the only one is called "bug"."""
        return {"bug": self.planted} if isinstance(self.planted, str) else self.planted

    def key(self, database: str) -> str:
        """Return under which name the figure of a database stands in the result."""
        return f"{self.name} {database}".strip()

    def missing(self, result: Mapping[str, Any]) -> list[str]:
        """Return a sentence for everything that should have come about by name and did not."""
        return [sentence for cover in self.covers for sentence in cover.missing(result)]

    def on(self, database: str, times: int, seed: int, bug: str) -> dict[str, Any]:
        """Play it in a process of its own and return what it prints."""
        from temporary_postgres import PostgresUnavailableError, temporary_postgres

        with tempfile.TemporaryDirectory(prefix="openhotline-faults-") as folder, ExitStack() as stack:
            ours = database == "postgres" and not self.kills_server
            try:
                address = stack.enter_context(temporary_postgres()).address if ours else ""
            except PostgresUnavailableError as reason:
                return {"skipped": str(reason)}
            inside = ("--inside", self.name, database, folder, address)
            command = [sys.executable, self.script, *inside, f"--times={times}", f"--seed={seed}"]
            began = time.monotonic()
            done = subprocess.run(
                [*command, *[f"--planted={bug}"] * bool(bug)], stdout=subprocess.PIPE, check=False, cwd=ROOT
            )
        if done.returncode:
            raise SystemExit(f"{Path(self.script).name} ended with {done.returncode} on {database}; why stands above.")
        result: dict[str, Any] = json.loads(done.stdout)
        if "skipped" in result:
            return result
        result["faults"] += [f"{name} is {result[name]}, not 0." for name in self.zero or {} if result.get(name)]
        played = {"code": {code(): counted_in(result, self.zero)}, "seeds": [seed]}
        return result | played | {"seconds": round(time.monotonic() - began)}

    def inside(self, database: str, folder: Path, address: str, asked: argparse.Namespace) -> None:
        """Set an installation up in this process, play on it, and print."""
        from temporary_postgres import PostgresUnavailableError

        play = self.play
        with ExitStack() as stack:
            if self.kills_server:
                try:
                    server = stack.enter_context(own_server()) if database == "postgres" else None
                except PostgresUnavailableError as reason:
                    print(json.dumps({"skipped": str(reason)}))  # noqa: T201 - the result
                    return
                play, address = partial(play, server=server), getattr(server, "address", "")
            if database not in ALONE:
                set_up(folder / self.var, address)
            told = {"faults": []} | play(folder, asked.times, asked.seed, planted=asked.planted)
        print(json.dumps(told))  # noqa: T201 - the result


@contextmanager
def own_server() -> Iterator[Any]:
    """Yield a PostgreSQL of this process, which alone can kill it; connections to it are closed before it stops."""
    from temporary_postgres import temporary_postgres

    with temporary_postgres() as server:
        yield server
        from django.db import connections

        connections.close_all()


def main(plays: Sequence[Play]) -> None:
    """Read the command line, play, print one JSON object, and end with 1 when there is a fault."""
    asked = _asked(plays)
    if asked.inside:
        name, database, folder, address = asked.inside
        next(one for one in plays if one.name == name).inside(database, Path(folder), address, asked)
        return
    told: dict[str, Any] = {}
    for one in plays:
        for database in asked.database or one.databases:
            if one.name in (asked.figures or [one.name]) and database in one.databases:
                told[one.key(database)] = _played(one, database, asked)
    print(json.dumps(told | {"planted": asked.planted}, indent=2))  # noqa: T201 - the result
    raise SystemExit(_ends(list(told.values())))


def _ends(results: list[dict[str, Any]]) -> int:
    if any(one.get("faults") for one in results):
        return 1
    return CANNOT if any("skipped" in one for one in results) else 0


def _played(one: Play, database: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Play once, or until the file holds as many as asked for; return what the file then holds of it."""
    times = asked.times or (one.short if asked.short else one.times)
    seed, key = asked.seed, one.key(database)
    while True:
        there = held(asked.into, key)
        left = asked.total - counted_in(there, one.zero) if asked.total else times
        if left <= 0 and (left <= -MOST_AGAIN * asked.total or not one.missing(there)):
            return there
        # Where the cases are not what is played (objects of so many kills), a lot is always whole.
        lot = times if one.zero or left <= 0 else min(times, left)
        result = one.on(database, lot, seed, asked.planted)
        if "skipped" in result:
            return result
        told: dict[str, Any] = added_up(asked.into, key, result, one.zero)[key]
        if not asked.total or result["faults"]:
            return told
        seed = random.SystemRandom().randrange(SEEDS)


def _asked(plays: Sequence[Play]) -> argparse.Namespace:
    names = [one.name for one in plays if one.name]
    bugs = {bug: words for one in plays for bug, words in one.bugs.items()}
    asked = argparse.ArgumentParser(description=plays[0].doc.partition("\n")[0])
    if names:
        asked.add_argument("figures", nargs="*", metavar="FIGURE", help=f"any of {', '.join(names)}; default: all")
    asked.add_argument("--times", type=int, help=f"how often; default: {', '.join(f'{one.times}' for one in plays)}")
    asked.add_argument("--total", type=int, help="play on until the file of --into holds so many")
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(SEEDS))
    asked.add_argument("--database", choices=(*BOTH, *ALONE), action="append", help="default: each that there is")
    asked.add_argument("--into", type=Path, help="a JSON file in which the figures of runs add up")
    asked.add_argument("--short", action="store_true", help="so little that every build can do it")
    planted = "; ".join(f"{bug}: {words}" for bug, words in bugs.items())
    asked.add_argument(
        "--planted", nargs="?", const=next(iter(bugs)), default="", choices=(*bugs, ""), help=f"with a bug: {planted}"
    )
    asked.add_argument("--inside", nargs=4, metavar=("FIGURE", "DATABASE", "FOLDER", "ADDRESS"), help=argparse.SUPPRESS)
    chosen = asked.parse_args()
    if unknown := sorted(set(getattr(chosen, "figures", [])) - set(names)):
        asked.error(f"{unknown[0]!r} is not a figure. Give any of: {', '.join(names)}.")
    if chosen.total and not chosen.into:
        asked.error("--total needs a file to add up in: --into FILE.")
    if chosen.planted and chosen.into:
        asked.error("A planted run is kept nowhere. Leave --into out.")
    chosen.figures = getattr(chosen, "figures", [])
    return chosen
