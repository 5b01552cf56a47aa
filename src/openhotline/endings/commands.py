"""``openhotline retention due``, ``retention end``, ``retention show`` and ``people forget``."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import UNSIGNED, Purpose
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Missing, Refusal
from openhotline.endings.models import Ending
from openhotline.endings.policies import check_ended_by_people
from openhotline.endings.queries import class_named, due_for_people, due_names, ending_named
from openhotline.endings.services.draft_ending import draft_ending
from openhotline.endings.services.end_records import end_records
from openhotline.endings.states import EndingState
from openhotline.retention.queries import held_subjects, record_classes
from openhotline.retention.states import End

MOST_TOLD = 50
REFUSED, WAITS = 2, 3

By = Annotated[str, typer.Option("--by", help="The name you sign in with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def due_to_people(
    of: Annotated[
        str, typer.Option("--of", metavar="CLASS", help="Every outside id of this class that is not held, one a line.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Print what the retention table leaves to people and is due now: how many, what keeps them, the first by name."""
    moment = now()
    if of:
        with _in_sentences():
            named = class_named(of)
            check_ended_by_people(named)
            for name in due_names(named, moment, unheld=True):
                typer.echo(name)
        return
    found = due_for_people(record_classes().values(), held_subjects(moment), moment)
    if as_json:
        typer.echo(json.dumps([vars(one) for one in found]))
        return
    for one in found:
        typer.echo(
            f"{one.name}: {one.due} due, {one.held} of them held, {one.open} still needed by something open "
            f"({one.end}, counted from: {one.counted_from})"
        )
        for name in one.first:
            typer.echo(f"    {name}")


def end(
    record_class: Annotated[str, typer.Argument(metavar="CLASS", help="A class of the table, such as reports.")],
    by: By,
    names: Annotated[
        list[str] | None, typer.Argument(help="What is to end, by outside id; or an ending, end_…, to go on with.")
    ] = None,
    due: Annotated[bool, typer.Option("--due", help="All that is due of the class, up to 10,000.")] = False,
    as_json: AsJson = False,
) -> None:
    """End records whose time is over, and say of each that stays why. Nobody can take this back.

    Where the table says two people, it is written down first, and a second person approves exactly that at the desk;
    then run it again with the ending's name. Broken off, it goes on in the same way. Ends with 0 when it is done, with
    3 when it waits for the second person, with 2 when it was refused, or nothing of it could end.
    """
    with _in_sentences():
        person = _person(by)
        ending = _ending(record_class, names or [], due=due, person=person)
        approval = approval_of(Purpose.ENDING, ending.public_id)
        drafted = ending.state == EndingState.DRAFTED and class_named(record_class).end == End.TWO_PEOPLE
        if drafted and (approval is None or approval.state in UNSIGNED):
            typer.echo(f"{ending.public_id}: {len(ending.names)} of {record_class}.")
            typer.echo(f"See them: openhotline retention show {ending.public_id}")
            typer.echo("A second person reads that, and approves it at the desk under Approvals.")
            typer.echo(f"Fingerprint {ending.manifest_sha256}. Then run:")
            typer.echo(f"    openhotline retention end {record_class} {ending.public_id} --by NAME")
            raise typer.Exit(WAITS)
        told = end_records(ending_id=ending.pk, actor=person, now=now(), progress=_progress(len(ending.names)))
    if as_json:
        typer.echo(json.dumps({"ending": ending.public_id, "ended": told.ended, "left": told.left}))
    else:
        for name, why in list(told.left.items())[:MOST_TOLD]:
            typer.echo(f"{name} stays: {why}")
        if len(told.left) > MOST_TOLD:
            typer.echo(f"… and {len(told.left) - MOST_TOLD} more. All of them: --json.")
        typer.echo(f"{ending.public_id}: {told.ended} of {record_class} ended, {len(told.left)} stay.")
    if told.left and not told.ended:
        raise typer.Exit(REFUSED)


def show(
    ending: Annotated[str, typer.Argument(help="The ending, end_….")],
    as_json: AsJson = False,
) -> None:
    """Print what an ending names, where it stands, and its fingerprint."""
    with _in_sentences():
        row = _found(ending)
    if as_json:
        told = {"class": row.record_class, "state": row.state, "sha256": row.manifest_sha256, "names": row.names}
        typer.echo(json.dumps(told))
        return
    typer.echo(f"{row.public_id}: {row.state}, {len(row.names)} of {row.record_class}, {row.manifest_sha256}")
    for name in row.names:
        typer.echo(f"    {name}")


def forget(
    name: Annotated[str, typer.Argument(help="The name that the person signed in with.")],
    by: By,
) -> None:
    """Make a number of somebody who left: name, mail and ways in go. What they decided, and the log, stay whole.

    As `openhotline retention end people`: the table says how long after they left. Ends with 0, or with 2 and why not.
    """
    with _in_sentences():
        person = Person.objects.filter(username=name).first()
        if person is None:
            raise Missing(f"Nobody has ever signed in as {name!r}.")
    end("people", by, [person.public_id])


@contextmanager
def _in_sentences() -> Iterator[None]:
    try:
        yield
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error


def _person(username: str) -> Person:
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {username!r}. Give the name that you use at the desk.")
    return person


def _ending(record_class: str, names: list[str], *, due: bool, person: Person) -> Ending:
    if due == bool(names):
        raise Missing("Say what is to end: outside ids, or --due for all that is due; not both.")
    if len(names) == 1 and names[0].startswith("end_"):
        row = _found(names[0])
        if row.record_class != record_class:
            raise Missing(f"{row.public_id} is of {row.record_class}, not of {record_class}.")
        return row
    return draft_ending(record_class=record_class, names=None if due else names, actor=person, now=now())


def _found(name: str) -> Ending:
    row = ending_named(name)
    if row is None:
        raise Missing(f"There is no ending {name[:40]!r}. Write one down: openhotline retention end CLASS.")
    return row


def _progress(of: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if of > done:
            typer.echo(f"{done} of {of} gone through.", err=True)

    return tell
