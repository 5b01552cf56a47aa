"""What production refuses, a sentence each."""

from pathlib import Path

import pytest

from openhotline.config.checking import DEPLOYMENT
from openhotline.config.deployment import (
    PRACTICE_MARK,
    database_faults,
    end_before_start,
    faults_of,
    further_faults,
    people_faults,
)
from openhotline.config.doors import DOORS, missing_keys, needless_keys
from openhotline.core.keys import NAMES


@pytest.fixture
def safe(tmp_path: Path) -> dict[str, str]:
    """The environment of a desk that nothing is wrong with."""
    folder = tmp_path / "keys"
    folder.mkdir(mode=0o700)
    for name in NAMES:
        if not needless_keys("desk", [name]):
            (folder / name).write_bytes(bytes(32))
            (folder / name).chmod(0o600)
    return {
        "OPENHOTLINE_VAR": str(tmp_path),
        "OPENHOTLINE_MODE": "production",
        "OPENHOTLINE_DOOR": "desk",
        "OPENHOTLINE_DATABASE_URL": "postgres://hotline@db/hotline?sslmode=verify-full",
        "OPENHOTLINE_HOSTS": "desk.hotline.example",
        "OPENHOTLINE_ORIGIN_DESK": "https://desk.hotline.example",
        "OPENHOTLINE_ORIGIN_MEDIA": "https://media.hotline.example",
    }


def test_a_safe_desk_has_no_faults(safe: dict[str, str]) -> None:
    assert faults_of(safe) == further_faults(safe) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", "true", "OPENHOTLINE_DEBUG shows code"),
        ("DOOR", "all", "OPENHOTLINE_DOOR=all puts every door into one process"),
        ("DATABASE_URL", "sqlite:///x", "needs PostgreSQL"),
        ("DATABASE_URL", "", "needs PostgreSQL"),
        ("HOSTS", "desk.hotline.example,*", "stands for names that others can choose"),
        ("HOSTS", ".hotline.example", "stands for names that others can choose"),
        ("ORIGIN_DESK", "http://desk.hotline.example", "must begin with https://"),
        ("ORIGIN_MEDIA", "https://media.hotline.example/path", "scheme and host only"),
    ],
)
def test_nothing_starts_with(safe: dict[str, str], name: str, value: str, sentence: str) -> None:
    found = faults_of(safe | {f"OPENHOTLINE_{name}": value})
    assert [one for one in found if sentence in one] == found
    assert found


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("HOSTS", "localhost", "the name of the machine itself"),
        ("HOSTS", "", "answers to no name"),
        ("ORIGIN_DESK", "", "OPENHOTLINE_ORIGIN_DESK is not set"),
        ("ORIGIN_MEDIA", "https://desk.hotline.example", "MEDIA have the same host name"),
        ("ORIGIN_MEDIA", "https://desk.hotline.example:8443", "another port is not enough"),
        ("ORIGIN_PUBLIC", "https://DESK.hotline.example", "ORIGIN_PUBLIC and OPENHOTLINE_ORIGIN_DESK have the same"),
        ("ORIGIN_MEMBERS", "https://media.hotline.example", "Give each door a host name of its own"),
        ("DATABASE_URL", "postgres://hotline@db/hotline", "leads to db without demanding TLS"),
        ("DATABASE_URL", "postgres://hotline@db/hotline?sslmode=disable", "without demanding TLS"),
        ("DATABASE_URL", "postgres://hotline@db/hotline?sslmode=prefer", "without demanding TLS"),
        ("DATABASE_URL", "postgres://hotline@/hotline?host=10.0.0.2", "leads to 10.0.0.2 without"),
        ("FRESH_MINUTES", "600", "a whole number from 1 to 60"),
        ("IDLE_MINUTES", "600", "a whole number from 1 to 240"),
        ("FRESH_MINUTES", "soon", "a whole number from 1 to 60"),
    ],
)
def test_the_check_says(safe: dict[str, str], name: str, value: str, sentence: str) -> None:
    found = further_faults(safe | {f"OPENHOTLINE_{name}": value})
    assert [sentence in one for one in found] == [True]


@pytest.mark.parametrize(
    "address",
    [
        "postgres://hotline@db/hotline?sslmode=require",
        "postgresql://hotline@db:5433/hotline?sslmode=verify-ca",
        "postgres://hotline@127.0.0.1:5432/hotline",
        "postgres://hotline@[::1]/hotline",
        "postgres://hotline@localhost/hotline?sslmode=disable",
        "postgres://hotline@%2Fvar%2Frun%2Fpostgresql/hotline",
        "postgres:///hotline",
    ],
)
def test_the_database_is_reached_by_tls_or_on_this_machine(safe: dict[str, str], address: str) -> None:
    assert further_faults(safe | {"OPENHOTLINE_DATABASE_URL": address}) == []


def test_a_key_folder_and_a_key_store_that_others_can_open_are_named(safe: dict[str, str]) -> None:
    """The store of data keys lies there too, and is no file of a key's name."""
    folder = Path(safe["OPENHOTLINE_VAR"]) / "keys"
    store = folder / "datakeys.sqlite3"
    store.touch(mode=0o600)
    assert further_faults(safe) == []
    store.chmod(0o666)
    folder.chmod(0o777)
    found = further_faults(safe)
    assert [sentence.partition(" can be")[0] for sentence in found] == [
        "The key folder",
        "datakeys.sqlite3 in the key folder",
    ]


def test_an_onion_service_needs_no_tls(safe: dict[str, str]) -> None:
    assert faults_of(safe | {"OPENHOTLINE_ORIGIN_PUBLIC": "http://hotline.onion"}) == []


def test_keys_made_in_practice_are_refused(safe: dict[str, str]) -> None:
    (Path(safe["OPENHOTLINE_VAR"]) / "keys" / PRACTICE_MARK).touch()
    assert "made in practice mode" in faults_of(safe)[0]


def test_a_missing_a_needless_and_an_open_key_are_named(safe: dict[str, str]) -> None:
    folder = Path(safe["OPENHOTLINE_VAR"]) / "keys"
    (folder / "columns.key").unlink()
    (folder / "audit.key").write_bytes(bytes(32))
    (folder / "audit.key").chmod(0o640)
    found = " ".join(further_faults(safe))
    for sentence in ("columns.key is not in", "no use for: audit.key", "audit.key can be read by other users"):
        assert sentence in found


def test_the_public_door_can_open_nothing() -> None:
    """Of the keys that open something it has none."""
    opening = {"intake.key", "columns.key", "lookup.key", "release.key", "audit.key"}
    assert DOORS["public"].keys & opening == set()
    assert needless_keys("public", ["epoch-1.key", "epoch-22.key"]) == ["epoch-1.key", "epoch-22.key"]


def test_every_key_is_needed_by_somebody_and_the_worker_needs_all() -> None:
    assert needless_keys("worker", NAMES) == missing_keys("worker", NAMES) == []


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_a_database_that_may_forget_is_refused(name: str) -> None:
    assert list(database_faults(lambda _: "on")) == []
    assert name in next(iter(database_faults(lambda asked: "off" if asked == name else "on")))


def test_two_managers_and_an_auditor_are_needed_and_nobody_of_practice() -> None:
    assert list(people_faults(2, 1, 0)) == []
    assert len(list(people_faults(1, 1, 3))) == 2
    assert "No auditor can sign in" in next(iter(people_faults(2, 0, 0)))


def test_who_asks_is_told_everything_at_once(safe: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    unsafe = safe | {"OPENHOTLINE_DEBUG": "1", "OPENHOTLINE_HOSTS": "localhost"}
    with pytest.raises(SystemExit) as ended:
        end_before_start("no", ["check", "--deploy"], unsafe)
    assert str(ended.value).count("\n") == 2
    with pytest.raises(SystemExit, match=r"^no$"):
        end_before_start("no", ["tick"], unsafe)
    with pytest.raises(SystemExit):
        end_before_start("no", ["check", "--json"], unsafe)
    assert '"ok": false' in capsys.readouterr().out


def test_nothing_that_is_looked_at_is_left_out() -> None:
    looks = [
        "_mode",
        "_database",
        "_sandbox",
        "_people",
        "_log",
        "_custodians",
        "_codes",
        "_index_memory",
        "_languages",
    ]
    assert [look.__name__ for look in DEPLOYMENT] == looks
