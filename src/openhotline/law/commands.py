"""`openhotline law …`: see what the law says of facts, on a day, and what changed; without a database."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from openhotline.core.clock import machine_now
from openhotline.core.errors import Misconfigured, Refusal
from openhotline.law import queries
from openhotline.law.errors import FactsInvalid
from openhotline.law.models import Facts, RuleBook, between, rule_changes
from openhotline.law.models.cases import every_case, facts_read
from openhotline.law.panels import began_lines, change_lines, explained, in_force
from openhotline.law.services.derive import derive

REFUSED = 2

app = typer.Typer(name="law", help="Legal rules as dated data.", no_args_is_help=True)
Folder = Annotated[
    Path | None,
    typer.Option(help="A folder laid over the shipped rules; without it, the one OPENHOTLINE_LAW names."),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
DAY = ["%Y-%m-%d"]


@app.callback()
def law() -> None:
    """Legal rules as dated data: what they say of recorded facts, and why."""


@app.command()
def explain(
    jurisdiction: Annotated[str, typer.Option(help="A code, such as GB-EAW; GB is three apart; all is every place.")],
    on: Annotated[datetime, typer.Option(formats=DAY, help="The day whose law counts.")],
    facts: Annotated[
        Path,
        typer.Option(
            help='A JSON file such as {"content_kind": "image"}; the rest is open. Or a folder of such files, each '
            "explained under its name."
        ),
    ],
    as_json: Json = False,
) -> None:
    """Show what the law says of the facts in a file, rule by rule: which fired, which did not, and why.

    Ends with 0 when an outcome was derived, "not determined" included, and with 2 when the input was refused.
    """
    with _in_sentences():
        recorded = _read_each(facts) if facts.is_dir() else {"": _read(facts)}
        book = queries.rules()
        places = book.jurisdictions if jurisdiction == "all" else queries.jurisdictions(jurisdiction)
        said = {
            name: [derive(one, jurisdiction=place, as_of=on.date(), rules=book) for place in places]
            for name, one in recorded.items()
        }
    if as_json:
        documents = {
            name: {"facts": recorded[name].to_dict(), "outcomes": [outcome.to_dict() for outcome in outcomes]}
            for name, outcomes in said.items()
        }
        typer.echo(json.dumps(documents.get("", documents), indent=2))
    else:
        for name, outcomes in said.items():
            heading = f"{name}\n{'=' * len(name)}\n\n" if name else ""
            typer.echo(heading + "\n\n".join(explained(outcome) for outcome in outcomes) + ("\n" if name else ""))


@app.command()
def show(
    on: Annotated[datetime, typer.Option(formats=DAY, help="The day whose law counts.")],
    jurisdiction: Annotated[str, typer.Option(help="A code, such as GB-EAW; GB is three; all is every place.")] = "all",
) -> None:
    """Print what the law of each place is on a day: the rules that decide, and those that do not, with the reason."""
    with _in_sentences():
        book = queries.rules()
        places = book.jurisdictions if jurisdiction == "all" else queries.jurisdictions(jurisdiction)
    typer.echo("\n\n".join(in_force(book, place, on.date()) for place in places))


@app.command()
def check(folder: Folder = None) -> None:
    """Read a folder of rules as a process would. Ends with 0, or with 2 and file, line, rule and key at fault."""
    with _in_sentences():
        book = queries.load(folder or settings.LAW)
    undecided = sorted(set(book.jurisdictions) - set(book.deciding))
    typer.echo(f"{len(book.rules)} rules for {len(book.jurisdictions)} places, version {book.version}.")
    typer.echo(f"Nothing decides in: {', '.join(undecided) or 'none of them'}.")


@app.command()
def diff(
    earlier: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="One day, for the same rules.")
    ] = None,
    later: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="A later day.")] = None,
    folder: Folder = None,
    outcomes: Annotated[
        bool,
        typer.Option(help="Also try every combination of facts and count the outcomes that differ; takes minutes."),
    ] = False,
    as_json: Json = False,
) -> None:
    """Say what changed: between two days of the rules (--from, --to), or between the shipped rules and a folder.

    Ends with 0 when nothing changed, with 1 when something did, with 2 when the input was refused.
    """
    with _in_sentences():
        if (earlier is None) is not (later is None):
            raise FactsInvalid("Give both --from and --to, or neither of them.")
        after = queries.load(folder or settings.LAW)
        if earlier and later:
            lines = began_lines(between(after, earlier.date(), later.date()))
            books, days = (after, after), (earlier.date(), later.date())
        else:
            today = machine_now().date()
            books, days = (queries.load(None), after), (today, today)
            lines = change_lines(rule_changes(*books))
    differ = _outcomes_that_differ(books, days) if outcomes else {}
    if as_json:
        typer.echo(json.dumps({"versions": [book.version for book in books], "changes": lines, "outcomes": differ}))
    else:
        typer.echo("\n".join(lines or ["Nothing changed."]))
        for place, counts in differ.items():
            typer.echo("\n".join(f"{place}: {what}: {count} combinations of facts" for what, count in counts.items()))
    raise typer.Exit(1 if lines else 0)


def _outcomes_that_differ(books: tuple[RuleBook, RuleBook], days: tuple[date, date]) -> dict[str, dict[str, int]]:
    """By place, how many combinations of facts go from one outcome to another, such as ``not_determined → guide``."""
    found: dict[str, dict[str, int]] = {}
    for place in sorted(set(books[0].jurisdictions) & set(books[1].jurisdictions)):
        counts: Counter[str] = Counter()
        for facts in every_case(facts_read(place, *books)):
            old, new = (
                derive(facts, jurisdiction=place, as_of=day, rules=book).kind
                for book, day in zip(books, days, strict=True)
            )
            if old is not new:
                counts[f"{old} → {new}"] += 1
        if counts:
            found[place] = dict(sorted(counts.items()))
    return found


def _read_each(folder: Path) -> dict[str, Facts]:
    files = sorted(folder.glob("*.json"))
    if not files:
        raise FactsInvalid(f"There is no JSON file of facts in {folder}.")
    return {file.stem: _read(file) for file in files}


def _read(path: Path) -> Facts:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise FactsInvalid(f"The facts file {path} cannot be read: {error}. Give a JSON file.") from error
    if not isinstance(content, dict):
        raise FactsInvalid(f"The facts file {path} must hold one JSON object of names and values.")
    return Facts.from_dict(content)


@contextmanager
def _in_sentences() -> Iterator[None]:
    """End with 2 and the sentence when something inside was refused."""
    try:
        yield
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
