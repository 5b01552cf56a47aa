"""``openhotline law rederive | bases``: what law says of all decisions, without a view."""

import json
from collections import Counter
from datetime import datetime
from typing import Annotated

import typer
from django.conf import settings

from openhotline.accounts.models import Person
from openhotline.assessment.models import OutcomeChange
from openhotline.assessment.queries import decision_names
from openhotline.assessment.services.begin_rederivation import begin_rederivation
from openhotline.assessment.services.rederive_outcomes import Batch, rederive_outcomes
from openhotline.assessment.services.tell_bases import BATCH, tell_bases
from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured, Missing, Refusal
from openhotline.law.queries import rules

REFUSED = 2


def rederive(
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day whose law counts; without it, today.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a batch.")] = False,
) -> None:
    """Derive the outcomes of all published decisions again from the recorded facts, and list each that changed.

    Nobody looks at anything for it. What was broken off goes on where it stood when you run it again on the same day,
    or with the same --on. Ends with 0 when every decision was held against the rules, with 1 when some have facts that
    cannot be read, with 2 and the reason when it was refused.
    """
    counts: Counter[str] = Counter()
    unreadable = 0
    try:
        person = Person.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise Missing(f"Nobody signs in as {by!r}. Give the name that you use at the desk.")
        as_of = on.date() if on else rules().day_of(now(), settings.JURISDICTION)
        running = begin_rederivation(as_of=as_of, actor=person, now=now())
        if not as_json:
            went_on = f", going on after {running.examined} decisions" if running.examined else ""
            typer.echo(f"{running.public_id}: rules {running.law_version} as of {running.as_of}{went_on}.")
        batch = Batch(0, (), (), finished=False)
        while not batch.finished:
            batch = rederive_outcomes(rederivation_id=running.pk, actor=person, now=now())
            unreadable += len(batch.unreadable)
            counts.update(f"{one.jurisdiction}: {_turn(one)}" for one in batch.changes)
            _tell(batch, as_json=as_json)
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    if not as_json:
        for what, count in sorted(counts.items()) or [("Outcomes that changed", 0)]:
            typer.echo(f"{what}: {count}")
    raise typer.Exit(1 if unreadable else 0)


def bases(by: Annotated[str, typer.Option("--by", help="The name you sign in with.")]) -> None:
    """Have entries of the hash list that were listed before say under which other places' law they are criminal.

    From the outcomes that were derived when each was decided; the worker writes them, the next release tells them.
    Needed once, after an upgrade. Ends with 2 and the reason when it was refused.
    """
    try:
        person = Person.objects.filter(username=by, is_active=True).first()
        if person is None:
            raise Missing(f"Nobody signs in as {by!r}. Give the name that you use at the desk.")
        pieces, after = 0, tell_bases(actor=person, now=now())
        while after is not None:
            pieces, after = pieces + 1, tell_bases(actor=person, now=now(), after=after)
    except (Refusal, Misconfigured) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error
    typer.echo(f"Announced in {pieces} pieces of up to {BATCH} entries." if pieces else "Every entry says so already.")


def _tell(batch: Batch, *, as_json: bool) -> None:
    names = decision_names([one.decision_id for one in batch.changes])
    if as_json:
        changes = [
            {
                "decision": names[one.decision_id],
                "jurisdiction": one.jurisdiction,
                "before": {"kind": one.kind_before, "category": one.category_before, "criminal": one.criminal_before},
                "after": {"kind": one.kind_after, "category": one.category_after, "criminal": one.criminal_after},
            }
            for one in batch.changes
        ]
        typer.echo(json.dumps({"examined": batch.examined, "changes": changes, "unreadable": list(batch.unreadable)}))
        return
    for one in batch.changes:
        typer.echo(f"{names[one.decision_id]} {one.jurisdiction}: {_turn(one)}")
    for name in batch.unreadable:
        typer.echo(f"{name}: its facts cannot be read by these rules; its outcomes are left as they are.", err=True)


def _turn(change: OutcomeChange) -> str:
    before = f"{change.kind_before or 'none'} {change.category_before}".strip()
    return f"{before} → {f'{change.kind_after} {change.category_after}'.strip()}"
