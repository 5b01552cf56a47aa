"""The whole journey over forty files: through the same services as people, over the real protocols."""

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import datetime

import pytest
from rich.console import Console

from openhotline import due
from openhotline.assessment.models import Assessment
from openhotline.audit.models import Record
from openhotline.evidence.models import Item
from openhotline.exposure.models import View
from openhotline.practice.analysts.assessing import Assessing, leave_nothing
from openhotline.practice.analysts.shift import Shift
from openhotline.practice.analysts.sorting import sort_sheets
from openhotline.practice.analysts.truth import Truth
from openhotline.practice.bringing_in import first_pages, import_rest, last_pages, pages_of, report_pages
from openhotline.practice.comparison import _undone
from openhotline.practice.counting import Figures, count
from openhotline.practice.half_way import HalfWay
from openhotline.practice.machinery import Machinery, work_here
from openhotline.practice.progress import silent
from openhotline.practice.run import Plan, play
from openhotline.practice.seeding import seed
from openhotline.practice.showing import KEYS, markdown, show
from openhotline.practice.site.serving import Ports, Site
from openhotline.statistics.models import PublishedFigures
from openhotline.triage.models import Selection

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


def tick(now: datetime) -> dict[str, int]:
    return due.tick(now=now)


@pytest.fixture
def machinery() -> Machinery:
    return Machinery(tick=tick, settle=work_here)


@pytest.fixture
def running(plan: Plan, ports: Ports) -> Iterator[Site]:
    with Site(plan.collection, plan.folder / "practice" / "site", ports) as site:
        yield site


def test_every_figure_equals_the_truth_when_nobody_errs(plan: Plan, ports: Ports) -> None:
    result = play(plan, tick=tick)
    assert result["differences"] == []
    further = {"heading", "items", "checks", "second_opinions", "disagreements", "error_rate", "seed", "machine"}
    assert set(result) == {*KEYS, *further}
    assert (result["found"], result["audit_verified"]) == (40, True)
    assert (result["entries"], result["gone"], result["referrals"]) == (5, 6, 1)
    assert json.loads(json.dumps(result))["heading"] == "PRACTICE - NOT FINDINGS"
    assert set(View.objects.values_list("simulated", flat=True)) == {True}
    assert PublishedFigures.objects.get().content["bars"][0] == {"name": "Found", "count": 40, "value": 40}


def test_a_check_takes_a_look_and_is_no_difference() -> None:
    """What is looked at because its answer is known is neither an opinion nor a look too many."""
    fields = dict.fromkeys((one.name for one in dataclasses.fields(Figures)), 0)
    assert list(_undone(Figures(**fields | {"views": 111, "assessed": 110, "checks": 1}))) == []
    (told,) = _undone(Figures(**fields | {"views": 111, "assessed": 110}))
    assert "111 full looks" in told


def test_mistakes_are_told_as_differences(plan: Plan, ports: Ports) -> None:
    """With every opinion wrong, no outcome is right, and the table says so."""
    result = play(Plan(plan.folder, 40, seed=7, analysts=3, error_rate=1.0, workers=1), tick=tick)
    assert any("outcomes, not criminal" in sentence for sentence in result["differences"])
    page = markdown(result)
    assert page.startswith("# PRACTICE - NOT FINDINGS")
    assert "figures differ from the truth file (100% of the opinions" in page
    show(result, Console(quiet=True))


def bring_in(plan: Plan, site: Site, machinery: Machinery) -> None:
    reported = first_pages(plan.collection, 2)
    report_pages(reported, origin=site.origin, machinery=machinery, tell=silent)
    manifest = plan.folder / "rest.jsonl"
    import_rest(
        plan.collection, without=reported, manifest=manifest, origin=site.origin, machinery=machinery, tell=silent
    )


def test_the_pipeline_works_without_the_truth_file(plan: Plan, running: Site, machinery: Machinery) -> None:
    """Up to the sorting sheet nobody needs it; only the scripted analysts do."""
    (plan.collection / "truth.jsonl").unlink()
    cast = seed(collection=plan.collection, analysts=1, now=machinery.now())
    bring_in(plan, running, machinery)
    assert (count().found, Selection.objects.count()) == (40, Item.objects.count())
    with pytest.raises(FileNotFoundError, match=r"truth\.jsonl"):
        sort_sheets(cast.analysts, Truth(plan.collection), machinery, tell=silent)


def test_bringing_in_again_changes_nothing(plan: Plan, running: Site, machinery: Machinery) -> None:
    seed(collection=plan.collection, analysts=1, now=machinery.now())
    bring_in(plan, running, machinery)
    before = count()
    seed(collection=plan.collection, analysts=1, now=machinery.now())
    bring_in(plan, running, machinery)
    assert count() == before


def test_half_way_leaves_work_and_is_played_once(plan: Plan, running: Site, machinery: Machinery) -> None:
    cast = seed(collection=plan.collection, analysts=3, now=machinery.now())
    half = HalfWay(plan.folder, running.origin, cast, machinery, silent)
    assert half.play()
    figures = count()
    kept_back = sum(pages_of(plan.collection)[page] for page in last_pages(plan.collection, 3))
    assert figures.found == 40 - kept_back
    assert figures.unsorted > 0
    assert figures.assessed > 0
    assert PublishedFigures.objects.get().practice
    records = Record.objects.count()
    assert not half.play()
    assert Record.objects.count() == records


def looked_at_by_scripts(plan: Plan, site: Site, machinery: Machinery) -> bool:
    """Play half-way after a visitor's report of the second page; say whether a script gave an opinion on it."""
    cast = seed(collection=plan.collection, analysts=3, now=machinery.now())
    visited = report_pages([second_page(plan)], origin=site.origin, machinery=machinery, tell=silent)
    HalfWay(plan.folder, site.origin, cast, machinery, silent).play()
    return Assessment.objects.filter(item__sightings__report__in=visited).exists()


def test_what_a_visitor_reports_meanwhile_is_left_to_the_visitor(
    plan: Plan, running: Site, machinery: Machinery
) -> None:
    assert not looked_at_by_scripts(plan, running, machinery)


def test_without_skipping_scripts_would_take_the_visitors_work(
    plan: Plan, running: Site, machinery: Machinery, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: scripted analysts leave nothing."""
    monkeypatch.setattr(Assessing, "_one_turn", take_everything(Assessing._one_turn))
    assert looked_at_by_scripts(plan, running, machinery)


def take_everything(one_turn: Callable[[Assessing, Shift], bool]) -> Callable[[Assessing, Shift], bool]:
    def greedy(self: Assessing, shift: Shift) -> bool:
        self._leaves = leave_nothing
        return one_turn(self, shift)

    return greedy


def second_page(plan: Plan) -> str:
    return list(pages_of(plan.collection))[1]
