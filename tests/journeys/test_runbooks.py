"""The runbooks of operators are typed as they stand, on installations of their own, on SQLite and on PostgreSQL."""

import os
import re
import shlex
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from pyrage import x25519
from ready import TEMPLATE, copy_sqlite, ready_cluster

from faults.installation import HERE, Installation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DOCS = HERE.parents[1] / "docs" / "operators"
_ENDS = re.compile(r"\s+# ends with (\d)$")


def lines_of(page: str) -> list[str]:
    """Return the lines of a runbook that begin with openhotline, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return [line.strip() for line in text.splitlines() if line.strip().startswith("openhotline ")]


@pytest.fixture
def new_installation(tmp_path: Path) -> Iterator[Callable[..., Installation]]:
    """Make an installation with a database of the kind this run tests; `empty`: without tables, as before a restore."""
    made: list[str] = []

    def on_server(statement: str) -> None:
        with connection.Database.connect(**connection.get_connection_params(), autocommit=True) as apart:
            apart.execute(statement)

    def make(name: str, *, empty: bool = False) -> Installation:
        at = Installation(tmp_path / name)
        if connection.vendor == "sqlite":
            ready = not empty and copy_sqlite(at.var / "db" / "openhotline.sqlite3")
        else:
            # Several processes test on one server.
            name = f"runbook_{os.getpid()}_{name}"
            ready = not empty and ready_cluster() is not None
            on_server(f"CREATE DATABASE {name}" + f" TEMPLATE {TEMPLATE}" * ready)
            made.append(name)
            address = f"{os.environ['OPENHOTLINE_DATABASE_URL'].rpartition('/')[0]}/{name}"
            at = Installation(at.var, address)
        if not (empty or ready):
            at.type("migrate")
        return at

    yield make
    for name in made:
        on_server(f"DROP DATABASE {name}")


class Operator:
    """Types lines of a runbook; what waits is approved by the manager."""

    def __init__(self, at: Installation, names: dict[str, str]) -> None:
        self.at, self.names, self.said = at, names, ""

    def types(self, line: str) -> None:
        """Type one line, as a shell reads it."""
        ends = _ENDS.search(line)
        words = shlex.split(_ENDS.sub("", line).partition(" > ")[0])[1:]
        filled = [re.sub(r"\$([A-Z0-9_]+)", lambda found: self.names[found[1]], word) for word in words]
        self.said = self.at.type(*filled, ends=int(ends[1]) if ends else 0)
        if " > " in line:
            Path(self.names[line.partition(' > "$')[2].rstrip('"')]).write_text(self.said)
        if ends and ends[1] == "3":
            assert self.at.act("approve") == 1
        if purge := re.search(r"^(prg_\w+): ", self.said):
            self.names["PURGE"] = purge[1]


@pytest.fixture
def people(tmp_path: Path) -> dict[str, str]:
    """The custodians' public keys and identity files, by the names that the runbooks use."""
    names = {"OPERATOR": "operator", "MANAGER": "manager", "LAST_VERSION": "0"}
    for number in (1, 2, 3):
        person = x25519.Identity.generate()
        (tmp_path / f"custodian-{number}.txt").write_text(f"# made on their own machine\n{person}\n")
        names[f"CUSTODIAN_{number}"] = str(person.to_public())
        names[f"IDENTITY_{number}"] = str(tmp_path / f"custodian-{number}.txt")
    names["KEY_BACKUP"] = str(tmp_path / "key_copies" / "today")
    return names | {
        name: str(tmp_path / name.lower())
        for name in ("KEY_COPIES", "BACKUP", "ITEMS", "CERTIFICATES", "MAIL_LOG", "SEALED_1_2")
    }


@pytest.fixture
def served(new_installation: Callable[..., Installation], people: dict[str, str]) -> Operator:
    """An installation with six items, one of which is to be purged."""
    at = new_installation("one")
    at.act("people")
    Path(people["ITEMS"]).write_text(at.act("fill", 6)[0])
    return Operator(at, people)


def lose_the_keys(operator: Operator) -> None:
    """Take the sealed file away to where it is safe, and every key with the machine."""
    keys = operator.at.var / "keys"
    shutil.copy(keys / "offline" / "openhotline-keys-1+2.age", operator.names["SEALED_1_2"])
    for path in keys.glob("*.key"):
        path.unlink()
    operator.at.restart()


def test_the_runbook_of_keys(served: Operator) -> None:
    lines = lines_of("keys.md")
    recovery = next(place for place, line in enumerate(lines) if " recover " in line)
    for line in lines[:recovery]:
        served.types(line)
    assert len(served.at.act("open")["readable"]) == 5
    lose_the_keys(served)
    for line in lines[recovery:]:
        served.types(line)
    found = served.at.act("open")
    assert (len(found["readable"]), len(found["closed"])) == (5, 1)
    assert "the log is whole" in served.at.type("audit", "verify")


def test_the_runbook_of_backups(served: Operator, new_installation: Callable[..., Installation]) -> None:
    """Six items are backed up, then one is purged and the machine is lost; five come back."""
    lines = lines_of("backup.md")
    recovery = next(place for place, line in enumerate(lines) if " recover " in line)
    for line in (*lines_of("keys.md")[:3], *lines[:recovery]):
        served.types(line)
    for line in lines_of("keys.md"):
        if line.startswith("openhotline purge"):
            served.types(line)
    lose_the_keys(served)
    Path(served.names["MAIL_LOG"]).write_text("")
    clean = Operator(new_installation("two", empty=True), served.names)
    for line in lines[recovery:]:
        clean.types(line)
    found = clean.at.act("open")
    assert (len(found["readable"]), len(found["closed"])) == (5, 1)
    assert "left" not in clean.at.type("purge", "verify", served.names["CERTIFICATES"], "--json").replace(
        "keys_left", ""
    )
    assert clean.at.act("fill", 8)
    assert len(clean.at.act("open")["readable"]) == 7


def test_planted_bug_without_its_certificates_a_restore_brings_back_what_was_purged(
    served: Operator, new_installation: Callable[..., Installation]
) -> None:
    """What the certificates are for, and why a restore asks for them."""
    for line in lines_of("backup.md")[:3]:
        served.types(line)
    for line in lines_of("keys.md"):
        if line.startswith("openhotline purge"):
            served.types(line)
    clean = new_installation("two", empty=True)
    shutil.copytree(served.at.var / "keys", clean.var / "keys", ignore=shutil.ignore_patterns("data-keys*"))
    words = ("restore", served.names["BACKUP"], "--key-store", served.names["KEY_BACKUP"])
    clean.type(*words, ends=2)
    clean.type(*words, "--nothing-purged-since")
    assert len(clean.act("open")["readable"]) == 6
