"""What figures cover by name is what the code has: a moment, route or operation that is added is missed at once."""

import sys
from itertools import chain
from pathlib import Path

import pytest
from django.apps import apps

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from run_faults import FIGURES, plays_of

from faults import failing, fault_access, fault_api, fault_audit, fault_escape
from faults.covering import Cover, counts, moments
from openhotline.config.access import ACCESS
from openhotline.core.sandbox import misdeeds, probes
from openhotline.intake.api.routes import described


def names_of(unit: str) -> set[str]:
    """Return all names of one kind that any figure covers."""
    plays = chain.from_iterable(plays_of(script).values() for script in {one.script for one in FIGURES})
    return {name for play in plays for cover in play.covers if cover.unit == unit for name in cover.names()}


def test_figures_together_cover_every_moment_that_has_a_name() -> None:
    named = {moment for *_, before, after in failing.places() for moment in (before, after) if moment}
    assert names_of("moments") == named


def test_every_route_and_every_operation_is_covered() -> None:
    assert {*fault_access.routes()} == {*ACCESS}
    verbs = chain.from_iterable(one.values() for one in described()["paths"].values())
    partners, members = (fault_api.PLAYS[place].covers[0].names() for place in (0, 1))
    assert {*partners} == {one["operationId"] for one in verbs}
    assert {*members} >= {"exploitative", "ncmec_exploitative_entries"}


def test_every_column_of_the_log_is_covered() -> None:
    tables = [model._meta for model in apps.get_app_config("audit").get_models()]
    columns = {f"{table.db_table}.{field.column}" for table in tables for field in table.fields}
    touched = {one.partition(".")[0] for one in fault_audit.columns()}
    assert {one for one in columns if one.partition(".")[0] in touched} <= {*fault_audit.columns()}


def test_every_way_out_and_every_lie_is_covered() -> None:
    tried = {one.partition(" ")[2] for one in fault_escape.ways()}
    assert tried >= {*probes.WAYS, *misdeeds.LIES}


@pytest.mark.parametrize(
    ("cover", "said"),
    [
        (moments("a", "b", "c"), ["of 3 moments it never came to 2: a, c."]),
        (counts("kills", "polls"), ["of 2 counts it never came to 1: polls."]),
        (moments("b"), []),
    ],
)
def test_what_was_never_come_to_is_said_in_one_sentence(cover: Cover, said: list[str]) -> None:
    assert [*cover.missing({"died_at": {"a": 0, "b": 2}, "kills": 2})] == said
