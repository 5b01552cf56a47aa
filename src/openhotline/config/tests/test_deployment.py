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
    folder.mkdir()
    for name in NAMES:
        if not needless_keys("desk", [name]):
            (folder / name).write_bytes(bytes(32))
            (folder / name).chmod(0o600)
    return {
        "OPENHOTLINE_VAR": str(tmp_path),
        "OPENHOTLINE_MODE": "production",
        "OPENHOTLINE_DOOR": "desk",
        "OPENHOTLINE_DATABASE_URL": "postgres://hotline@db/hotline",
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
        ("ORIGIN_MEDIA", "https://desk.hotline.example", "need a host name of their own"),
        ("FRESH_MINUTES", "600", "a whole number from 1 to 60"),
        ("IDLE_MINUTES", "600", "a whole number from 1 to 240"),
        ("FRESH_MINUTES", "soon", "a whole number from 1 to 60"),
    ],
)
def test_the_check_says(safe: dict[str, str], name: str, value: str, sentence: str) -> None:
    found = further_faults(safe | {f"OPENHOTLINE_{name}": value})
    assert [sentence in one for one in found] == [True]


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


def test_two_managers_are_needed_and_nobody_of_practice() -> None:
    assert list(people_faults(2, 0)) == []
    assert len(list(people_faults(1, 3))) == 2


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
