"""What platforms published about our flags is laid beside our notices."""

import json
from collections.abc import Callable
from datetime import date, datetime

import pytest

from openhotline.removal.errors import StatementRefused
from openhotline.removal.models import Notice, Removal, Statement
from openhotline.removal.services.keep_statements import Reconciled, keep_statements

pytestmark = pytest.mark.django_db


def statement(**changes: object) -> str:
    said = {
        "platform_name": "Example",
        "puid": "1",
        "source_type": "SOURCE_TRUSTED_FLAGGER",
        "source_identity": f"Practice Hotline, {Notice.objects.get().public_id}.",
        "decision_visibility": ["DECISION_VISIBILITY_CONTENT_REMOVED"],
        "application_date": "2026-11-20",
    }
    return json.dumps(said | changes)


def keep(now: datetime, *lines: str) -> Reconciled:
    return keep_statements(lines=lines, us="Practice Hotline", actor="test", now=now)


def test_a_statement_that_names_our_flag_is_kept_once(noticed: Callable[[int], list[Removal]], now: datetime) -> None:
    noticed(1)
    lines = [statement(), statement(puid="2", category_specification=["KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL_DEEPFAKE"])]
    assert keep(now, *lines, "") == Reconciled(new=2)
    assert keep(now, *lines) == Reconciled(before=2)
    one, two = Statement.objects.order_by("puid")
    assert (one.decision, one.applied_on, one.deepfake) == ("content_removed", date(2026, 11, 20), None)
    assert two.deepfake is True


@pytest.mark.parametrize("where", ["puid", "source_identity", "decision_facts"])
def test_our_reference_is_found_wherever_a_platform_writes_it(
    noticed: Callable[[int], list[Removal]], now: datetime, where: str
) -> None:
    noticed(1)
    name = Notice.objects.get().public_id
    said = {"source_identity": "Practice Hotline"} | {where: f"Practice Hotline/{name}"}
    assert keep(now, statement(**said)) == Reconciled(new=1)
    assert Statement.objects.get().notice.public_id == name


@pytest.mark.parametrize(
    "changes",
    [
        {"source_type": "SOURCE_VOLUNTARY"},
        {"source_identity": "Another Hotline"},
        {"source_identity": "Practice Hotline"},
    ],
)
def test_what_others_flagged_is_only_counted(
    noticed: Callable[[int], list[Removal]], now: datetime, changes: dict[str, object]
) -> None:
    noticed(1)
    assert keep(now, statement(**changes)) == Reconciled(others=1)


@pytest.mark.parametrize("changes", [{"puid": ""}, {"platform_name": None}, {"application_date": "soon"}])
def test_a_line_that_does_not_fit_leaves_nothing_behind(
    noticed: Callable[[int], list[Removal]], now: datetime, changes: dict[str, object]
) -> None:
    noticed(1)
    for line in (statement(**changes), "not json", "[]"):
        with pytest.raises(StatementRefused, match="Line 2"):
            keep(now, statement(), line)
    assert not Statement.objects.exists()
