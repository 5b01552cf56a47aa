"""Whether kept counts equal a recount, and whether the page of months stays as fast, from few decisions to a million.

Reports, files, decisions and looks are put into a database of its own over two years; each day is counted and kept; all
of it is counted again from the rows and compared; the page is asked for again and again. Prints one JSON object and
keeps it in bench/results/statistics.json; ends with 1 when a count differs, when one that was changed on purpose is not
found, or when the page takes more than twice as long for the most decisions as for the fewest.

    python bench/bench_statistics.py [--decisions N …] [--asked N] [--database URL]
"""

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "statistics.json"
QUICK = bool(os.environ.get("QUICK"))
BATCH = 5_000
BASE = 10_000
FIRST_ROWS: dict[Any, int] = {}
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAYS = 720
FIRST, AFTER = date(2024, 1, 1), date(2027, 1, 1)
KINDS = (
    ("pseudo_photograph", "A", True),
    ("pseudo_photograph", "B", True),
    ("photograph", "A", True),
    ("prohibited_image", "", True),
    ("not_criminal", "", False),
    ("not_determined", "", None),
)


def put_in(decisions: int) -> None:
    """Write files that were found, decided and looked at, spread over the days: some by the models, then copies."""
    first = min(decisions, BASE)
    put_in_first(first)
    if decisions % first:
        raise SystemExit(f"{decisions} is no multiple of {first}.")
    for copy in range(1, decisions // first):
        put_in_copy(copy)


def put_in_copy(copy: int) -> None:
    """Write every row of the first ones once more, with keys of its own: the database does it, in a moment."""
    from copied_rows import copy_rows

    from openhotline.assessment.models import Assessment, Decided, Decision, Outcome
    from openhotline.evidence.models import Item, Sighting
    from openhotline.exposure.models import View
    from openhotline.intake.models import Report

    copied = (Item, Sighting, Decision, Decided, Outcome, Assessment, View, Report)
    FIRST_ROWS.update({model: model.objects.count() for model in copied if model not in FIRST_ROWS})
    copy_rows(copied, FIRST_ROWS, copy, own={"public_id", "lookup", "grant", "idempotency"})


def put_in_first(decisions: int) -> None:
    """Write files that were found, decided and looked at, by the models that keep them."""
    from openhotline.assessment.models import Assessment, Decided, Decision, Outcome
    from openhotline.assessment.states import DecisionState
    from openhotline.evidence.models import Item, Sighting
    from openhotline.exposure.models import View
    from openhotline.intake.models import Report
    from openhotline.law.states import AiInvolvement, Answer

    chance = random.Random(7)  # noqa: S311 - rows of a measurement
    involvement, answers = list(AiInvolvement), list(Answer)
    for start in range(0, decisions, BATCH):
        numbers = range(start, min(start + BATCH, decisions))
        at = [NOW - timedelta(seconds=chance.randrange(DAYS * 86_400)) for _ in numbers]
        items = Item.objects.bulk_create(
            Item(lookup=f"{n:x}", digests="{}", bytes=1, sealed_at=moment)
            for n, moment in zip(numbers, at, strict=True)
        )
        Sighting.objects.bulk_create(Sighting(item=item, seen_at=item.sealed_at) for item in items)
        rows = Decision.objects.bulk_create(
            Decision(
                item=item,
                facts={"ai_involvement": chance.choice(involvement), "commercial": chance.choice(answers)},
                consensus=2,
                state=DecisionState.PUBLISHED,
                made_at=item.sealed_at,
                publish_after=item.sealed_at,
                published_at=item.sealed_at,
            )
            for item in items
        )
        Decided.objects.bulk_create(Decided(decision=row, item_id=row.item_id, distance=0) for row in rows)
        said = [chance.choice(KINDS) for _ in rows]
        Outcome.objects.bulk_create(
            Outcome(
                decision=row,
                jurisdiction="GB-EAW",
                as_of=NOW.date(),
                kind=kind,
                category=letter,
                criminal=criminal,
                trace=[],
            )
            for row, (kind, letter, criminal) in zip(rows, said, strict=True)
        )
        Assessment.objects.bulk_create(
            Assessment(item=item, person="per_1", facts={}, idempotency=str(item.pk), made_at=item.sealed_at)
            for item in items
        )
        View.objects.bulk_create(
            View(person="per_1", subject=item.public_id, kind=View.REVEAL, size=1, grant=str(item.pk),
                 granted_at=item.sealed_at, shown_at=item.sealed_at, seconds=20.0)
            for item in items
        )  # fmt: skip
        Report.objects.bulk_create(
            Report(source="public", state="screened", started_at=moment, received_at=moment) for moment in at[::10]
        )


def measured(decisions: int, asked: int) -> dict[str, Any]:
    """Put rows in, count and keep each day, count again, and ask for the page."""
    from django.test import Client

    from openhotline.accounts.models import Person
    from openhotline.accounts.services.add_person import add_person
    from openhotline.accounts.states import Role
    from openhotline.statistics.models import DayCount
    from openhotline.statistics.models.period import Period
    from openhotline.statistics.queries import unlike
    from openhotline.statistics.queries.sections import sections
    from openhotline.statistics.services.roll_up import roll_up

    put_in(decisions)
    began = time.perf_counter()
    roll_up(actor="step:bench", now=NOW)
    first = time.perf_counter() - began
    began = time.perf_counter()
    again = roll_up(actor="step:bench", now=NOW)
    usual = time.perf_counter() - began
    began = time.perf_counter()
    different = len(unlike(FIRST, AFTER))
    recounted = time.perf_counter() - began
    row = DayCount.objects.filter(name="found").first()
    assert row is not None
    DayCount.objects.filter(pk=row.pk).update(value=row.value + 1)
    planted = len(unlike(row.day, row.day + timedelta(days=1)))
    DayCount.objects.filter(pk=row.pk).update(value=row.value)
    began = time.perf_counter()
    sections(Period.of("2026-Q3"), NOW)
    quarter = time.perf_counter() - began
    if not Person.objects.exists():
        add_person(username="m", name="M", role=Role.MANAGER, password="x" * 20, practice=True, actor="bench", now=NOW)
    desk = Client()
    desk.force_login(Person.objects.get(), backend=_backend())
    took = []
    for _ in range(asked):
        began = time.perf_counter()
        page = desk.get("/desk/numbers/months/", HTTP_HOST="localhost")
        took.append(1000 * (time.perf_counter() - began))
        assert page.status_code == 200, page.status_code
    return {
        "decisions": decisions,
        "kept_counts": DayCount.objects.count(),
        "counts_that_differ": different,
        "planted_found": planted == 1,
        "changed_by_a_second_call": again,
        "first_call_s": round(first, 2),
        "usual_call_s": round(usual, 2),
        "recount_s": round(recounted, 2),
        "report_on_a_quarter_s": round(quarter, 2),
        "page_ms_median": round(median(took), 1),
        "page_ms_p95": round(quantiles(took, n=20)[-1], 1),
    }


def _backend() -> str:
    from django.conf import settings

    return str(settings.AUTHENTICATION_BACKENDS[0])


def alone(decisions: int, asked: int, database: str | None) -> dict[str, Any]:
    """Measure one size in a process and a database of its own."""
    with tempfile.TemporaryDirectory(prefix="openhotline-bench-") as folder:
        environment = os.environ | {
            "OPENHOTLINE_VAR": folder,
            "OPENHOTLINE_MODE": "practice",
            "OPENHOTLINE_DATABASE_URL": database or f"sqlite:///{folder}/db/bench.sqlite3",
            "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
        }
        arguments = [sys.executable, __file__, "--one", str(decisions), "--asked", str(asked)]
        done = subprocess.run(arguments, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout))


def one(decisions: int, asked: int) -> None:
    """Measure one size here and print it."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    json.dump(measured(decisions, asked), sys.stdout)


def main() -> int:
    """Measure all sizes, print them and keep them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sizes = [1_000, 4_000] if QUICK else [10_000, 100_000, 1_000_000]
    parser.add_argument("--decisions", type=int, nargs="+", default=sizes)
    parser.add_argument("--asked", type=int, default=20 if QUICK else 60)
    parser.add_argument("--database")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        one(chosen.one, chosen.asked)
        return 0
    found = [alone(decisions, chosen.asked, chosen.database) for decisions in chosen.decisions]
    flat = found[-1]["page_ms_p95"] / found[0]["page_ms_p95"]
    held = all(row["counts_that_differ"] == 0 and row["planted_found"] for row in found) and (QUICK or flat <= 2)
    result = {
        "machine": f"{os.cpu_count()} cores ({platform.machine()}), Python {platform.python_version()}",
        "database": "postgres" if chosen.database else "sqlite",
        "sizes": found,
        "page_p95_most_to_fewest": round(flat, 2),
        "held": held,
    }
    print(json.dumps(result, indent=2))
    if not QUICK:
        RESULT.write_text(json.dumps(result, indent=2) + "\n")
    return 0 if held else 1


if __name__ == "__main__":
    raise SystemExit(main())
