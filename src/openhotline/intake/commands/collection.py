"""``openhotline collection …``: bring in a found collection."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.core.clock import now
from openhotline.core.errors import Missing, Refusal
from openhotline.core.net.errors import FetchFailed
from openhotline.intake import queries
from openhotline.intake.models import Collection, Find
from openhotline.intake.models.manifest import Source, open_source
from openhotline.intake.services.announce_finds import announce_finds
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.intake.states import WHY_REFUSED_WORDS, FindState

ACTOR = "command:collection"
LOOK_SECONDS = 0.5
WITHOUT_CHANGE = 120.0
STILL_WAITING = 3

app = typer.Typer(help="Found collections: import one, take it up again, see how far it is.", no_args_is_help=True)

WhereArgument = Annotated[
    Path, typer.Argument(help="The folder or zip archive that holds the files, or s3://BUCKET/PREFIX.")
]
ManifestOption = Annotated[
    Path | None,
    typer.Option(
        help="What lists the files: .jsonl, .csv (its first line names the columns) or VICS-shaped .json. Default: "
        "manifest.jsonl in the folder; without one, everything that lies there."
    ),
]
NameOption = Annotated[str | None, typer.Option(help="A name for the collection; default: the folder's.")]
SiteOption = Annotated[
    str | None, typer.Option(help="Origin it was found on, such as https://name.example; gives finds their address.")
]
FoundByOption = Annotated[str | None, typer.Option(help="Who found it; left out: not said.")]
ByOption = Annotated[str | None, typer.Option("--by", help="The name you sign in with; left out: not said.")]
WaitOption = Annotated[
    bool,
    typer.Option(
        "--wait",
        help="Stay until the worker has sealed or refused every file. Ends with 3 when it has not moved for two "
        "minutes; nothing is lost then.",
    ),
]
WhichArgument = Annotated[str, typer.Argument(help="The collection's id (col_…), its name, or where it lies.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON list.")]


@app.command("import")
def import_command(
    where: WhereArgument,
    manifest: ManifestOption = None,
    name: NameOption = None,
    site: SiteOption = None,
    found_by: FoundByOption = None,
    by: ByOption = None,
    wait: WaitOption = False,
) -> None:
    """Register every file of a folder, archive or bucket; the worker seals them. Again, it goes on where it stopped.

    Ends with 0 also when files were refused: each has a sentence, shown by `status`. Ends with 2 when nothing
    could be begun.
    """
    with _told():
        actor = _actor(by)
        source = open_source(where, manifest, authority=_authority)
        collection = open_collection(
            source=source,
            name=name or where.resolve().name,
            site=site,
            found_by=found_by,
            actor=actor,
            now=now(),
        )
        _register(collection, source, actor)
    _finish(collection, wait=wait)


@app.command("resume")
def resume_command(which: WhichArgument, by: ByOption = None, wait: WaitOption = False) -> None:
    """Take up an import that broke off: what is new or was mended comes in, what waits is given to the worker again.

    Nothing comes in twice. What was refused because it was missing, changing, damaged or not what the manifest said
    is looked at again. Ends as `import` does.
    """
    with _told():
        actor = _actor(by)
        collection = _chosen(which)
        manifest = Path(collection.manifest) if collection.manifest else None
        source = open_source(Path(collection.folder), manifest, authority=_authority)
        collection = open_collection(source=source, name=collection.name, actor=actor, now=now())
        announce_finds(collection=collection, actor=actor, now=now())
        _register(collection, source, actor)
    _finish(collection, wait=wait)


@app.command("status")
def status_command(
    which: Annotated[str | None, typer.Argument(help="One collection, as for `resume`; default: all.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show how far each collection is, and why files were refused."""
    with _told():
        found = list(queries.collections()) if which is None else [_chosen(which)]
    if as_json:
        typer.echo(json.dumps([_as_data(one) for one in found], indent=2))
    else:
        _tell(found)


@app.command("report")
def report_command(which: WhichArgument) -> None:
    """Print one JSON object a file: what became of it, where and by whom it was found, under which authority.

    Paths and addresses stand in it as they are: keep it where the collection itself may lie.
    """
    with _told():
        collection = _chosen(which)
        for told in queries.finds_told(collection):
            typer.echo(json.dumps(told, ensure_ascii=False))


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except (Refusal, FetchFailed) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error


def _authority() -> str:
    return check_covers(latest_authority(now()), now()).public_id


def _actor(by: str | None) -> str:
    if by is None:
        return ACTOR
    person = Person.objects.filter(username=by, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {by!r}.")
    return person.public_id


def _chosen(which: str) -> Collection:
    found = queries.collections_called(which)
    if len(found) != 1:
        what = "No collection is" if not found else f"{len(found)} collections are"
        raise Missing(f"{what} called {which!r}. Give its id, as `openhotline collection status` shows it.")
    return found[0]


@contextmanager
def _bar(words: str, total: int) -> Iterator[tuple[Progress, TaskID]]:
    columns = (TextColumn(words), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield progress, progress.add_task("finds", total=total)


def _register(collection: Collection, source: Source, actor: str) -> None:
    with _bar("Registering", collection.finds_expected) as (progress, task):
        for lines in source.batches():
            register_finds(collection=collection, lines=lines, now=now(), actor=actor)
            progress.advance(task, len(lines))


def _finish(collection: Collection, *, wait: bool) -> None:
    done = not wait or _wait(collection)
    _tell([collection])
    if not done:
        typer.echo("The worker has not moved for two minutes. Is one running? openhotline worker", err=True)
        raise typer.Exit(STILL_WAITING)


def _wait(collection: Collection) -> bool:
    """Return True once nothing waits to be sealed, False when that number has not changed for a while."""
    first = before = queries.waiting_finds(collection)
    changed = time.monotonic()
    with _bar("Sealing", first) as (progress, task):
        while before and time.monotonic() - changed < WITHOUT_CHANGE:
            time.sleep(LOOK_SECONDS)
            left = queries.waiting_finds(collection)
            if left != before:
                before, changed = left, time.monotonic()
            progress.update(task, completed=first - left)
    return not before


def _tell(found: list[Collection]) -> None:
    if not found:
        typer.echo("No collection has been imported yet.")
    # In lines and not as a table: on a narrow terminal a table loses its last columns, and those are what was refused.
    for facts in map(queries.find_page, found):
        counts, name = facts.counts, facts.collection.name
        typer.echo(
            f"{name} ({facts.collection.public_id}): {facts.registered} of {facts.collection.finds_expected} files "
            f"registered: {counts[FindState.TAKEN]} taken, {counts[FindState.FOLDED]} folded into what was there "
            f"already, {counts[FindState.REGISTERED]} waiting, {counts[FindState.REFUSED]} refused."
        )
        for why, count in facts.why.items():
            typer.echo(f"{name}: {count} refused: {WHY_REFUSED_WORDS[why]}.")
        for find in facts.refusals:
            typer.echo(f"{name} {_named(find.number)}: {find.refusal}")
        if facts.more_refusals:
            typer.echo(f"{name}: and {facts.more_refusals} more.")


def _named(number: int) -> str:
    return f"find {number}" if number < Find.NO_NUMBER else "without number"


def _as_data(collection: Collection) -> dict[str, object]:
    facts = queries.find_page(collection)
    return {
        "id": collection.public_id,
        "name": collection.name,
        "expected": collection.finds_expected,
        "authority": collection.authority,
        **{state.value: count for state, count in facts.counts.items()},
        "why": {why.value: count for why, count in facts.why.items()},
        "refusals": [{"number": find.number, "why": find.why, "sentence": find.refusal} for find in facts.refusals],
    }
