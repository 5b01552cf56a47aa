"""``openhotline list …``: releases, and lists of others."""

import json
from enum import StrEnum
from hashlib import file_digest
from itertools import islice
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from django.conf import settings

from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.states import CONFIRM_FIRST
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Refusal
from openhotline.core.keys import signer
from openhotline.hashlists.commands.sealed import release_of
from openhotline.hashlists.models.edition_file import bring_up
from openhotline.hashlists.models.release_file import changes_since
from openhotline.hashlists.models.their_formats import read_theirs
from openhotline.hashlists.queries import (
    entries_to_share,
    history_of,
    known_list,
    known_lists,
    published_version,
    read_so_far,
    release_path,
    verified_release,
    waiting_release,
)
from openhotline.hashlists.queries.versions import HASHES
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.end_routine import end_routine
from openhotline.hashlists.services.hand_back_list import hand_back_list
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.import_theirs import BATCH, Origin, import_theirs, pieces
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.hashlists.services.resume_releases import resume_releases
from openhotline.hashlists.services.serve_release import serve_release
from openhotline.hashlists.services.set_known_list import Matching, set_known_list
from openhotline.hashlists.services.set_sharing import set_sharing
from openhotline.hashlists.states import HashKind, SealedKind, Sharing, TheirFormat, Verdict

WAITS = 3
REFUSED = 2
NO_NEAR = -1
WHEN = ("at", "what")
TOLD = ("name", "verdict", "source", "sharing", "near_radius", "least_quality", "upright", "flood_after")


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
    of: Annotated[SealedKind | None, typer.Option(help="Another list, which is then released by the clock.")] = None,
    days: Annotated[int, typer.Option(help="With --of: for how long, at most 31.", min=1)] = 14,
    most_new: Annotated[int, typer.Option(help="With --of: new lines that one release may have.", min=1)] = 200,
) -> None:
    """Draft the next release; run again after a second person approved it at the desk, and it is published.

    With --of, two people approve that a list is released by the clock; run again, what changed goes out at once.
    Ends with 0 when a release was published, 3 when one waits for the second person, 2 when it was refused.
    """
    try:
        person = _person(by)
        if of is not None:
            _release_of(of, person, again=again, days=days, most_new=most_new)
            return
        waiting = None if again else waiting_release()
        if waiting is None:
            drafted = draft_release(actor=person, now=now())
            typer.echo(
                f"Version {drafted.version} is drafted: {drafted.entries} entries, {drafted.tombstones} withdrawn."
            )
            typer.echo(f"{drafted.public_id}: {CONFIRM_FIRST} Then run this command again.")
            raise typer.Exit(WAITS)
        out = publish_release(release_id=waiting.pk, actor=person, now=now())
        typer.echo(f"Version {out.version} is published: {release_path(out.version)}")
    except NotApproved as error:
        typer.echo(f"{error} (--again drafts a new one.)", err=True)
        raise typer.Exit(WAITS) from error
    except (Refusal, Misconfigured) as error:
        _refuse(error)


def _release_of(of: SealedKind, person: Person, *, again: bool, days: int, most_new: int) -> None:
    drafted = release_of(of, days=days, most_new=most_new, person=person, again=again, now=now())
    if drafted is not None:
        typer.echo(f"{drafted.in_words} {CONFIRM_FIRST} Then run this command again.")
        raise typer.Exit(WAITS)


@app.command()
def stop(of: Annotated[SealedKind, typer.Argument(help="A list that is released by the clock.")], by: By) -> None:
    """Release a list by the clock no more. One person is enough."""
    try:
        done = end_routine(kind=of, actor=_person(by), now=now())
    except Refusal as error:
        _refuse(error)
    typer.echo("It is not released any more." if done else "It was not released by the clock.")


@app.command()
def resume(
    by: By,
    last_version: Annotated[int, typer.Option(help="The highest version of the hash list that went out.", min=0)],
    last_addresses: Annotated[int, typer.Option(help="The same of the list of live addresses.", min=0)] = 0,
    last_self_reported: Annotated[int, typer.Option(help="The same of the self-reported list.", min=0)] = 0,
) -> None:
    """Let lists go out again after a restore, above every version that members may have had; a manager alone.

    Before that, withdraw again what was withdrawn since the backup (docs/operators/backup.md). What the second place
    knows counts where it is higher. Ends with 0, or with 2 and the reason when it was refused.
    """
    told = {HASHES: last_version, "addresses": last_addresses, "self_reported": last_self_reported}
    try:
        floors = resume_releases(out=told, actor=_person(by), now=now())
    except (Refusal, OSError) as error:
        _refuse(error)
    typer.echo("Lists go out again. The next versions: " + ", ".join(f"{of} {last + 1}" for of, last in floors.items()))


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


@app.command("public-key")
def public_key() -> None:
    """Print the public key that verifies releases, editions and changes, as PEM."""
    public = signer("release.key").public_key()
    typer.echo(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(), nl=False)


@app.command()
def apply(
    copy: Annotated[Path, typer.Argument(help="An edition, whole, as a member downloaded it or this wrote it.")],
    changes: Annotated[Path, typer.Argument(help="What was downloaded with since=: changes, one set after another.")],
    member: Annotated[str, typer.Option(help="The member's id, par_…")],
    key: Annotated[Path, typer.Option(help="The hotline's public key, as `list public-key` prints it.")],
) -> None:
    """Bring a member's copy up by changes. When they do not fit it, nothing is written, and it ends with 2."""
    try:
        public = load_pem_public_key(key.read_bytes())
        if not isinstance(public, Ed25519PublicKey):
            _refuse(Refusal(f"{key.name} is no Ed25519 key."))
        at, count = bring_up(copy, changes, member=member, key=public, practice=settings.PRACTICE)
    except (Refusal, OSError, ValueError) as error:
        _refuse(error)
    typer.echo(f"The copy is at version {at.version}: {count} lines.")


@app.command()
def serve(
    anew: Annotated[bool, typer.Option("--anew", help="Build the match service's files again from nothing.")] = False,
) -> None:
    """Serve what is published and not served yet. The worker does it after each release."""
    version = published_version()
    if version is None:
        typer.echo("Nothing is published yet.")
        return
    done = serve_release(version=version, actor="command:list", now=now(), anew=anew)
    typer.echo(f"Version {version} is served; {done} entries are new to the match service.")


@app.command()
def share(
    sharing: Annotated[Sharing, typer.Argument(help="Whether members may pass entries on.")],
    by: By,
    entries: Annotated[list[str] | None, typer.Argument(help="Entries by id: ent_…")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every entry that is listed now.")] = False,
) -> None:
    """Say whether members may pass entries on; as shipped it is not determined. The next release tells it."""
    try:
        person, done = _person(by), 0
        if bool(entries) == everything:
            _refuse(Refusal("Name entries, or say --all for every entry that is listed now."))
        left = iter(entries or entries_to_share(sharing))
        while piece := list(islice(left, BATCH)):
            done += set_sharing(entries=piece, sharing=sharing, actor=person, now=now())
    except (Refusal, Misconfigured) as error:
        _refuse(error)
    typer.echo(f"{done} entries say it from now on: {sharing.replace('_', ' ')}.")


@app.command("import")
def import_command(
    file: Annotated[
        Path, typer.Argument(help="A text file with one hash in hex a line; a PDQ may be followed by ,quality.")
    ],
    name: Annotated[str, typer.Option(help="The list's name, as its owner uses it.")],
    verdict: Annotated[Verdict, typer.Option(help="What the list says of all it holds.")],
    by: By,
    kind: Annotated[HashKind, typer.Option(help="The hashes in a plain file.")] = HashKind.SHA256,
    form: Annotated[TheirFormat, typer.Option("--format", help="How the list is written.")] = TheirFormat.PLAIN,
    source: Annotated[str, typer.Option(help="Who gave it to us; kept with the list.")] = "",
    sharing: Annotated[Sharing, typer.Option(help="Whether we may pass it on.")] = Sharing.NOT_DETERMINED,
) -> None:
    """Import a list of known, or known harmless, files or pictures; of files, only keyed hashes.

    What is exploitative is compared with nothing here: it becomes entries of the stream of that name.

    A plain file is taken whole, or not at all. Other forms are taken in pieces: what was broken off goes on where it
    was by the same command, and what a later file takes back matches nothing any more.
    """
    try:
        person = _person(by)
        if form is not TheirFormat.PLAIN:
            _import_theirs(file, form, Origin(name, verdict, source, sharing), person)
            return
        with file.open(encoding="utf-8", errors="replace") as lines:
            new = import_known(
                list_name=name,
                verdict=verdict,
                lines=lines,
                kind=kind,
                actor=person.public_id,
                now=now(),
                source=source,
                sharing=sharing,
            )
    except (Refusal, Misconfigured, OSError) as error:
        _refuse(error)
    typer.echo(f"{new} new {'pictures' if kind == HashKind.PDQ else 'files'} are known by the list {name}.")


def _import_theirs(file: Path, form: TheirFormat, origin: Origin, person: Person) -> None:
    with file.open("rb") as content:
        digest = file_digest(content, "sha256").hexdigest()
    start = read_so_far(origin.list_name, digest)
    new = gone = left = 0
    for piece in pieces(islice(read_theirs(file, form), start, None)):
        taken = import_theirs(
            origin=origin, file_sha256=digest, start=start, lines=piece, actor=person.public_id, now=now()
        )
        start, new, gone, left = start + len(piece), new + taken.new, gone + taken.gone, left + taken.left
    typer.echo(
        f"{origin.list_name}: {new} hashes are new, {gone} were taken back, "
        f"{left} are of kinds that are not compared here."
    )


@app.command("hand-back")
def hand_back(name: Annotated[str, typer.Argument(help="An exploitative list that was imported.")], by: By) -> None:
    """Pass a partner's exploitative list on no more: its entries are withdrawn, and the next release tells it."""
    try:
        person, done = _person(by), 0
        while many := hand_back_list(name=name, actor=person, now=now()):
            done += many
    except Refusal as error:
        _refuse(error)
    typer.echo(f"{done} entries are withdrawn; the list {name} is passed on no more.")


@app.command()
def known(as_json: AsJson = False) -> None:
    """Print the imported lists, who gave each to us and whether we may pass it on, and how it is matched."""
    rows = [{field: getattr(one, field) for field in TOLD} for one in known_lists()]
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        near = "not at all" if row["near_radius"] is None else f"to {row['near_radius']} bits"
        form = "as people see it" if row["upright"] else "in eight positions"
        flood = "as triage says" if row["flood_after"] is None else f"from {row['flood_after']} items a day"
        origin = f"from {row['source'] or 'nobody that was recorded'}, sharing {row['sharing'].replace('_', ' ')}"
        matched = f"near {near}, from quality {row['least_quality']}, {form}; flood {flood}"
        typer.echo(f"{row['name']}: {row['verdict']}, {origin}; {matched}")


@app.command()
def history(
    entry: Annotated[str, typer.Argument(help="An entry by its id, ent_….")],
    as_json: AsJson = False,
) -> None:
    """Print whence an entry is and what was said of it since: revisions, disputes, its withdrawal. No hash is shown."""
    try:
        rows = history_of(entry)
    except Refusal as error:
        _refuse(error)
    if as_json:
        typer.echo(json.dumps(rows))
        return
    for row in rows:
        facts = [f"{name.replace('_', ' ')} {_worded(value)}" for name, value in row.items() if name not in WHEN]
        typer.echo(f"{row['at']} {row['what']}{': ' * bool(facts)}{', '.join(facts)}")


def _worded(value: object) -> str:
    """Return a fact for a sentence; of other places' law the codes, in full with --json."""
    if isinstance(value, list):
        return " ".join(one["jurisdiction"] if isinstance(one, dict) else one for one in value) or "none"
    return "not determined" if value in {None, ""} else str(value).replace("_", " ")


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
