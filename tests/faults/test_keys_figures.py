"""Each figure on keys turns red with the bug that is planted for it; `make test` plays them without as well."""

import json
import subprocess
import sys
import time
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryFile
from typing import Any

import pytest

from faults import fault_keys
from faults.keys_traces import files_in, searched_in, ways
from faults.watching import Watch

pytestmark = pytest.mark.slow
CANNOT = 3


def planted(name: str, database: str = "sqlite") -> dict[str, Any]:
    """Play one figure in its short form with its planted bug."""
    done = subprocess.run(
        [sys.executable, fault_keys.__file__, name, "--short", "--database", database, "--planted"],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    if done.returncode == CANNOT:
        pytest.skip("PostgreSQL is not installed.")
    found: dict[str, Any] = json.loads(done.stdout)[f"{name} {database}"]
    assert done.returncode == bool(found["faults"]), done.stderr
    return found


@pytest.mark.parametrize("name", ["rotation", "recovery", "purge", "purge_kills"])
def test_its_planted_bug_is_seen(name: str) -> None:
    assert planted(name)["faults"]


@pytest.mark.sandbox
def test_a_column_that_is_not_encrypted_is_seen() -> None:
    where = planted("traces")["where"]
    assert any("hash" in place for place in where)
    assert any("address" in place for place in where)


@pytest.mark.sandbox
def test_a_column_that_is_not_encrypted_is_seen_in_a_dump_that_is_compressed() -> None:
    """The dump itself says nothing: it is read, and then searched."""
    where = planted("traces", "postgres")["where"]
    assert any("dump.words" in place or "dump.bytes" in place or '".words"' in place for place in where)
    assert not any('".dump"' in place for place in where)


@pytest.mark.parametrize("named", [True, False])
def test_a_file_that_is_there_for_a_moment_is_seen(tmp_path: Path, *, named: bool) -> None:
    """In the folder, and without a name that would lead to it."""
    with Watch(tmp_path) as watch, (NamedTemporaryFile if named else TemporaryFile)(dir=tmp_path) as file:
        file.write(b"a mark")
        file.flush()
        seen = watch.looks
        while watch.looks < seen + 2:
            time.sleep(0.01)
    assert b"a mark" in watch.contents.values()


@pytest.mark.parametrize("form", range(9))
def test_a_marker_is_found_however_it_was_written(tmp_path_factory: pytest.TempPathFactory, form: int) -> None:
    folder = tmp_path_factory.mktemp("written")
    written = list(ways("hash", bytes(range(32))))[form][1]
    (folder / "file.log").write_bytes(b"before " + written + b" after")
    found, _, files = searched_in(files_in([folder]), list(ways("hash", bytes(range(32)))))
    assert (found.total(), files) == (1, 1)


def test_what_is_declared_counts_apart(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("written") / "releases"
    folder.mkdir()
    (folder / "1.jsonl").write_bytes(bytes(range(32)).hex().encode())
    found, declared, _ = searched_in(files_in([folder.parent]), list(ways("hash", bytes(range(32)))))
    assert (found.total(), declared.total()) == (0, 1)
