"""Run the suite on SQLite, on a PostgreSQL started for it and in Chromium, break things, and add the counts up.

The last line has the form `N passed, N failed, N skipped`. A part that could not run counts as one failure:
a suite that did not look at PostgreSQL or at the browser has not passed.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as ET

from ready import place
from ready_databases import ready_made
from temporary_postgres import PostgresUnavailableError, temporary_postgres

ROOT = Path(__file__).resolve().parent.parent
# Whoever has nothing left takes half of what the other has: some tests last as long as a thousand others. A third hand
# on two processors took a quarter longer.
HANDS = 2
SHARED = ("-n", str(HANDS), "--dist", "worksteal")
NOTHING_COLLECTED = 5
# Scripts of faults that take longest come first, so that none of them is left alone at the end.
LONG = {"fault_keys", "fault_kill", "fault_restore"}


@dataclass(frozen=True)
class Counts:
    """How one part went. `note` says why it could not run, or is empty."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    note: str = ""

    def __add__(self, other: "Counts") -> "Counts":
        """Add two parts up."""
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        """Return the line that machines read."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def on_sqlite(options: list[str]) -> Counts:
    """Run everything but the browser tests on SQLite, whatever database the caller's environment names."""
    env = {k: v for k, v in os.environ.items() if k != "OPENHOTLINE_DATABASE_URL"}
    return pytest([*SHARED, "-m", "not browser", "--hypothesis-profile=build", *options], env)


def on_postgres(options: list[str]) -> Counts:
    """Run the tests that touch the database again, on a PostgreSQL started for them.

    Property tests try a quarter of what they tried on SQLite: what another database could change shows in few examples.
    """
    try:
        with temporary_postgres() as server:
            env = {**os.environ, "OPENHOTLINE_DATABASE_URL": server.address, "PYTHONPATH": str(ROOT / "scripts")}
            fewer = "--hypothesis-profile=fast"
            return pytest([*SHARED, "-p", "database_only", "-m", "not browser", fewer, *options], env)
    except PostgresUnavailableError as reason:
        return Counts(failed=1, note=str(reason))


def in_browser(options: list[str]) -> Counts:
    """Run the browser tests in Debian's Chromium."""
    if shutil.which("chromium") is None:
        return Counts(failed=1, note="Chromium is not installed. As root: apt-get install chromium")
    if not (ROOT / "tests" / "browser").is_dir():
        return Counts(failed=1, note="There is no folder tests/browser.")
    return pytest([*SHARED, "-m", "browser", "tests/browser", *options], dict(os.environ))


def of_faults(options: list[str]) -> Counts:
    """Run every script of faults in its short form, two at a time; each counts as one test."""

    def play(script: Path) -> Counts:
        began = time.monotonic()
        command = [sys.executable, str(script), "--short"]
        env = {**os.environ, "TMPDIR": place()}
        done = subprocess.run(command, cwd=ROOT, env=env, check=False, capture_output=True)
        held = done.returncode == 0
        said = "" if held and "-v" not in options else f"\n{done.stdout.decode()}{done.stderr.decode()}"
        took = f"{time.monotonic() - began:.0f} s"
        print(f"   {script.name}: {'held' if held else 'NOT HELD'} in {took}{said}", flush=True)
        return Counts(passed=held, failed=not held)

    scripts = sorted((ROOT / "tests" / "faults").glob("fault_*.py"), key=lambda script: script.stem not in LONG)
    with ThreadPoolExecutor(HANDS) as hands:
        return sum(hands.map(play, scripts), Counts())


PARTS: dict[str, tuple[str, Callable[[list[str]], Counts]]] = {
    "sqlite": ("the suite on SQLite", on_sqlite),
    "postgres": ("the tests that touch the database, on PostgreSQL", on_postgres),
    "browser": ("the browser tests, in Chromium", in_browser),
    "faults": ("killing, racing and breaking, in the short form of tests/faults", of_faults),
}


def pytest(arguments: list[str], env: dict[str, str]) -> Counts:
    """Run pytest once and count from its report; a run that leaves none, or finds no test, is a failure."""
    with tempfile.TemporaryDirectory(prefix="openhotline-test-", dir=place()) as folder:
        # A mail server that root starts gives up its rights, and has its folder below this one.
        Path(folder).chmod(0o711)
        report = Path(folder) / "report.xml"
        # What the tests leave behind goes away with the report, and the suite's own settings hold.
        env = {k: v for k, v in env.items() if k != "DJANGO_SETTINGS_MODULE"} | {"TMPDIR": folder}
        command = [sys.executable, "-m", "pytest", f"--junitxml={report}", *arguments]
        code = subprocess.run(command, cwd=ROOT, env=env, check=False).returncode
        if code == NOTHING_COLLECTED:
            return Counts(failed=1, note="No test was found.")
        if not report.exists():
            return Counts(failed=1, note=f"pytest ended with code {code} and left no report.")
        counts = read_report(report)
    if code and not counts.failed:
        return Counts(counts.passed, 1, counts.skipped, f"pytest ended with code {code} although no test failed.")
    return counts


def read_report(report: Path) -> Counts:
    """Count from a JUnit file. Errors count as failures; expected failures count as skipped."""
    passed = failed = skipped = 0
    for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314  (pytest wrote it a moment ago)
        wrong = int(suite.get("failures", "0")) + int(suite.get("errors", "0"))
        left_out = int(suite.get("skipped", "0"))
        passed += int(suite.get("tests", "0")) - wrong - left_out
        failed += wrong
        skipped += left_out
    return Counts(passed, failed, skipped)


def run_parts(names: list[str], options: list[str]) -> dict[str, Counts]:
    """Run the named parts in order and say after each how it went."""
    results = {}
    for name in names:
        title, run = PARTS[name]
        began = time.monotonic()
        print(f"== {title}", flush=True)
        results[name] = run(options)
        print(
            f"   {results[name]} in {time.monotonic() - began:.0f} s {results[name].note}".rstrip(),
            flush=True,
        )
    return results


def summarise(results: dict[str, Counts]) -> int:
    """Say which parts ran and which did not, end with the sum, and return the exit code."""
    print("== summary")
    for name, (title, _) in PARTS.items():
        said = f"{results[name]} {results[name].note}".rstrip() if name in results else "NOT RUN: not asked for"
        print(f"   {title}: {said}")
    total = sum(results.values(), Counts())
    print(total, flush=True)
    return 1 if total.failed else 0


def interrupted(*_: object) -> NoReturn:
    """Leave through the `finally` clauses, so that PostgreSQL stops."""
    raise SystemExit(130)


def main() -> int:
    """Read the command line and run."""
    arguments = sys.argv[1:]
    cut = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(
        prog="scripts/test", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"any of: {', '.join(PARTS)}; default: all")
    asked = parser.parse_args(arguments[:cut]).parts
    unknown = sorted(set(asked) - set(PARTS))
    if unknown:
        parser.error(f"{unknown[0]!r} is not a part. Give any of: {', '.join(PARTS)}.")
    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGHUP, interrupted)
    with ready_made():
        return summarise(run_parts(asked or list(PARTS), arguments[cut + 1 :]))


if __name__ == "__main__":
    raise SystemExit(main())
