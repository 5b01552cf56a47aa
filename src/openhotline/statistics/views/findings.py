"""A published report on a period: the page, and the same as open data."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from openhotline.core.errors import Missing
from openhotline.statistics.models import PublishedReport
from openhotline.statistics.models.document import as_csv, read_report, sums_of
from openhotline.statistics.panels import report_panel
from openhotline.statistics.queries.report import published_report


@require_safe
def findings(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show everybody a report that was published; nothing is counted here."""
    report = _report(public_id)
    panel = report_panel(read_report(report.document.encode()))
    return render(request, "statistics/report.html", {"report": report, "panel": panel})


@require_safe
def findings_file(_request: HttpRequest, public_id: str, file: str) -> HttpResponse:
    """Return one file of a published report, byte for byte as its checksum says."""
    files, kind = _files(_report(public_id)), FILES.get(file)
    if kind is None:
        raise Missing("A report has report.json, report.csv and SHA256SUMS.")
    answer = HttpResponse(files[file](), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


FILES = {
    "report.json": "application/json",
    "report.csv": "text/csv; charset=utf-8",
    "SHA256SUMS": "text/plain; charset=utf-8",
}


def _files(report: PublishedReport) -> dict[str, Callable[[], bytes]]:
    data = report.document.encode()
    document: dict[str, Any] = read_report(data)
    return {
        "report.json": lambda: data,
        "report.csv": lambda: as_csv(document),
        "SHA256SUMS": lambda: sums_of({"report.json": data, "report.csv": as_csv(document)}),
    }


def _report(public_id: str) -> PublishedReport:
    found = published_report(public_id)
    if found is None:
        raise Missing("There is no report of this name.")
    return found
