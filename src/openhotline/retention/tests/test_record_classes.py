"""The table of record classes."""

from pathlib import Path

import pytest

from openhotline.core.errors import Misconfigured
from openhotline.retention.models import read_classes
from openhotline.retention.states import End

GOOD = """
[[class]]
name = "looks"
what = "Who looked"
holds = ["exposure.View"]
whose = "staff"
end = "automatic"
days = 30
counted_from = "the look"
why = "Care"
legal_basis = "Ours"
"""


def read(tmp_path: Path, text: str) -> object:
    (tmp_path / "table.toml").write_text(text)
    return read_classes(tmp_path / "table.toml")


def test_the_shipped_table_is_read() -> None:
    classes = read_classes()
    assert len(classes) >= 15
    assert all(one.days for one in classes.values() if one.end == End.AUTOMATIC)


def test_evidence_never_ends_by_itself() -> None:
    classes = read_classes()
    assert {classes[name].end for name in ("evidence", "assessments", "referrals", "sorting")} == {End.TWO_PEOPLE}


def test_a_basis_that_nobody_decided_says_so() -> None:
    """Criminal-offence data and what reporters told: the operator decides, not we."""
    classes = read_classes()
    undecided = {one.name for one in classes.values() if one.legal_basis == "FOR THE OPERATOR TO DECIDE"}
    assert {"evidence", "assessments", "what_reporters_told", "looks"} <= undecided


def test_an_operators_own_table_is_read(tmp_path: Path) -> None:
    (one,) = read(tmp_path, GOOD).values()  # type: ignore[attr-defined]
    assert (one.name, one.days) == ("looks", 30)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("days = 30", "days = 0"), "`days` is 0"),
        (("days = 30", "days = true"), "`days` is True"),
        (("days = 30\n", ""), "needs `days`"),
        (('whose = "staff"', 'whose = "us"'), "'us'"),
        (('why = "Care"\n', ""), "`why` is missing"),
        (('holds = ["exposure.View"]', "holds = []"), "`holds` is missing"),
        (("days = 30", "days = 30\nyears = 2"), "'years'"),
        (("[[class]]", "[[classes]]"), "cannot be read"),
        (("[[class]]", "[[class"), "cannot be read"),
    ],
)
def test_a_table_that_is_not_right_is_refused_with_a_sentence(
    tmp_path: Path, change: tuple[str, str], sentence: str
) -> None:
    with pytest.raises(Misconfigured) as refused:
        read(tmp_path, GOOD.replace(*change))
    assert sentence in str(refused.value)


def test_a_class_stands_once(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="more than once"):
        read(tmp_path, GOOD + GOOD)
