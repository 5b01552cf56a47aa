"""A report on a period, and the same figures once more from the database and the log."""

import json
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings

from openhotline.audit.models import Record
from openhotline.statistics.models import PublishedReport
from openhotline.statistics.models.document import About, as_json, differences, document_of
from openhotline.statistics.models.period import Period
from openhotline.statistics.queries.in_log import in_log
from openhotline.statistics.queries.sections import sections
from openhotline.statistics.states import Section

PUBLISHED = "report_published"


def report_on(period: Period, at: datetime) -> tuple[dict[str, Any], list[str]]:
    """Return a report as it stood at a moment, and a sentence for each figure with which the log does not agree."""
    counted = sections(period, at)
    about = About(
        hotline=settings.HOTLINE["name"],
        jurisdiction=settings.JURISDICTION,
        period=period,
        counted_at=at,
        practice=settings.PRACTICE,
    )
    return document_of(about, counted, _documents_beside(period, at)), _unlike_log(counted, in_log(period, at))


def _documents_beside(period: Period, at: datetime) -> list[dict[str, Any]]:
    """Return the newest report on each other period that was published before, and shares days with this one.

    And those that share days with them: a quarter in the year of this one tells something of it too.
    """
    newest: dict[tuple[date, date], PublishedReport] = {}
    for one in published_reports():
        if one.counted_at < at and (one.begin, one.end) != (period.begin, period.end):
            newest.setdefault((one.begin, one.end), one)
    days, found = [(period.begin, period.end)], list[PublishedReport]()
    while days:
        begin, end = days.pop()
        near = [key for key in newest if key[0] < end and begin < key[1]]
        found += [newest.pop(key) for key in near]
        days += near
    keys = [one.pk for one in found]
    rows = PublishedReport.objects.filter(pk__in=keys).order_by("begin", "end")
    return [json.loads(text) for text in rows.values_list("document", flat=True)]


def _unlike_log(counted: tuple[Section, ...], logged: dict[str, int]) -> list[str]:
    lines = {line.key: line for section in counted for line in section.lines}
    return [
        f"{lines[key].name}: {lines[key].value} in the database, {logged[key]} in the audit log."
        for key in logged
        if lines[key].value != logged[key]
    ]


def unlike_published(published: dict[str, Any]) -> list[str]:
    """Count everything of a published report again; return a sentence for each figure that is not the same.

    Also for figures with which the log does not agree, and for a file that is not the one of which the log says that it
    was published.
    """
    period, at = Period.of(published["period"]["name"]), datetime.fromisoformat(published["counted_at"])
    again, logged = report_on(period, at)
    return [*differences(published, again), *logged, *_unlike_record(published)]


def _unlike_record(published: dict[str, Any]) -> list[str]:
    digest = sha256(as_json(published)).hexdigest()
    row = PublishedReport.objects.filter(sha256=digest).first()
    if row is None:
        return []
    line = Record.objects.filter(action=PUBLISHED, subject=row.public_id).first()
    if line is None or line.detail.get("manifest") != digest:
        return ["The audit log has no line that says this file was published."]
    return []


def published_reports() -> list[PublishedReport]:
    """Return the reports that were published, newest first; in production none that was published in practice."""
    rows = PublishedReport.objects.all()
    if not settings.PRACTICE:
        rows = rows.filter(practice=False)
    return list(rows.order_by("-begin", "-published_at", "-pk").defer("document"))


def published_report(name: str) -> PublishedReport | None:
    """Return one published report by its outside id; in production none of practice."""
    row = PublishedReport.objects.filter(public_id=name).first()
    return None if row is None or (row.practice and not settings.PRACTICE) else row
