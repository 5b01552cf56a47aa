"""``openhotline report …``."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Missing, Refusal
from openhotline.statistics.models.document import lines_of, read_report, write_files
from openhotline.statistics.models.period import Period
from openhotline.statistics.panels import report_files
from openhotline.statistics.queries import rolled_until, unlike
from openhotline.statistics.queries.in_log import TOLD_BY
from openhotline.statistics.queries.report import report_on, unlike_published
from openhotline.statistics.services.publish_report import publish_report
from openhotline.statistics.services.roll_up import roll_up

OTHER = 1
REFUSED = 2

app = typer.Typer(
    help="The public report: build it, publish it, and count every figure of it again.", no_args_is_help=True
)


@app.command()
def build(
    period: Annotated[str, typer.Argument(help="2026-11, 2026-Q4, 2026, or 2026-11-01..2026-11-20")],
    into: Annotated[Path, typer.Option(help="An empty or new folder for the files.")],
    publish_by: Annotated[
        str | None, typer.Option(help="Also publish it, as the person who signs in with this name.")
    ] = None,
) -> None:
    """Write the report on a period: report.json, report.csv, report.html to read and print, and SHA256SUMS.

    Small counts are left out of all of them. Ends with 0; with 1 when the audit log does not agree with a figure, which
    is named; with 2 and the reason when it was refused.
    """
    with _in_sentences():
        span, at = Period.of(period), now()
        if publish_by is not None:
            published = publish_report(period=span, actor=_person(publish_by), now=at)
            document, unlike_log = json.loads(published.document), report_on(span, published.counted_at)[1]
        else:
            document, unlike_log = report_on(span, at)
        write_files(report_files(document), into)
    typer.echo(f"{sum(1 for _ in lines_of(document))} figures on {span.name} in {into}.")
    _end_with(unlike_log)


@app.command()
def reproduce(
    report: Annotated[Path, typer.Argument(help="The report.json that was published.")],
    as_json_: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Count every figure of a published report again, from the database, and what the audit log tells from it too.

    Ends with 0 when all are the same; with 1 when not, and names each figure that differs; with 2 and the reason when
    the file is no report.
    """
    with _in_sentences():
        published = read_report(report.read_bytes())
        found = unlike_published(published)
    keys = [line["key"] for _, line in lines_of(published)]
    figures, told = len(keys), len(TOLD_BY.keys() & set(keys))
    if as_json_:
        typer.echo(json.dumps({"figures": figures, "in_log": told, "differences": found}, indent=1))
        raise typer.Exit(OTHER if found else 0)
    typer.echo(
        f"{figures} figures counted again, {told} of them from the audit log as well; "
        f"{'each is the same' if not found else f'{len(found)} are not as published'}."
    )
    _end_with(found)


@app.command()
def recount(
    first: Annotated[str, typer.Argument(help="The first month or the period to look at: 2026, 2026-Q4, 2026-11.")],
    mend: Annotated[bool, typer.Option(help="Also write down what was counted.")] = False,
) -> None:
    """Compare the counts that are kept of each day with a recount.

    Ends with 0 when they are the same or were mended, with 1 when not, with 2 and the reason when it was refused.
    """
    with _in_sentences():
        period = Period.of(first)
        found = unlike(period.begin, period.end)
        if mend and found:
            roll_up(actor="step:recount", now=now(), whole=(period.begin, period.end))
    until = rolled_until()
    typer.echo(f"Days are counted up to {f'{until:%Y-%m-%d %H:%M} UTC' if until else 'no day yet'}.")
    for (day, name, part), kept, counted in found:
        typer.echo(f"{' '.join(filter(None, (str(day), name, part)))}: {kept} kept, {counted} counted.")
    raise typer.Exit(OTHER if found and not mend else 0)


def _person(name: str) -> Person:
    person = Person.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {name!r}. Check the name.")
    return person


def _end_with(sentences: list[str]) -> None:
    for sentence in sentences:
        typer.echo(sentence, err=True)
    if sentences:
        raise typer.Exit(OTHER)


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    except OSError as error:
        typer.echo(f"{error.filename} can be neither read nor written as a file: {error.strerror}.", err=True)
        raise typer.Exit(REFUSED) from error
