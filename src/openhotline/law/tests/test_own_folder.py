"""The operator's own rules, laid over the shipped ones, and what happens when they are wrong."""

import logging
import os
from importlib import resources
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.law import queries
from openhotline.law.errors import RulesInvalid

SHIPPED = (resources.files("openhotline.law") / "rules" / "ie.toml").read_text("utf-8")
READ = SHIPPED.replace('verified_on = ""', "verified_on = 2026-11-01\nvalid_from = 2018-01-01").replace(
    '"unverified"', '"in_force"'
)


@pytest.fixture
def own(tmp_path: Path, settings: LazySettings) -> Path:
    """An empty folder that OPENHOTLINE_LAW names."""
    settings.LAW = tmp_path
    return tmp_path


def write(folder: Path, text: str, at: int, name: str = "ie.toml") -> None:
    """Put a file there, with a moment of change of its own."""
    (folder / name).write_text(text)
    os.utime(folder / name, (at, at))


def test_an_empty_folder_changes_nothing(own: Path) -> None:
    assert own.is_dir()
    assert queries.rules().version == queries.load(None).version


def test_a_file_of_the_same_name_replaces_the_shipped_one(own: Path) -> None:
    write(own, READ, 1)
    assert "IE" in queries.rules().deciding
    assert len(queries.rules().rules) == len(queries.load(None).rules)


def test_a_file_of_a_new_name_adds_a_place(own: Path) -> None:
    write(own, READ.replace('"IE"', '"IM"').replace("ie-1998", "im-1998"), 1, "im.toml")
    assert {"IE", "IM"} <= set(queries.rules().jurisdictions)


def test_a_running_process_takes_up_a_change(own: Path) -> None:
    write(own, SHIPPED, 1)
    before = queries.rules().version
    write(own, READ, 2)
    assert queries.rules().version != before


def test_a_file_with_an_error_leaves_the_old_rules_and_says_file_line_rule_and_key(
    own: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(own, READ, 1)
    before = queries.rules()
    write(own, READ.replace("age = 18", "age = 81"), 2)
    with caplog.at_level(logging.ERROR, "openhotline.law"):
        assert queries.rules() is before
        assert queries.rules() is before
    [said] = caplog.messages
    line = READ.splitlines().index("age = 18") + 1
    assert said.startswith(f"Rule file ie.toml, line {line}: Rule 'ie-1998-s2': age cannot be 81.")
    assert said.endswith(f"The rules read before, {before.version}, stay in force.")


def test_the_mended_file_is_taken_up(own: Path) -> None:
    write(own, SHIPPED, 1)
    assert "IE" not in queries.rules().deciding
    write(own, "[[rule", 2)
    assert "IE" not in queries.rules().deciding
    write(own, READ, 3)
    assert "IE" in queries.rules().deciding


def test_a_process_does_not_begin_on_a_broken_file(own: Path) -> None:
    write(own, READ.replace('"s2"', "2"), 1)
    with pytest.raises(RulesInvalid, match=r"ie\.toml, line \d+: Rule 'ie-1998-s2': provision must be a text"):
        queries.rules()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path, settings: LazySettings) -> None:
    settings.LAW = tmp_path / "none"
    with pytest.raises(RulesInvalid, match=r"none is not there\. Make it, or set OPENHOTLINE_LAW"):
        queries.rules()


def test_a_file_that_is_no_text_is_named(own: Path) -> None:
    (own / "ie.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(RulesInvalid, match=r"ie\.toml cannot be read: .*UTF-8"):
        queries.load(own)


def test_a_second_file_for_a_place_is_refused(own: Path) -> None:
    write(own, READ.replace("ie-1998", "ie-2"), 1, "ireland.toml")
    with pytest.raises(RulesInvalid, match=r"ie\.toml and ireland\.toml are both about IE"):
        queries.load(own)


def test_a_place_cannot_mix_depictions_with_the_two_tracks(own: Path) -> None:
    both = READ + SHIPPED[SHIPPED.index("[[rule]]") :].replace("ie-1998-s2", "ie-2").replace(
        '"depiction"', '"photographic"'
    ).replace('"any_depiction"', '"photograph_like"')
    write(own, both, 1)
    with pytest.raises(RulesInvalid, match=r"ie\.toml yields depiction and also photographic"):
        queries.load(own)
