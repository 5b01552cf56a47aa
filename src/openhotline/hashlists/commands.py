"""``openhotline list …``."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Refusal
from openhotline.hashlists.models.release_file import changes_since
from openhotline.hashlists.queries import known_list, known_lists, release_path, verified_release, waiting_release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.set_known_list import Matching, set_known_list
from openhotline.hashlists.states import HashKind, Verdict

WAITS = 3
REFUSED = 2
NO_NEAR = -1
MATCHED_BY = ("near_radius", "least_quality", "upright", "flood_after")


class Form(StrEnum):
    """Which way up the pictures of a list were hashed."""

    UPRIGHT = "upright"
    UNKNOWN = "unknown"


app = typer.Typer(help="The hash list: draft, publish and verify releases, import others' lists.", no_args_is_help=True)
By = Annotated[str, typer.Option("--by", help="The name you sign in with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command()
def release(
    by: By,
    again: Annotated[bool, typer.Option("--again", help="Draft anew, leaving an earlier draft behind.")] = False,
) -> None:
    """Draft the next release; run again after a second person approved it at the desk, and it is published.

    Ends with 0 when a release was published, 3 when one waits for the second person, 2 when it was refused.
    """
    try:
        person = _person(by)
        waiting = None if again else waiting_release()
        if waiting is None:
            drafted = draft_release(actor=person, now=now())
            typer.echo(
                f"Version {drafted.version} is drafted: {drafted.entries} entries, {drafted.tombstones} withdrawn."
            )
            typer.echo(f"A second person approves it at the desk ({drafted.public_id}). Then run this command again.")
            raise typer.Exit(WAITS)
        out = publish_release(release_id=waiting.pk, actor=person, now=now())
        typer.echo(f"Version {out.version} is published: {release_path(out.version)}")
    except NotApproved as error:
        typer.echo(f"{error} (--again drafts a new one.)", err=True)
        raise typer.Exit(WAITS) from error
    except (Refusal, Misconfigured) as error:
        _refuse(error)


@app.command()
def verify(
    file: Annotated[Path, typer.Argument(help="A release, such as var/releases/1.jsonl")],
    version: Annotated[int | None, typer.Option(help="The version it should be.")] = None,
    as_json: AsJson = False,
) -> None:
    """Check the signature and every byte of a release. Ends with 0 when it is whole, 2 when it is refused."""
    try:
        found = verified_release(file, version=version)
    except (Refusal, Misconfigured) as error:
        _refuse(error)
    if as_json:
        typer.echo(json.dumps(vars(found)))
    else:
        kind = "a practice release, no findings" if found.practice else "a release"
        typer.echo(
            f"Whole: {kind}, version {found.version}, {found.entries} entries, {found.tombstones} withdrawn. "
            f"Manifest {found.manifest_sha256}"
        )


@app.command()
def diff(
    file: Annotated[Path, typer.Argument(help="A release, such as var/releases/2.jsonl")],
    since: Annotated[int, typer.Option(help="The version you have.")],
) -> None:
    """Print what changed since a version, one JSON object a line: new entries, and entries to withdraw."""
    try:
        verified_release(file)
    except (Refusal, Misconfigured) as error:
        _refuse(error)
    for line in changes_since(file, since):
        typer.echo(line)


@app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(help="A text file with one hash in hex a line; a PDQ may be followed by ,quality.")
    ],
    name: Annotated[str, typer.Option(help="The list's name, as its owner uses it.")],
    verdict: Annotated[Verdict, typer.Option(help="What the list says of all it holds.")],
    by: By,
    kind: Annotated[HashKind, typer.Option(help="The hashes in the file.")] = HashKind.SHA256,
) -> None:
    """Import a list of known, or known harmless, files or pictures; of files, only keyed hashes. All lines, or none."""
    try:
        person = _person(by)
        with file.open(encoding="utf-8", errors="replace") as lines:
            new = import_known(
                list_name=name, verdict=verdict, lines=lines, kind=kind, actor=person.public_id, now=now()
            )
    except (Refusal, Misconfigured, OSError) as error:
        _refuse(error)
    typer.echo(f"{new} new {'pictures' if kind == HashKind.PDQ else 'files'} are known by the list {name}.")


@app.command()
def known(as_json: AsJson = False) -> None:
    """Print the imported lists and how each is matched."""
    rows = [
        {"name": one.name, "verdict": one.verdict, **{field: getattr(one, field) for field in MATCHED_BY}}
        for one in known_lists()
    ]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        near = "not at all" if row["near_radius"] is None else f"to {row['near_radius']} bits"
        form = "as people see it" if row["upright"] else "in eight positions"
        flood = "as triage says" if row["flood_after"] is None else f"from {row['flood_after']} items a day"
        typer.echo(
            f"{row['name']}: {row['verdict']}; near {near}, from quality {row['least_quality']}, {form}; flood {flood}"
        )


@app.command("match-by")
def match_by(
    name: Annotated[str, typer.Argument(help="An imported list.")],
    by: By,
    near: Annotated[int | None, typer.Option(help="Bits that a near match may be away, 0 to 31; -1: none.")] = None,
    least_quality: Annotated[int | None, typer.Option(help="PDQ quality a near match needs, 50 to 100.")] = None,
    form: Annotated[Form | None, typer.Option(help="Which way up its pictures were hashed.")] = None,
    flood_after: Annotated[int | None, typer.Option(help="Items in a day by which an entry is held.", min=1)] = None,
) -> None:
    """Set how an imported list is matched; what is left out stays. What was triaged before is compared anew."""
    try:
        person, row = _person(by), known_list(name)
        matching = Matching(
            near_radius=row.near_radius if near is None else None if near == NO_NEAR else near,
            least_quality=row.least_quality if least_quality is None else least_quality,
            upright=row.upright if form is None else True if form is Form.UPRIGHT else None,
            flood_after=row.flood_after if flood_after is None else flood_after,
        )
        set_known_list(name=name, matching=matching, actor=person, now=now())
    except (Refusal, Misconfigured) as error:
        _refuse(error)
    typer.echo(f"The list {name} is matched so from now on.")


def _person(name: str) -> Person:
    person = Person.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise Refusal(f"Nobody signs in as {name!r}. Give --by the name of somebody who works here.")
    return person


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(REFUSED) from error
