"""A worker makes a study from the figures of the hotline; each number says what it rests on."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Person
from openhotline.audit.models import Record
from openhotline.exposure.models.limits import SHIPPED
from openhotline.forecast.models import Study
from openhotline.forecast.panels import study_panel
from openhotline.forecast.policies import COLUMNS, as_rows
from openhotline.forecast.services import make_study as module
from openhotline.forecast.services.ask_study import ask_study
from openhotline.forecast.services.make_study import compute, make_study
from openhotline.forecast.states import Basis, StudyKind, StudyState
from openhotline.forecast.tests.conftest import Come

pytestmark = pytest.mark.django_db
QUICK = {"days": 5, "runs": 2, "analysts": 3, "seniors": 1}


def made(kind: StudyKind, asks: dict[str, float], manager: Person, now: datetime) -> Study:
    """Ask for a study and make it."""
    study = ask_study(kind=kind, asks=asks, actor=manager, now=now)
    return make_study(study_id=study.pk, actor="step:test", now=now)


def test_capacity_rests_on_what_came_in(come: Come, manager: Person, now: datetime) -> None:
    come(4)
    study = made(StudyKind.CAPACITY, QUICK, manager, now)
    assert study.state == StudyState.MADE
    told = {one["name"]: (one["value"], one["basis"]) for one in study.content["quantities"]}
    assert told["Stacks that come in"] == (4, Basis.MEASURED)
    assert told["One full look"] == (28, Basis.ASSUMED)
    assert told["Analysts"] == (3, Basis.ASSUMED)
    assert Record.objects.filter(action="study_made").count() == 1


def test_the_limits_on_looking_that_are_in_force_are_reckoned_with(
    come: Come, manager: Person, now: datetime, tmp_path: Path, settings: LazySettings
) -> None:
    """An operator who lets people look for an hour a day is told what that takes, and not what the shipped four do."""
    come(4)
    (tmp_path / "mine.toml").write_text(SHIPPED.read_text().replace("most_hours = 4", "most_hours = 1"))
    settings.LOOKING_LIMITS = str(tmp_path / "mine.toml")
    charts = made(StudyKind.CAPACITY, QUICK, manager, now).content["charts"]
    (budget,) = [line for chart in charts for line in chart["lines"] if line["name"] == "The daily budget"]
    assert {point["y"] for point in budget["points"]} == {60}


def test_a_study_is_made_once(come: Come, manager: Person, now: datetime) -> None:
    come(2)
    study = made(StudyKind.CAPACITY, QUICK, manager, now)
    study.refresh_from_db()
    again = make_study(study_id=study.pk, actor="step:test", now=now)
    assert again.content == study.content
    assert Record.objects.filter(action="study_made").count() == 1


def test_where_nothing_came_in_the_study_says_so(manager: Person, now: datetime) -> None:
    study = made(StudyKind.CAPACITY, {}, manager, now)
    assert study.state == StudyState.FAILED
    assert "nothing to forecast from" in study.why_failed


def test_what_cannot_be_assumed_is_said(now: datetime) -> None:
    with pytest.raises(ValueError, match="magic cannot be assumed"):
        compute(StudyKind.CAPACITY, {"magic": 1, "stacks_a_day": 1}, now)
    with pytest.raises(ValueError, match="takes no analysts"):
        compute(StudyKind.HASHLIST, {"analysts": 1}, now)


def test_the_largest_flood_is_played_for_fewer_days(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred times 80 stacks a day are 8,000 a day: of 9,000 at most, one day is played, and that is said."""
    monkeypatch.setattr(module, "MOST_STACKS", 9_000)
    content = compute(StudyKind.CAPACITY, {"stacks_a_day": 80, "runs": 1, "seniors": 1, "analysts": 2}, now)
    assert content["days"] == 1
    told = next(one for one in content["quantities"] if one["name"] == "Days that are played")
    assert "28 were asked for" in told["how"]


def test_hash_lists_rest_on_generated_pictures_where_we_have_too_few(
    come: Come, manager: Person, now: datetime
) -> None:
    come(3)
    content = made(StudyKind.HASHLIST, {}, manager, now).content
    assert "1.0 x 10^9" in content["answer"][0]
    assert all("generated" in line["rests_on"] for line in content["charts"][0]["lines"])
    assert any(one["basis"] == Basis.ASSUMED for one in content["quantities"])


@pytest.mark.parametrize(("kind", "asks"), [(StudyKind.CAPACITY, QUICK), (StudyKind.HASHLIST, {})])
def test_page_and_csv_say_what_each_number_rests_on(
    kind: StudyKind, asks: dict[str, float], come: Come, manager: Person, now: datetime
) -> None:
    come(2)
    content = json.loads(json.dumps(made(kind, asks, manager, now).content))
    page = study_panel(content)
    assert page.count("<svg viewBox") > len(content["charts"])
    assert "NaN" not in page
    assert "style=" not in page
    assert content["leaves_out"][0] in page.replace("&#x27;", "'")
    rows = list(as_rows(content))
    assert {len(row) for row in rows} == {len(COLUMNS)}
    drawn = {chart["title"] for chart in content["charts"]}
    told = drawn | {table["title"] for table in content["tables"]} | {"rests on"}
    assert {row[0] for row in rows} == told
    assert all(row[-1] for row in rows)
