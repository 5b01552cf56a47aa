"""The figures of a run go out once, as a senior analyst would publish them, and its report with them."""

import json
from datetime import UTC
from pathlib import Path

from openhotline.accounts.models import Person
from openhotline.practice.machinery import Machinery
from openhotline.statistics.errors import NoPeriod, PublishedAlready
from openhotline.statistics.models import PublishedFigures
from openhotline.statistics.models.document import lines_of, write_files
from openhotline.statistics.models.period import Period
from openhotline.statistics.panels import report_files
from openhotline.statistics.queries.cohort import first_found
from openhotline.statistics.queries.report import unlike_published
from openhotline.statistics.services.publish_figures import publish_figures
from openhotline.statistics.services.publish_report import publish_report


def publish_numbers(actor: Person, machinery: Machinery) -> PublishedFigures | None:
    """Publish the figures of now; None when somebody did so within the last day."""
    try:
        return publish_figures(actor=actor, now=machinery.now())
    except PublishedAlready:
        return None


def end_with_report(actor: Person, machinery: Machinery, folder: Path) -> dict[str, object]:
    """Publish the report on the days of a run, write its files, and count every figure of it again.

    Returns how many figures it has, where the files lie, and a sentence for each that was not the same.
    """
    now = machinery.now()
    begun = first_found() or now
    period = Period.of(f"{begun.astimezone(UTC):%Y-%m-%d}..{now.astimezone(UTC):%Y-%m-%d}")
    try:
        published = publish_report(period=period, actor=actor, now=now)
    except (PublishedAlready, NoPeriod) as refused:
        return {"figures": 0, "folder": "", "differences": [str(refused)]}
    document = json.loads(published.document)
    into = folder / published.public_id
    write_files(report_files(document), into)
    figures = sum(1 for _ in lines_of(document))
    return {"figures": figures, "folder": str(into), "differences": unlike_published(document)}
