"""A report on a period: what it says, that it stays, and that each figure can be counted again."""

import csv
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.assessment.models import Decision, Outcome, OutcomeChange, Rederivation
from openhotline.audit.models import Record
from openhotline.audit.services.record import record
from openhotline.core.errors import NotAllowed
from openhotline.core.net.addresses import parse
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.intake.models import Address, Report
from openhotline.intake.models.device_hash import read_codes
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.keep_device_hash import keep_device_hash
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.removal.services.open_removals import open_removals
from openhotline.statistics.errors import NoPeriod, PublishedAlready
from openhotline.statistics.models import PublishedReport
from openhotline.statistics.models.document import NOT_SHOWN, lines_of
from openhotline.statistics.models.period import Period
from openhotline.statistics.queries import report as report_module
from openhotline.statistics.queries.report import report_on, unlike_published
from openhotline.statistics.queries.sections import sections
from openhotline.statistics.services.publish_report import publish_report

pytestmark = pytest.mark.django_db
Decide = Callable[..., Decision]
NOVEMBER = Period.of("2026-11")


@pytest.fixture
def decided(decide: Decide, now: datetime) -> list[Decision]:
    """Twenty files of November, and what the log says of how they were decided."""
    made = [decide("pseudo_photograph", "A", ai_involvement="wholly_synthetic", commercial="yes") for _ in range(8)]
    made += [decide("photograph", "B", ai_involvement="none_seen") for _ in range(6)]
    made += [decide("not_criminal", "", criminal=False) for _ in range(6)]
    ids = [one.public_id for one in made]
    record(actor="step:publish", action="decisions_published", subject="decisions", ids=ids, now=now)
    return made


def figures(document: dict[str, Any]) -> dict[str, Any]:
    return {line["key"]: line["value"] for _, line in lines_of(document)}


def later(now: datetime) -> datetime:
    return now + timedelta(hours=1)


def test_a_report_tells_the_way_from_found_to_decided(decided: list[Decision], now: datetime) -> None:
    document, unlike_log = report_on(NOVEMBER, later(now))
    told = figures(document)
    assert (told["found"], told["decided"], told["criminal.criminal"], told["unsorted"]) == (20, 20, 14, 20)
    assert (told["law.pseudo_photograph"], told["letters.pseudo_photograph.A"], told["law.photograph"]) == (8, 8, 6)
    assert (told["ai.wholly_synthetic"], told["ai.none_seen"], told["ai.not_determined"]) == (8, 6, 0)
    assert (told["commercial.yes"], told["commercial.no"], told["commercial.not_determined"]) == (8, 0, 6)
    assert told["work.decisions"] == 20
    assert unlike_log == []


def test_every_figure_says_how_it_was_counted(decided: list[Decision], now: datetime) -> None:
    document, _ = report_on(NOVEMBER, later(now))
    assert all(section["how"].endswith(".") and section["unit"] for section in document["sections"])
    keys = [line["key"] for _, line in lines_of(document)]
    assert (len(keys), len(set(keys))) == (len(keys), len(keys))


def test_an_empty_month_says_so(decided: list[Decision], now: datetime) -> None:
    document, _ = report_on(Period.of("2026-Q4"), later(now))
    months = {line["key"]: line["name"] for section, line in lines_of(document) if section["key"] == "months"}
    assert months["months.2026-10"] == "October 2026: nothing was found in this month"
    assert months["months.2026-11"] == "November 2026"


def test_an_empty_period_is_a_report_too(now: datetime) -> None:
    document, unlike_log = report_on(Period.of("2026-10"), now)
    assert set(figures(document).values()) == {0, None}
    assert unlike_log == []


def test_a_small_count_and_what_tells_it_are_not_shown(decided: list[Decision], decide: Decide, now: datetime) -> None:
    for _ in range(2):
        decide("prohibited_image", "")
    document, _ = report_on(NOVEMBER, later(now))
    shown = {line["key"]: line["shown"] for _, line in lines_of(document)}
    assert shown["law.prohibited_image"] == NOT_SHOWN
    assert NOT_SHOWN in {shown["law.photograph"], shown["law.not_criminal"]}


def test_a_published_report_is_counted_again_to_the_same(
    decided: list[Decision], senior: Person, now: datetime
) -> None:
    published = publish_report(period=NOVEMBER, actor=senior, now=later(now))
    assert unlike_published(json.loads(published.document)) == []
    line = Record.objects.get(action="report_published")
    assert (line.subject, line.detail["manifest"]) == (published.public_id, published.sha256)


def test_what_happened_afterwards_changes_nothing(
    decided: list[Decision], decide: Decide, senior: Person, now: datetime
) -> None:
    """More is found and decided, and the law changes: the report is as of its moment."""
    published = publish_report(period=NOVEMBER, actor=senior, now=later(now))
    decide("photograph", "A", at=now + timedelta(hours=2))
    outcome = Outcome.objects.get(decision=decided[0])
    going = Rederivation.objects.create(law_version="2", as_of=date(2026, 11, 22), begun_at=now)
    before = {f"{name}_before": getattr(outcome, name) for name in ("kind", "category", "criminal")}
    OutcomeChange.objects.create(
        rederivation=going,
        decision=decided[0],
        jurisdiction="GB-EAW",
        **before,
        kind_after="not_criminal",
        criminal_after=False,
        changed_at=now + timedelta(hours=3),
    )
    Outcome.objects.filter(pk=outcome.pk).update(kind="not_criminal", category="", criminal=False)
    assert unlike_published(json.loads(published.document)) == []


def test_a_figure_that_was_changed_is_named(decided: list[Decision], senior: Person, now: datetime) -> None:
    document = json.loads(publish_report(period=NOVEMBER, actor=senior, now=later(now)).document)
    (line,) = (line for _, line in lines_of(document) if line["key"] == "ai.wholly_synthetic")
    line["value"], line["shown"] = 9, "9"
    (sentence,) = unlike_published(document)
    assert sentence == "AI involvement, of what is criminal here: Wholly synthetic is 9 in the file, 8 counted again."


def test_a_row_that_was_changed_is_named(decided: list[Decision], senior: Person, now: datetime) -> None:
    document = json.loads(publish_report(period=NOVEMBER, actor=senior, now=later(now)).document)
    Decision.objects.filter(pk=decided[0].pk).update(facts={"ai_involvement": "none_seen"})
    assert any("Wholly synthetic is 8 in the file, 7" in one for one in unlike_published(document))


def test_a_decision_that_the_log_does_not_know_is_named(decided: list[Decision], decide: Decide, now: datetime) -> None:
    decide()
    _, unlike_log = report_on(NOVEMBER, later(now))
    assert unlike_log == ["Decisions published: 21 in the database, 20 in the audit log."]


def test_what_comes_in_by_every_way_is_told_by_the_log_too(now: datetime) -> None:
    """A form, codes of a device, a file that was found, an address to be removed: each by its operation."""
    report, _ = start_report(
        addresses=["https://a.example/"], source=Source.PUBLIC, idempotency=None, practice=True, now=now
    )
    complete_report(report=report, details={}, urgent=False, now=now)
    codes = read_codes(f"{'0f' * 32} 100\n{'f0' * 32} 100")
    keep_device_hash(codes=codes, idempotency="k", practice=True, now=now)
    (address,) = Address.objects.keep([parse("https://a.example/1.png")], now=now).values()
    seal_files(files=[SealableFile(data=b"x" * 10, address_id=address.pk)], now=now)
    open_removals(address_ids=[address.pk], actor="step:x", now=now)
    document, unlike_log = report_on(NOVEMBER, later(now))
    counted = {line.key: line.value for one in sections(NOVEMBER, later(now)) for line in one.lines}
    assert [counted[key] for key in ("reports", "reports.device", "found", "removals")] == [2, 1, 1, 1]
    assert unlike_log == []
    told = next(one for one in document["sections"] if one["key"] == "found")
    assert told["how"].endswith("The audit log tells these too, and was compared: Found.")


def test_a_report_that_the_log_does_not_know_is_named(now: datetime) -> None:
    Report.objects.create(source="public", started_at=now, received_at=now)
    _, unlike_log = report_on(NOVEMBER, later(now))
    assert unlike_log == ["Reports: 1 in the database, 0 in the audit log."]


def test_planted_a_recount_that_reads_the_file_would_see_nothing(
    decided: list[Decision], senior: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: what is counted again is what was published."""
    document = json.loads(publish_report(period=NOVEMBER, actor=senior, now=later(now)).document)
    Decision.objects.update(facts={})
    monkeypatch.setattr(report_module, "report_on", lambda *_: (document, []))
    assert unlike_published(document) == []


def test_everybody_reads_it_and_its_checksums_hold(decided: list[Decision], senior: Person, now: datetime) -> None:
    published = publish_report(period=NOVEMBER, actor=senior, now=later(now))
    assert published.public_id in Client().get(reverse("numbers")).content.decode()
    page = Client().get(reverse("findings", args=[published.public_id])).content.decode()
    assert "PRACTICE – NOT FINDINGS" in page  # noqa: RUF001 - as the pages write it
    assert "How this was counted" in page

    def file(name: str) -> bytes:
        return Client().get(reverse("findings_file", args=[published.public_id, name])).content

    sums = dict(reversed(line.split("  ")) for line in file("SHA256SUMS").decode().splitlines())
    assert sums == {name: sha256(file(name)).hexdigest() for name in ("report.json", "report.csv")}
    assert sums["report.json"] == published.sha256
    rows = list(csv.DictReader(io.StringIO(file("report.csv").decode())))
    assert next(row["value"] for row in rows if row["figure"] == "criminal.criminal") == "14"
    assert Client().get(reverse("findings_file", args=[published.public_id, "other"])).status_code == 404
    assert Client().get(reverse("findings", args=["rpt_none"])).status_code == 404


def test_in_production_only_what_is_whole_and_over_leaves(senior: Person, now: datetime, settings: Any) -> None:
    settings.PRACTICE = False
    for name in ("2026-11", "2026-11-01..2026-11-20"):
        with pytest.raises(NoPeriod, match="that is over"):
            publish_report(period=Period.of(name), actor=senior, now=now)
    publish_report(period=Period.of("2026-10"), actor=senior, now=now)


def test_a_quarter_and_its_months_are_both_published_and_counted_again_to_the_same(
    decided: list[Decision], decide: Decide, senior: Person, now: datetime
) -> None:
    """Two files of one kind in November; October has enough to add up to a count that could be shown."""
    made = [decide("prohibited_image", "") for _ in range(2)]
    before = [decide("prohibited_image", "", at=now - timedelta(days=30)) for _ in range(9)]
    for decisions, at in ((before, now - timedelta(days=30)), (made, now)):
        ids = [one.public_id for one in decisions]
        record(actor="step:publish", action="decisions_published", subject="decisions", ids=ids, now=at)
    late = later(now)
    months = [publish_report(period=Period.of(name), actor=senior, now=late) for name in ("2026-10", "2026-11")]
    quarter = publish_report(period=Period.of("2026-Q4"), actor=senior, now=late + timedelta(minutes=1))
    shown = [figures(json.loads(one.document))["law.prohibited_image"] for one in (*months, quarter)]
    assert shown == [9, None, None]
    assert [unlike_published(json.loads(one.document)) for one in (*months, quarter)] == [[], [], []]


def test_days_that_cross_a_report_would_tell_what_is_between(senior: Person, now: datetime) -> None:
    publish_report(period=Period.of("2026-10-15..2026-11-15"), actor=senior, now=now)
    with pytest.raises(NoPeriod, match="shares some days with the one on 2026-10-15"):
        publish_report(period=NOVEMBER, actor=senior, now=now)
    publish_report(period=Period.of("2026-Q4"), actor=senior, now=now)


def test_the_same_period_is_published_once_a_day(
    senior: Person, manager: Person, analyst: Person, now: datetime
) -> None:
    publish_report(period=NOVEMBER, actor=senior, now=now)
    with pytest.raises(PublishedAlready):
        publish_report(period=NOVEMBER, actor=manager, now=later(now))
    with pytest.raises(NotAllowed):
        publish_report(period=NOVEMBER, actor=analyst, now=now)
    assert PublishedReport.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "begin", "end"),
    [
        ("2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("2026-12", date(2026, 12, 1), date(2027, 1, 1)),
        ("2026-Q1", date(2026, 1, 1), date(2026, 4, 1)),
        ("2026-Q4", date(2026, 10, 1), date(2027, 1, 1)),
        ("2026", date(2026, 1, 1), date(2027, 1, 1)),
        ("2026-02-28..2026-02-28", date(2026, 2, 28), date(2026, 3, 1)),
    ],
)
def test_periods_are_read_as_people_write_them(name: str, begin: date, end: date) -> None:
    assert (Period.of(name).begin, Period.of(name).end) == (begin, end)


@pytest.mark.parametrize("name", ["", "2026-13", "2026-Q5", "26", "2026-02-30..2026-03-01", "2026-11-02..2026-11-01"])
def test_what_is_no_period_is_told(name: str) -> None:
    with pytest.raises(NoPeriod, match="is no period"):
        Period.of(name)
