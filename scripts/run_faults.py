"""Break things on purpose: play every script of tests/faults/ and print the figures, a line each.

    scripts/run_faults.py [--short] [--kept] [--into FOLDER] [SCRIPT …]

Figures add up in a folder (`var/faults`), and each script plays until it holds as many as a release needs, and has come
to everything that it covers by name (moments, operations, routes): a run that was broken off goes on where it was, by
the same command. Remove the folder to begin anew, after a change of the code that is measured. With --short everything
is played once and little, as in every build, and nothing is kept. With --kept nothing is played: the figures of
tests/faults/results are printed, each with the code that it was played on. Ends with 1 when something did not hold, was
played less often than a release needs, or never came to something that the code has now.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = ROOT / "tests" / "faults"
KEPT = SCRIPTS / "results"
sys.path[:0] = [str(SCRIPTS), str(SCRIPTS.parent)]
CANNOT = 3


@dataclass(frozen=True)
class Figure:
    """What must hold, in which script and figure, of how many (``unit``), and how many a release needs.

    ``beside`` says in words what counts are printed beside it, because what holds is not all that is so.
    """

    what: str
    script: str
    name: str
    needed: int
    unit: str
    beside: Mapping[str, str] = field(default_factory=dict)


FIGURES = (
    Figure("killed at intake: nothing acknowledged is lost or doubled, the log verifies", "kill", "", 1_000, "kills"),
    Figure("killed at assessment: no opinion is lost or doubled", "assessment", "", 300, "kills"),
    Figure("killed at release: it is published whole, once, or not", "release", "", 300, "kills"),
    Figure("killed from decision to gone: no notice to a wrong party, none twice", "removal", "", 200, "kills"),
    Figure(
        "damaged pictures and videos: the sandbox is not restarted, no child over 512 MiB or 10 s",
        "decoder",
        "damaged",
        20_000,
        "cases",
    ),
    Figure("bombs: the same", "decoder", "bombs", 106, "cases"),
    Figure("ways out of the sandbox and lies of a child: all blocked", "escape", "", 25, "attempts"),
    Figure("addresses that lead inside: none is connected to", "fetcher", "", 300, "addresses"),
    Figure("the log touched in every way: all of it is found", "audit", "", 100_000, "changes"),
    Figure("damaged files with marks: no hang, crash or connection", "provenance", "", 50_000, "cases"),
    Figure("roles by routes by methods: every cell answers as written", "access", "", 1_000, "cells"),
    Figure("eight hands on one approval: done once, by two people, or not", "approvals", "release", 1_000, "rounds"),
    Figure("eight hands on somebody's role: given once, by two others, or not", "approvals", "role", 1_000, "rounds"),
    Figure("keys rotated under kill -9: everything opens", "keys", "rotation", 10_000, "objects"),
    Figure(
        "keys recovered by two of three: everything opens, one alone opens nothing",
        "keys",
        "recovery",
        1_000,
        "objects",
    ),
    Figure(
        "purged items, once their epoch was retired, tried against every copy: none opens",
        "keys",
        "purge",
        1_000,
        "items",
        {
            "window_before_retirement": "opened with an older key store until then",
            "window_of_earlier_custodians_file": "open with that and an earlier custodians' file while one is kept",
        },
    ),
    Figure("purges under kill -9: none is half done", "keys", "purge_kills", 1_000, "items"),
    Figure(
        "marked items after the whole way: nothing in clear, wherever bytes were written", "keys", "traces", 1, "marks"
    ),
    Figure("backups taken while files come in: restored, everything opens", "restore", "", 1_000, "items"),
    Figure(
        "any request to the partners' API: no server error, every operation done once",
        "api",
        "partners",
        10_000,
        "requests",
    ),
    Figure("any request to the members' APIs: the same", "api", "members", 10_000, "requests"),
)


def scripts(asked: list[str]) -> list[Path]:
    """Return the scripts asked for, or all. Raises SystemExit with a sentence for one that is not there."""
    there = {path.stem.removeprefix("fault_"): path for path in sorted(SCRIPTS.glob("fault_*.py"))}
    unknown = sorted(set(asked) - set(there))
    if unknown:
        raise SystemExit(f"{unknown[0]!r} is no script of faults. Give any of: {', '.join(there)}.")
    return [there[name] for name in asked or there]


def commands(script: Path, into: Path, *, short: bool) -> Iterator[list[str]]:
    """Yield what has to be typed for a script: once a figure, with how many of it a release needs."""
    start, name = [sys.executable, str(script), "--into", str(into)], script.stem.removeprefix("fault_")
    for one in FIGURES:
        if one.script == name:
            yield [*start, *[one.name] * bool(one.name), *(["--short"] if short else ["--total", str(one.needed)])]


def lines(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield a line for each figure and database that was played."""
    for one in FIGURES:
        for key, told in results.get(one.script, {}).items():
            if not isinstance(told, dict) or (one.name and key.split()[0] != one.name):
                continue
            place = key.split()[-1].replace("alone", "this machine")
            bound, why = told.get("bound_95"), next(iter(told["faults"]), "nothing was tried")
            said = f"below {bound:.2g} with 95 %" if bound else f"NOT HELD: {why}"
            counted = f"{told['N']:,} {one.unit}, {len(told['faults'])} faults"
            counted += "".join(f", {told[count]:,} {words}" for count, words in one.beside.items() if count in told)
            where = f"seeds {told.get('seeds', 'not noted')}; code {played_on(told)}"
            yield f"{one.what} ({place}): {counted}, {said}; {where}"


def played_on(told: dict[str, Any]) -> str:
    """Return the days and commits of the code that a result was played on, the newest last, with the cases of each."""
    days = dict(sorted(told.get("code", {}).items()))
    before = told["N"] - sum(days.values())
    return ", ".join(f"{day} ({cases:,})" for day, cases in (({"not noted": before} if before else {}) | days).items())


def too_few(results: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield a sentence for what a release needs and was not played: times of a figure, or what it covers by name."""
    for one in FIGURES:
        if one.script not in results:
            continue
        play = plays_of(one.script)[one.name]
        for key in map(play.key, play.databases):
            told = results[one.script].get(key, {"N": 0})
            if told["N"] < one.needed:
                yield f"{one.script} {key}: {told['N']:,} {one.unit} of the {one.needed:,} that a release needs."
            if told["N"]:
                yield from (f"{one.script} {key}: {sentence}" for sentence in play.missing(told))


def plays_of(script: str) -> dict[str, Any]:
    """Return what a script plays, by the names of its figures."""
    return {one.name: one for one in import_module(f"faults.fault_{script}").PLAYS}


def main() -> int:
    """Read the command line, play, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("scripts", nargs="*", metavar="SCRIPT", help="without fault_ and .py; default: all")
    asked.add_argument("--short", action="store_true", help="once and little, as in every build")
    asked.add_argument("--kept", action="store_true", help="play nothing: print what is kept, and what it lacks")
    asked.add_argument("--into", type=Path, default=ROOT / "var" / "faults", help="the folder where figures add up")
    chosen = asked.parse_args()
    if chosen.kept:
        files = {path.stem.removeprefix("fault_"): path for path in scripts(chosen.scripts)}
        return told_of({name: json.loads((KEPT / f"{name}.json").read_text()) for name in files}, [], short=False)
    failed, results = [], {}
    with tempfile.TemporaryDirectory(prefix="openhotline-figures-") as once:
        folder = Path(once) if chosen.short else chosen.into
        for script in scripts(chosen.scripts):
            name = script.stem.removeprefix("fault_")
            into = folder / f"{name}.json"
            for command in commands(script, into, short=chosen.short):
                print(f"== {' '.join(command[1:])}", flush=True)
                code = subprocess.run(command, cwd=ROOT, check=False, stdout=subprocess.DEVNULL).returncode
                if code == CANNOT:
                    print("   cannot be played on this machine: nothing was tried", flush=True)
                elif code:
                    failed.append(name)
            results[name] = json.loads(into.read_text()) if into.exists() else {}
    return told_of(results, failed, short=chosen.short)


def told_of(results: dict[str, dict[str, Any]], failed: list[str], *, short: bool) -> int:
    """Print the figures, and what a release lacks; return the code to end with."""
    print("== figures", *lines(results), sep="\n")
    short_of = [] if short else list(too_few(results))
    for sentence in short_of:
        print(f"faults: {sentence}", file=sys.stderr)
    if failed:
        print(f"faults: did not hold: {', '.join(dict.fromkeys(failed))}", file=sys.stderr)
    return 1 if failed or short_of else 0


if __name__ == "__main__":
    raise SystemExit(main())
