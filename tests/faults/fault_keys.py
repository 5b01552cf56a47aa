"""Keys under attack: rotation under kill -9, recovery by two of three, purge against every copy, no plaintext at rest.

Each figure runs on an installation of its own, in a process of its own. Prints one JSON object with N, seed and the
95 % bound 3/N for every "0 of N"; ends with 1 when a figure is not 0.

    python tests/faults/fault_keys.py [FIGURE …] [--short] [--planted] [--postgres] [--seed S]
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(ROOT / "scripts")]

# Of each figure: sizes in full and in short, and the counts that must be 0 with what they are counted of.
SIZES = {
    "rotation": ({"objects": 10_000, "kills": 100}, {"objects": 400, "kills": 10}),
    "recovery": ({"objects": 1_000, "sets": 200}, {"objects": 50, "sets": 10}),
    "purge": ({"purged": 1_000, "kept": 100}, {"purged": 40, "kept": 10}),
    "purge_kills": ({"kills": 200}, {"kills": 15}),
    "traces": ({"pictures": 6}, {"pictures": 2}),
}
ZERO = {
    "rotation": {
        "unreadable": "objects",
        "left_on_an_old_epoch": "objects",
        "payloads_rewritten": "objects_at_start",
        "unreadable_meanwhile": "opened_meanwhile",
        "log_faults": "kills",
    },
    "recovery": {"unreadable": "objects", "opened_by_one": "attempts_by_one"},
    "purge": {"readable": "purged", "others_unreadable": "purged"},
    "purge_kills": {
        "half_purged": "purged",
        "readable": "purged",
        "others_unreadable": "kept",
        "not_recorded_once": "purges",
        "log_faults": "kills",
    },
    "traces": {"in_clear": "needles"},
}


@contextmanager
def database(figure: str, *, postgres: bool) -> Iterator[Path | None]:
    """Give the environment a database; yield the folder of PostgreSQL's files, or None for SQLite."""
    os.environ.pop("OPENHOTLINE_DATABASE_URL", None)
    if not postgres:
        yield None
        return
    from temporary_postgres import temporary_postgres

    with temporary_postgres() as server:
        os.environ["OPENHOTLINE_DATABASE_URL"] = server.address
        yield server.folder


def measure(figure: str, sizes: dict[str, int], seed: int, *, planted: bool, postgres: bool) -> dict[str, Any]:
    """Set an installation up in this process and measure one figure on it."""
    from faults.databases import environment

    with (
        tempfile.TemporaryDirectory(prefix="openhotline-keys-") as folder,
        database(figure, postgres=postgres) as server,
    ):
        var, temporary = Path(folder) / "var", Path(folder) / "tmp"
        temporary.mkdir()
        os.environ["TMPDIR"] = tempfile.tempdir = str(temporary)
        environment(var)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        began = time.monotonic()
        told = measurer(figure, Path(folder), var, server)(**sizes, seed=seed, planted=planted)
        from django.db import connections

        connections.close_all()
        tempfile.tempdir = None
    return told | {"seed": seed, "seconds": round(time.monotonic() - began, 1), "planted": planted}


def measurer(figure: str, folder: Path, var: Path, server: Path | None) -> Callable[..., dict[str, Any]]:
    """Return what measures a figure."""
    if figure == "rotation":
        from faults.keys_rotation import measure as rotation

        return rotation
    if figure == "recovery":
        from faults.keys_recovery import measure as recovery

        return recovery
    if figure == "purge":
        from faults.keys_purge import measure as purge

        return lambda **sizes: purge(folder, **sizes)
    if figure == "purge_kills":
        from faults.keys_purge_kills import measure as purge_kills

        return purge_kills
    from faults.keys_traces import measure as traces

    return lambda **sizes: traces(var, server=server, **sizes)


def judged(figure: str, told: dict[str, Any]) -> dict[str, Any]:
    """Add the 95 % upper bound of every count that is 0, and whether all are."""
    bounds = {name: f"< {3 / told[of]:.3g}" for name, of in ZERO[figure].items() if told[name] == 0 and told[of]}
    return told | {"bound_95": bounds, "ok": all(told[name] == 0 for name in ZERO[figure])}


def apart(figure: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Measure one figure in a process of its own."""
    flags = [f"--{name}" for name in ("short", "planted", "postgres") if getattr(asked, name)]
    command = [sys.executable, str(HERE / "fault_keys.py"), figure, "--here", f"--seed={asked.seed}", *flags]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(f"{figure} ended with {done.returncode}: {done.stderr[-3000:]}")
    try:
        return dict(json.loads(done.stdout))
    except ValueError:
        raise SystemExit(f"{figure} printed no figure: {done.stderr[-3000:]}") from None


def main() -> int:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"any of {', '.join(SIZES)}; default: all")
    parser.add_argument("--short", action="store_true", help="small sizes, for every change")
    parser.add_argument("--planted", action="store_true", help="with a bug in each, which must turn it red")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL started for it")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if unknown := sorted(set(asked.figures) - set(SIZES)):
        parser.error(f"{unknown[0]!r} is not a figure. Give any of: {', '.join(SIZES)}.")
    if asked.here:
        (figure,) = asked.figures
        sizes = SIZES[figure][asked.short]
        told = judged(figure, measure(figure, sizes, asked.seed, planted=asked.planted, postgres=asked.postgres))
        print(json.dumps(told))  # noqa: T201 - the result
        return 0 if told["ok"] else 1
    found = {figure: apart(figure, asked) for figure in asked.figures or SIZES}
    print(json.dumps(found, indent=1))  # noqa: T201 - the result
    return 0 if all(told["ok"] for told in found.values()) else 1


if __name__ == "__main__":
    raise SystemExit(main())
