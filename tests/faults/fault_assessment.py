"""Kill -9 at every named moment of deciding: an opinion that was acknowledged is there once, or the moment never was.

Two analysts sort and assess, decisions are published, listed and noticed, all in a process that dies at the moments
that ``failing`` names, over and over until there is nothing left to decide or enough was killed. What they were
answered stands in a ledger. Runs on SQLite and on a PostgreSQL of its own. Prints one JSON object; ends with 1 when
there is a fault.

    python tests/faults/fault_assessment.py [--times N] [--database sqlite|postgres] [--short] [--planted]
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import COMMITS, counts, moments  # noqa: E402 - path above
from databases import make_site  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above

from faults.parts import named_deaths  # noqa: E402 - path above

PICTURES = 6
RATE = 0.08


def work_on(ledger: Path) -> Callable[[], bool]:
    """Return the work: sort, assess, publish what is due, and do the jobs that follow."""
    from assessing import assess, sort

    from openhotline import due
    from openhotline.accounts.models import Person
    from openhotline.assessment.queries import queue_length
    from openhotline.core import jobs
    from openhotline.core.clock import now
    from openhotline.triage.queries import waiting_stacks

    def work() -> bool:
        jobs.sweep(older_than=jobs.NO_TIME)
        jobs.drain()
        for person in Person.objects.filter(username__startswith="scripted-0").order_by("pk"):
            sort(person)
            assess(person, ledger)
        due.DUE["decisions published"](now())
        return waiting_stacks(1) > 0 or queue_length(1) > 0 or jobs.waiting() > 0

    return work


def acknowledge_too_early() -> None:
    """Plant a bug: the ledger is told of an opinion before it is committed, at a moment with a name."""
    import assessing
    import failing
    from django.db import transaction

    acknowledged = "an opinion is acknowledged"
    failing.likelier[acknowledged] = 0.5 / RATE

    def hasty(turn: int, **given: object) -> object:
        with transaction.atomic():
            made = told(turn_id=turn, **given)
            line = {"key": given["idempotency"], "assessment": made.assessment.public_id}
            assessing.note(assessing.LEDGER, line | {"facts": given["facts"].to_dict()})
            failing.perhaps_die(acknowledged)
        return made

    told = assessing.assess_item
    assessing.assess_item = lambda *, turn_id, **given: hasty(turn_id, **given)


def play(folder: Path, kills: int, _seed: int, *, planted: str) -> dict[str, object]:
    """Bring pictures in, then kill so often; return what was found."""
    import assessing
    import failing
    import forking
    from django.db import connections

    from faults.checking import faults
    from journeys.road import machinery
    from openhotline.assessment.models import Assessment, Decision
    from openhotline.core import jobs
    from openhotline.core.clock import now
    from openhotline.hashlists.models import Entry
    from openhotline.practice.bringing_in import report_pages
    from openhotline.practice.progress import silent
    from openhotline.practice.run import site_ports
    from openhotline.practice.seeding import seed
    from openhotline.practice.site.serving import Site

    seed(collection=None, analysts=2, now=now())
    ledger, log, found = folder / "ledger.jsonl", folder / "named-deaths.log", list[str]()
    assessing.LEDGER = ledger
    pages = make_site(folder / "collection", max(2, kills // 12), PICTURES)
    with Site(folder / "collection", folder / "site", site_ports()) as site:
        report_pages(pages, origin=site.origin, machinery=machinery(), tell=silent)
        if planted:
            acknowledge_too_early()
        failing.install()
        work, more = work_on(ledger), True
        try:
            while more and named_deaths(log).total() < kills:
                connections.close_all()
                more = forking.work_until_dead(work, RATE)
        except forking.EndedByItselfError as ended:
            found.append(str(ended))
        jobs.sweep(older_than=jobs.NO_TIME)
        jobs.drain()
    found += faults([], ledger)
    died_at = named_deaths(log)
    return {
        "kills": died_at.total(),
        "died_at": dict(died_at),
        "assessments": Assessment.objects.count(),
        "decisions": Decision.objects.count(),
        "entries": Entry.objects.count(),
        "faults": found,
    }


COVERS = (moments(*COMMITS), counts("assessments", "decisions"))
BUG = "an opinion is acknowledged before it is committed"
PLAYS = (Play(__file__, __doc__, play, 300, 25, BUG, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
