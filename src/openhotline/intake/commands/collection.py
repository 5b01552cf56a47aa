"""``openhotline collection …``: bring in a found collection."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from openhotline.core.clock import now
from openhotline.core.errors import Refusal
from openhotline.intake import queries
from openhotline.intake.models import Collection, Find
from openhotline.intake.models.manifest import batches
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.intake.states import FindState

ACTOR = "command:collection"

app = typer.Typer(help="Found collections: import one, see how far it is.", no_args_is_help=True)

FolderArgument = Annotated[Path, typer.Argument(help="The folder that holds the files.")]
ManifestOption = Annotated[
    Path | None, typer.Option(help="JSON lines with file and number; default: manifest.jsonl in the folder.")
]
NameOption = Annotated[str | None, typer.Option(help="A name for the collection; default: the folder's.")]
SiteOption = Annotated[
    str | None, typer.Option(help="Origin it was found on, such as https://name.example; gives finds their address.")
]


@app.command("import")
def import_command(
    folder: FolderArgument, manifest: ManifestOption = None, name: NameOption = None, site: SiteOption = None
) -> None:
    """Register every file that the manifest names; the worker seals them. Again, it goes on where it stopped.

    Ends with 0 also when finds were refused: each has a sentence, shown by `status`. Ends with 2 when nothing
    could be begun.
    """
    where = manifest or folder / "manifest.jsonl"
    try:
        collection = open_collection(
            folder=folder, name=name or folder.resolve().name, manifest=where, actor=ACTOR, now=now()
        )
    except Refusal as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from error
    _register(collection, where, folder, site)
    _tell([collection])


@app.command("resume")
def resume_command(
    folder: FolderArgument, manifest: ManifestOption = None, name: NameOption = None, site: SiteOption = None
) -> None:
    """Go on with an import that was interrupted: the same as importing again, nothing comes in twice."""
    import_command(folder, manifest, name, site)


@app.command("status")
def status_command(as_json: bool = typer.Option(False, "--json", help="Print one JSON list.")) -> None:
    """Show how far each collection is, and why finds were refused."""
    found = queries.collections()
    if as_json:
        typer.echo(json.dumps([_as_data(one) for one in found], indent=2))
    else:
        _tell(found)


def _register(collection: Collection, manifest: Path, folder: Path, site: str | None) -> None:
    columns = (TextColumn("Registering"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("finds", total=collection.finds_expected)
        for lines in batches(manifest, folder):
            register_finds(collection=collection, lines=lines, site=site, now=now(), actor=ACTOR)
            progress.advance(task, len(lines))


def _tell(found: list[Collection]) -> None:
    console = Console()
    table = Table("collection", "name", "expected", *(state.value for state in FindState))
    for collection in found:
        facts = queries.find_page(collection)
        counts = [str(facts.counts[state]) for state in FindState]
        table.add_row(collection.public_id, collection.name, str(collection.finds_expected), *counts)
    console.print(table if found else "No collection has been imported yet.")
    for collection in found:
        for find in queries.find_page(collection).refusals:
            console.print(f"{collection.name} {_named(find.number)}: {find.refusal}", markup=False)


def _named(number: int) -> str:
    return f"find {number}" if number < Find.NO_NUMBER else "without number"


def _as_data(collection: Collection) -> dict[str, object]:
    facts = queries.find_page(collection)
    return {
        "id": collection.public_id,
        "name": collection.name,
        "expected": collection.finds_expected,
        **{state.value: count for state, count in facts.counts.items()},
        "refusals": [{"number": find.number, "sentence": find.refusal} for find in facts.refusals],
    }
