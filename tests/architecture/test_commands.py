"""The commands behind `make test` and `make check` say what happened, also when it went wrong."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
import ready
import run_tests
from database_only import touches_database
from reference import diagram, table
from run_tests import Counts, read_report, run_parts, summarise
from source_tree import ROOT
from temporary_postgres import PostgresUnavailableError, find_binaries

REPORT = '<testsuites><testsuite tests="9" failures="2" errors="1" skipped="1"/><testsuite tests="1"/></testsuites>'
HOLD_A_SERVER = """
import time
from temporary_postgres import temporary_postgres
from run_tests import interrupted
import signal
signal.signal(signal.SIGTERM, interrupted)
with temporary_postgres() as server:
    print(server.address, flush=True)
    time.sleep(60)
"""


def test_counts_come_out_of_the_report(tmp_path: Path) -> None:
    """Errors are failures."""
    (tmp_path / "report.xml").write_text(REPORT)
    assert str(read_report(tmp_path / "report.xml")) == "6 passed, 3 failed, 1 skipped"


def test_the_last_line_is_the_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert summarise({"sqlite": Counts(3, 0, 1), "postgres": Counts(2, 0, 0), "browser": Counts(1, 0, 0)}) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "6 passed, 0 failed, 1 skipped"


def test_a_part_that_was_left_out_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    summarise({"sqlite": Counts(1)})
    assert capsys.readouterr().out.count("NOT RUN") == 3


def test_without_postgres_the_suite_has_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    def unavailable() -> None:
        raise PostgresUnavailableError("PostgreSQL is not installed")

    monkeypatch.setattr(run_tests, "temporary_postgres", unavailable)
    results = run_parts(["postgres"], [])
    assert results["postgres"] == Counts(failed=1, note="PostgreSQL is not installed")
    assert summarise(results) == 1


def test_without_chromium_the_suite_has_not_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    assert summarise(run_parts(["browser"], [])) == 1


def test_tables_that_lie_ready_are_copied_and_without_them_everybody_migrates(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(ready.VARIABLE, raising=False)
    assert not ready.copy_sqlite(tmp_path / "none")
    monkeypatch.setenv(ready.VARIABLE, str(tmp_path))
    assert not ready.copy_cluster(tmp_path)
    (tmp_path / ready.SQLITE).write_bytes(b"tables")
    assert ready.copy_sqlite(tmp_path / "db" / "new")
    assert (tmp_path / "db" / "new").read_bytes() == b"tables"


@pytest.mark.slow
def test_a_run_that_finds_no_test_has_not_passed(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text("")
    counts = run_tests.pytest(["-p", "no:django", "-c", "/dev/null", str(tmp_path)], dict(os.environ))
    assert (counts.passed, counts.failed, counts.note) == (0, 1, "No test was found.")


@pytest.mark.parametrize(("fixtures", "touches"), [({"db"}, True), ({"transactional_db"}, True), ({"tmp_path"}, False)])
def test_tests_of_the_database_are_known_by_what_they_ask_for(fixtures: set[str], touches: bool) -> None:  # noqa: FBT001
    item = SimpleNamespace(fixturenames=fixtures, get_closest_marker=lambda _name: None)
    assert touches_database(item) == touches


@pytest.mark.slow
def test_an_interrupted_run_stops_its_server() -> None:
    """SIGTERM in the middle of the tests: no server and no folder is left."""
    find_binaries()
    env = {**os.environ, "PYTHONPATH": str(ROOT / "scripts")}
    with subprocess.Popen([sys.executable, "-c", HOLD_A_SERVER], env=env, stdout=subprocess.PIPE, text=True) as held:
        folder = Path((held.stdout.readline() if held.stdout else "").split("@/")[1]).parent
        server = int((folder / "cluster" / "postmaster.pid").read_text().split()[0])
        held.send_signal(signal.SIGTERM)
        held.wait(30)
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server, 0)


def test_states_are_drawn_with_their_operations() -> None:
    drawn = diagram({"asked": {"approve": "approved"}, "approved": {}})
    assert "[*] --> asked\n    asked --> approved: approve\n    approved --> [*]" in drawn


def test_a_cell_cannot_break_its_table() -> None:
    assert table(("a", "b"), [("x|y", "one\ntwo")]) == "| a | b |\n| --- | --- |\n| x\\|y | one two |\n"


def bench_tree(folder: Path) -> Path:
    """Return a tree with `scripts/bench`, a measurement that fails, and one after it that leaves a file."""
    for name in ("scripts", "bench", ".venv/bin"):
        (folder / name).mkdir(parents=True)
    shutil.copy(ROOT / "scripts" / "bench", folder / "scripts" / "bench")
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (folder / ".venv" / "bin" / "hashmatch").symlink_to("/bin/true")
    (folder / "bench" / "bench_one.py").write_text("raise SystemExit(1)")
    (folder / "bench" / "bench_two.py").write_text("open('measured', 'w').close()")
    return folder


def test_a_measurement_that_fails_is_named_and_does_not_stop_the_others(tmp_path: Path) -> None:
    tree = bench_tree(tmp_path)
    done = subprocess.run([tree / "scripts" / "bench", "all"], capture_output=True, text=True, check=False)
    assert (done.returncode, (tree / "measured").exists()) == (1, True)
    assert done.stderr == "bench: did not run, or missed its goal: bench/bench_one.py\n"


@pytest.mark.parametrize("script", sorted((ROOT / "bench").glob("bench_*.py")), ids=lambda path: path.stem)
def test_every_measurement_can_be_quick(script: Path) -> None:
    assert 'os.environ.get("QUICK")' in script.read_text("utf-8")


def test_what_measures_is_set_up_with_the_programs_that_it_starts() -> None:
    """Read from the script: to run it would install them."""
    last = (ROOT / "scripts" / "setup").read_text("utf-8").splitlines()[-1]
    assert last == 'if [ "$level" = test ] || [ "$level" = bench ]; then need_test_programs; fi'
