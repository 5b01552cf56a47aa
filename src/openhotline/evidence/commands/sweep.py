"""``openhotline sweep …``: lists of addresses that are looked at again and again. See docs/operators/sweeps.md."""

import json
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from django.db.models import Max, Min, Sum

from openhotline.accounts.queries import approval_of
from openhotline.accounts.states import CONFIRM_FIRST, UNSIGNED, Purpose
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.evidence.commands.answers import WAITS, AsJson, By, in_sentences, person_named, wait_for_second
from openhotline.evidence.services.visit_page import Pace, visit_page
from openhotline.intake.models import Sweep, SweptPage
from openhotline.intake.services.begin_sweep import begin_sweep
from openhotline.intake.services.draft_sweep import SweepAuthority, draft_sweep
from openhotline.intake.services.end_sweep import end_sweep
from openhotline.intake.states import SweepState, VisitState

ACTOR = "command:sweep"
DAY = 24

app = typer.Typer(
    help="Sweeps: a list of addresses on a schedule, under an authority of its own. Two people agree on each.",
    no_args_is_help=True,
)
Name = Annotated[str, typer.Argument(help="What the sweep is called, as `sweep list` shows it.")]


@app.command()
def add(
    file: Annotated[Path, typer.Argument(help="A file, one address a line; blank lines and # lines are left out.")],
    name: Annotated[str, typer.Option(help="What to call it; never the name of a site.")],
    approver: Annotated[str, typer.Option(help="Who gave the authority: an office, never a person's name.")],
    under: Annotated[str, typer.Option(help="The law or agreement it is given under.")],
    jurisdiction: Annotated[str, typer.Option(help="Whose law that is, as GB.")],
    until: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day on which it no longer holds.")],
    by: By,
    every: Annotated[int, typer.Option(help="Hours between two visits of a page, if nothing speaks for fewer.")] = DAY,
) -> None:
    """Write a sweep down and ask a second person to agree on exactly this. Nothing is fetched yet; ends with 3.

    Once that person has approved it at the desk: openhotline sweep begin.
    """
    with in_sentences():
        lines = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        sweep = draft_sweep(
            name=name,
            addresses=[line for line in lines if line and not line.startswith("#")],
            every_hours=every,
            authority=SweepAuthority(approver, under, jurisdiction, until.replace(tzinfo=UTC)),
            actor=person_named(by),
            now=now(),
        )
    typer.echo(f"{sweep.public_id}: {sweep.pages.count()} addresses. {CONFIRM_FIRST}")
    typer.echo(f"Fingerprint {sweep.manifest_sha256()}. Then: openhotline sweep begin {sweep.public_id} --by NAME")
    raise typer.Exit(WAITS)


@app.command()
def begin(name: Name, by: By) -> None:
    """Begin a sweep that two people agreed on; the worker visits its pages.

    Ends with 0 when it has begun, 3 when it waits for the second person, 2 when it was refused.
    """
    with in_sentences():
        sweep, person = _named(name), person_named(by)
        approval = approval_of(Purpose.SWEEP, sweep.public_id)
        if sweep.state == SweepState.DRAFTED and approval is not None and approval.state in UNSIGNED:
            wait_for_second("The sweep", sweep.manifest_sha256())
        begun = begin_sweep(sweep_id=sweep.pk, actor=person, now=now())
    typer.echo(f"{begun.name} has begun, until {begun.until:%Y-%m-%d}.")


@app.command()
def end(name: Name, by: By) -> None:
    """End a sweep at once: nothing of it is fetched any more, not even in a visit that is under way."""
    with in_sentences():
        ended = end_sweep(sweep_id=_named(name).pk, actor=person_named(by), now=now())
    typer.echo(f"{ended.name} has ended. What it found stays.")


@app.command()
def run(most: Annotated[int, typer.Option(help="How many pages at most.")] = 100, as_json: AsJson = False) -> None:
    """Visit the pages that are due now, in this process, and print how many ended in which way; never an address."""
    pace = Pace(now=now, wait=time.sleep)
    ended: Counter[str] = Counter()
    files = 0
    with in_sentences():
        due = list(SweptPage.objects.due(now()).order_by("due_at", "pk").values_list("pk", flat=True)[:most])
        for page in due:
            visit = visit_page(page_id=page, pace=pace, actor=ACTOR, now=now())
            if visit is not None:
                ended[visit.state] += 1
                files += visit.files
    told = {**{state.value: ended[state] for state in VisitState}, "files": files}
    typer.echo(json.dumps(told) if as_json else ", ".join(f"{word}: {many}" for word, many in told.items()))


@app.command("list")
def list_command(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list.")] = False) -> None:
    """List sweeps: state, schedule, authority, pages, and what the visits brought; never an address."""
    found = [_as_data(one) for one in Sweep.objects.order_by("pk")]
    if as_json:
        typer.echo(json.dumps(found, indent=2))
        return
    for one in found:
        typer.echo(
            f"{one['name']} ({one['id']}): {one['state']}, every {one['every_hours']} h until {one['until'][:10]}"
        )
        typer.echo(f"    {one['approver']}, {one['instrument']} ({one['jurisdiction']})")
        typer.echo(f"    {one['pages']} pages, {one['visits']} visits, {one['found']} new files, next {one['next']}")
    if not found:
        typer.echo("There is no sweep yet. Add one: openhotline sweep add.")


def _as_data(one: Sweep) -> dict[str, Any]:
    facts = one.pages.aggregate(visits=Sum("visits"), found=Sum("found"), last=Max("last_at"), next=Min("due_at"))
    over = one.state == SweepState.RUNNING and now() >= one.until
    return {
        "id": one.public_id,
        "name": one.name,
        "state": "over: its authority has ended" if over else one.state,
        "every_hours": one.every_hours,
        "approver": one.approver,
        "instrument": one.instrument,
        "jurisdiction": one.jurisdiction,
        "until": one.until.isoformat(),
        "pages": one.pages.count(),
        "visits": facts["visits"] or 0,
        "found": facts["found"] or 0,
        "last": facts["last"].isoformat() if facts["last"] else None,
        "next": facts["next"].isoformat() if facts["next"] and not over else None,
    }


def _named(name: str) -> Sweep:
    sweep = Sweep.objects.filter(name=name).first() or Sweep.objects.filter(public_id=name).first()
    if sweep is None:
        raise Missing(f"There is no sweep {name[:40]!r}. `openhotline sweep list` names them.")
    return sweep
