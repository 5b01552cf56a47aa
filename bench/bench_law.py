"""How fast the law answers, over which cases, and how fast changed law runs over all decisions.

Every combination of the facts that a place's rules read is derived once, beside making the same cases without asking
the law; what must hold of each is looked at on the way. Then decisions with their outcomes are put into a database of
its own, the rules are changed, and a pass derives all of them again without a view; beside it, the same rows only
read. Prints one JSON object and keeps it in bench/results/law.json; ends with 1 when a case broke a rule, or when the
pass and the engine disagree.

    python bench/bench_law.py [--decisions N] [--kinds N] [--database URL]
"""

import argparse
import json
import os
import platform
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
RESULT = ROOT / "bench" / "results" / "law.json"
QUICK = bool(os.environ.get("QUICK"))
BATCH = 500
PUT_IN = 2_000
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
MILLION = 1_000_000


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def enumerated() -> dict[str, Any]:
    """Derive every case of every place, and count what breaks a rule."""
    from openhotline.law import queries
    from openhotline.law.models.cases import every_case, facts_read
    from openhotline.law.services.derive import derive
    from openhotline.law.states import PHOTOGRAPHIC

    book = queries.load(None)
    places: dict[str, Any] = {}
    for place in book.jurisdictions:
        names, rules = facts_read(place, book), len(book.of(place))
        counts: Counter[str] = Counter()
        broken = 0
        began = time.perf_counter()
        for facts in every_case(names):
            found = derive(facts, jurisdiction=place, as_of=NOW.date(), rules=book)
            counts[str(found.kind)] += 1
            lettered = found.category is not None and found.kind not in PHOTOGRAPHIC
            said = found.criminal is not None and facts.content_kind == "not_determined"
            broken += lettered or len(found.trace) != rules or (said and not found.rule_ids and found.criminal)
        seconds = time.perf_counter() - began
        alone = timed(lambda asked=names: sum(1 for _ in every_case(asked)))
        cases = counts.total()
        places[place] = {
            "facts_read": len(names),
            "cases": cases,
            "outcomes": dict(sorted(counts.items())),
            "broken": int(broken),
            "cases_a_second": round(cases / seconds),
            "times_as_long_as_making_the_cases": round(seconds / alone, 1),
        }
    return places


def facts_of_kinds(kinds: int) -> list[dict[str, str]]:
    """Return so many different records of facts, most of them of images that show a child."""
    from openhotline.law.models import Facts
    from openhotline.law.states import FACTS

    chance = random.Random(7)  # noqa: S311 - rows of a measurement
    likely = {"content_kind": "image", "depicts_child": "yes", "indecent": "yes"}
    found: dict[tuple[str, ...], dict[str, str]] = {}
    while len(found) < kinds:
        drawn = {name: str(chance.choice(list(values))) for name, values in FACTS.items()}
        drawn |= {name: value for name, value in likely.items() if chance.random() < 0.7}
        found[tuple(drawn.values())] = Facts.from_dict(drawn).to_dict()
    return list(found.values())


def put_in(decisions: int, kinds: list[dict[str, str]]) -> None:
    """Write published decisions with the outcomes of the rules in force."""
    from openhotline.assessment.models import Decision, Outcome
    from openhotline.assessment.states import DecisionState
    from openhotline.core.ids import public_id
    from openhotline.evidence.models import Item
    from openhotline.law.models import Facts
    from openhotline.law.queries import rules
    from openhotline.law.services.derive import derive

    book = rules()
    said = [
        [derive(Facts.from_dict(one), jurisdiction=p, as_of=NOW.date(), rules=book) for p in book.deciding]
        for one in kinds
    ]
    for start in range(0, decisions, PUT_IN):
        numbers = range(start, min(start + PUT_IN, decisions))
        items = Item.objects.bulk_create(
            Item(lookup=f"{n:064x}", digests="{}", bytes=1, sealed_at=NOW, public_id=public_id("itm")) for n in numbers
        )
        rows = Decision.objects.bulk_create(
            Decision(
                item=item,
                facts=kinds[n % len(kinds)],
                consensus=2,
                state=DecisionState.PUBLISHED,
                made_at=NOW,
                publish_after=NOW,
                published_at=NOW,
            )
            for n, item in zip(numbers, items, strict=True)
        )
        Outcome.objects.bulk_create(
            Outcome.of(row.pk, one) for n, row in zip(numbers, rows, strict=True) for one in said[n % len(kinds)]
        )


def change_the_law(folder: Path) -> None:
    """Lay rules over the shipped ones in which one place's photographic provisions begin much later."""
    shipped = ROOT / "src" / "openhotline" / "law" / "rules" / "gb-eaw.toml"
    text = shipped.read_text("utf-8")
    (folder / "gb-eaw.toml").write_text(text.replace("valid_from = 2004-05-01", "valid_from = 2099-01-01"))


def read_only(decisions: int) -> float:
    """Return the seconds that reading the same rows in the same batches takes."""
    from openhotline.assessment.models import Decision, Outcome

    def read() -> None:
        cursor = 0
        for _ in range(0, decisions, BATCH):
            rows = list(Decision.objects.filter(pk__gt=cursor).order_by("pk").values_list("pk", "facts")[:BATCH])
            list(Outcome.objects.filter(decision_id__in=[pk for pk, _ in rows]).defer("trace"))
            cursor = rows[-1][0]

    return timed(read)


def rederived(decisions: int) -> dict[str, Any]:
    """Run a pass over every decision; return its figures."""
    from openhotline.accounts.models import Person
    from openhotline.accounts.states import Role
    from openhotline.assessment.models import OutcomeChange
    from openhotline.assessment.services.begin_rederivation import begin_rederivation
    from openhotline.assessment.services.rederive_outcomes import rederive_outcomes
    from openhotline.audit.models import Record
    from openhotline.exposure.models import View

    senior = Person.objects.create(username="bench", role=Role.SENIOR)
    running = begin_rederivation(as_of=NOW.date(), actor=senior, now=NOW)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    examined = changes = 0
    finished = False
    began = time.perf_counter()
    while not finished:
        batch = rederive_outcomes(rederivation_id=running.pk, actor=senior, now=NOW, limit=BATCH)
        examined, changes, finished = examined + batch.examined, changes + len(batch.changes), batch.finished
    seconds = time.perf_counter() - began
    return {
        "decisions": examined,
        "outcomes_changed": changes,
        "all_changes_kept": OutcomeChange.objects.count() == changes,
        "records_of_the_log": Record.objects.filter(action="outcomes_rederived").count(),
        "views": View.objects.count(),
        "decisions_a_second": round(examined / seconds),
        "minutes_for_a_million_at_this_rate": round(MILLION / examined * seconds / 60, 1),
        "times_as_long_as_reading_the_rows": round(seconds / read_only(decisions), 1),
        "memory_grew_by_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, 1),
    }


def wrong_after(places: int = 1_000) -> int:
    """Return how many outcomes in a sample differ from what the engine says of their facts now."""
    from openhotline.assessment.models import Outcome
    from openhotline.law.models import Facts
    from openhotline.law.queries import rules
    from openhotline.law.services.derive import derive

    book = rules()
    rows = Outcome.objects.select_related("decision").order_by("-pk")[:places]
    return sum(
        derive(Facts.from_dict(row.decision.facts), jurisdiction=row.jurisdiction, as_of=NOW.date(), rules=book).kind
        != row.kind
        for row in rows
    )


def main() -> int:
    """Measure, keep and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=5_000 if QUICK else 100_000)
    parser.add_argument("--kinds", type=int, default=5_000, help="different records of facts among them")
    parser.add_argument("--database", default="", help="address of an empty database; SQLite without it")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "law"
        own.mkdir()
        os.environ |= {"OPENHOTLINE_VAR": folder, "OPENHOTLINE_LAW": str(own)}
        os.environ["DJANGO_SETTINGS_MODULE"] = "openhotline.config.settings"
        if asked.database:
            os.environ["OPENHOTLINE_DATABASE_URL"] = asked.database
        import django

        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        places = enumerated()
        put_in(asked.decisions, facts_of_kinds(asked.kinds))
        change_the_law(own)
        result = {
            "python": platform.python_version(),
            "database": connection.vendor,
            "cases_enumerated": sum(one["cases"] for one in places.values()),
            "cases": places,
            "rederive": rederived(asked.decisions) | {"kinds_of_facts": asked.kinds, "wrong_in_sample": wrong_after()},
        }
    print(json.dumps(result, indent=2))
    if not QUICK:
        RESULT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    return int(any(one["broken"] for one in places.values()) or result["rederive"]["wrong_in_sample"] > 0)


if __name__ == "__main__":
    sys.exit(main())
