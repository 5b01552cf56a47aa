"""A file of rules that an operator wrote: what is wrong with it is said with its file, table and line."""

from pathlib import Path

import pytest

from openhotline.core.errors import Misconfigured
from openhotline.core.rule_files import Section, read_rule_file

TEXT = '# ours\n[limit]\nmost = 3\nshare = 0.5\nkind = "near"\n\n[[rule]]\nid = "a"\n\n[[rule]]\nid = ""\n'


@pytest.fixture
def whole(tmp_path: Path) -> Section:
    path = tmp_path / "rules.toml"
    path.write_text(TEXT)
    return read_rule_file(path, "The rules of this test")


def test_what_is_right_is_read(whole: Section) -> None:
    limit = whole.exactly({"limit", "rule"}).table("limit")
    assert (limit.number("most", 1, 3), limit.number("share", 0, 1, whole=False)) == (3, 0.5)
    assert limit.one_of("kind", {"near", "far"}) == "near"
    assert [one.values["id"] for one in whole.tables("rule")] == ["a", ""]
    assert whole.tables("absent") == []


def test_a_sentence_names_file_table_line_and_what_is_allowed(whole: Section) -> None:
    with pytest.raises(Misconfigured, match=r"rules\.toml, \[limit\] \(line 2\): most is 3; .* from 1 to 2\."):
        whole.table("limit").number("most", 1, 2)
    with pytest.raises(Misconfigured, match=r"\[\[rule\]\] number 2 \(line 10\): id is ''; it is a text of 1 to 40"):
        whole.tables("rule")[1].words("id", 40)
    with pytest.raises(Misconfigured, match=r"kind is 'near'; it can be: exact, far\."):
        whole.table("limit").one_of("kind", {"far", "exact"})
    with pytest.raises(Misconfigured, match="it has limit, rule; it needs exactly limit"):
        whole.exactly({"limit"})


@pytest.mark.parametrize("value", [True, 2.5, "3", None])
def test_what_is_no_whole_number_is_refused(whole: Section, value: object) -> None:
    with pytest.raises(Misconfigured, match="a whole number from 1 to 9"):
        Section({"most": value}, "here", "").number("most", 1, 9)


def test_a_table_is_no_list_and_a_list_no_table(whole: Section) -> None:
    with pytest.raises(Misconfigured, match=r"Write it as \[rule\]"):
        whole.table("rule")
    with pytest.raises(Misconfigured, match=r"Write each as \[\[limit\]\]"):
        whole.tables("limit")


@pytest.mark.parametrize("content", [b"[", b"\xff", None])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "rules.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Misconfigured, match=r"The rules of this test .*rules\.toml cannot be read"):
        read_rule_file(path, "The rules of this test")
