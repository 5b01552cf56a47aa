"""What becomes of honest reports in a flood: who reports once or twice must be heard while attackers flood the pages.

Every report goes through the real pages and limits, with the limits' usual numbers and a simulated clock of six hours;
the installation is one of practice on SQLite. Honest people come all the time, each from an address of their own, send
one to three reports and finish most of them. Attackers: one address; many addresses, each again and again; many
addresses, each slowly. *Heard*: acknowledged, and announced to the ordinary (or urgent) queue within a minute of
sending. *By the clock*: announced within the six hours without any person; the worker's minute is played too. Of
``one_each`` the goal is by the clock, and what was heard within a minute is told plainly: attackers with as many
addresses as reports cannot be told from people; above the limit of everybody all then waits its turn. Prints one JSON
object and writes bench/results/flood.json; ends with 1 when fewer than 99 % of honest reports were heard so.

    python bench/bench_flood.py [--seed S] [--quick] [--planted]
"""

import argparse
import json
import os
import random
import re
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "bench" / "results" / "flood.json"
START = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
HOURS = 6.0
HONEST_AN_HOUR = 50
GOAL = 0.99
WITHIN = timedelta(minutes=1)
PROXY = "127.0.0.1"
# Kind to (addresses, reports of each, hours over which they are spread).
ATTACKS = {
    "one_address": (1, 1500, 1.0),
    "many_addresses": (300, 8, 1.0),
    "slow": (100, 24, 6.0),
    "one_each": (4500, 1, 1.0),
}
BY_THE_CLOCK = {"one_each"}
MINUTE = timedelta(minutes=1)
_PASS = re.compile(r"report=([^&]+)")


@dataclass(frozen=True)
class Visit:
    """Somebody sends one report at a moment (hours from the start)."""

    at: float
    address: str
    honest: bool
    urgent: bool = False


def honest(chance: random.Random) -> Iterator[Visit]:
    """Yield people's reports: one to three of each, minutes apart."""
    for number in range(int(HONEST_AN_HOUR * HOURS / 1.5)):
        begins = chance.uniform(0, HOURS - 0.5)
        for turn in range(chance.choices((1, 2, 3), (65, 25, 10))[0]):
            urgent = chance.random() < 0.05
            place = f"203.{number // 250 % 250}.{number % 250}.7"
            yield Visit(begins + turn * chance.uniform(0.03, 0.1), place, honest=True, urgent=urgent)


def attack(kind: str, chance: random.Random, scale: float) -> Iterator[Visit]:
    """Yield the attackers' reports, beginning an hour after the start; a slow flood lasts the whole time."""
    addresses, each, hours = ATTACKS[kind]
    begins = 0.0 if hours >= HOURS else 1.0
    for number in range(max(1, int(addresses * scale))):
        for _ in range(each if addresses > 1 else max(1, int(each * scale))):
            place = f"198.{number // 250 % 250}.{number % 250}.9"
            yield Visit(begins + chance.uniform(0, hours), place, honest=False)


class Played:
    """One flood, played visit by visit."""

    def __init__(self) -> None:
        from django.test import Client

        from openhotline.intake.views import report as door

        self.client = Client(SERVER_NAME="localhost")
        self.moment = self.minute = START
        # The pages read the simulated clock.
        door.now = lambda: self.moment
        self.reports: list[tuple[Visit, str, datetime]] = []
        self.unanswered = 0

    def pass_to(self, hours: float) -> None:
        """Let the time go by, and the worker do what it does each minute."""
        from openhotline.intake.services.release_in_turn import release_in_turn

        self.moment = START + timedelta(hours=hours)
        while self.minute + MINUTE <= self.moment:
            self.minute += MINUTE
            release_in_turn(now=self.minute)

    def send(self, visit: Visit, number: int) -> None:
        """Go through the pages as a browser without scripts does; attackers stop after the first."""
        self.pass_to(visit.at)
        head = {"X-Forwarded-For": visit.address}
        typed = {"addresses": f"https://site.example/{number}", "sending": f"{number} {visit.at}"}
        answer = self.client.post("/report/", typed, headers=head)
        found = _PASS.search(answer.get("Location", ""))
        if answer.status_code != 302 or not found:
            self.unanswered += visit.honest
            return
        if not visit.honest:
            return
        form = {"report": unquote(found[1]), "danger": "yes" if visit.urgent else "no"}
        self.moment += timedelta(seconds=40)
        sent = self.client.post("/report/check/", form, headers=head)
        self.unanswered += sent.status_code != 302
        from openhotline.intake.models import Report

        self.reports.append((visit, Report.objects.order_by("-pk")[0].public_id, self.moment))

    def counted(self, all_visits: int) -> dict[str, Any]:
        """Return how many honest reports were heard, and how many of the others were held."""
        from openhotline.core.models import Event
        from openhotline.intake.models import Report
        from openhotline.intake.states import Lane

        announced = {pk: event.at for event in Event.objects.filter(kind="ReportReceived") for pk in event.ids}
        names = [name for _, name, _ in self.reports]
        mine = dict(Report.objects.filter(public_id__in=names).values_list("public_id", "pk"))
        waits = [announced[mine[name]] - sent for _, name, sent in self.reports if mine[name] in announced]
        heard = sum(wait <= WITHIN for wait in waits)
        people = len(self.reports) + self.unanswered
        held = Report.objects.filter(lane=Lane.QUARANTINE).exclude(pk__in=mine.values()).count()
        others = all_visits - len(self.reports)
        return {
            "honest": people,
            "acknowledged": len(self.reports),
            "heard": heard,
            "share": round(heard / people, 4),
            "share_by_the_clock": round(len(waits) / people, 4),
            "longest_wait_minutes": round(max(waits, default=timedelta()) / MINUTE, 1),
            "attacking": others,
            "held_of_attacking": round(held / others, 4) if others else None,
        }


def play(kind: str, seed: int, scale: float) -> dict[str, Any]:
    """Play one attack from an empty installation; return what is counted."""
    from django.db import connection

    from openhotline.core.models import Event, Tally
    from openhotline.intake.models import Quarantined, Report, ReportedAddress

    for model in (Tally, Event, Quarantined, ReportedAddress, Report):
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{model._meta.db_table}"')  # noqa: S608 - names of our own
    chance = random.Random(f"{seed} {kind}")  # noqa: S311 - who comes when
    visits = sorted([*honest(chance), *attack(kind, chance, scale)], key=lambda visit: visit.at)
    played = Played()
    for number, visit in enumerate(visits):
        played.send(visit, number)
    played.pass_to(HOURS)
    return played.counted(len(visits))


def plant() -> None:
    """Let a busy door hold everybody, as a limit on the whole door alone would."""
    from openhotline.intake.states import Why
    from openhotline.intake.views import flood

    whole = flood.why_quarantined
    flood.why_quarantined = lambda **said: whole(**said) if said["door_within"] else Why.DOOR


def main() -> int:
    """Read the command line, play, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--quick", action="store_true", help="a third of the attackers; writes no file")
    asked.add_argument("--planted", action="store_true", help="a busy door holds everybody; writes no file")
    chosen = asked.parse_args()
    quick = chosen.quick or bool(os.environ.get("QUICK"))
    with tempfile.TemporaryDirectory(prefix="openhotline-flood-") as folder:
        os.environ.update(
            OPENHOTLINE_VAR=folder,
            OPENHOTLINE_MODE="practice",
            OPENHOTLINE_DOOR="all",
            OPENHOTLINE_PROXIES=PROXY,
            DJANGO_SETTINGS_MODULE="openhotline.config.settings",
        )
        sys.path[:0] = [str(ROOT / "src")]
        import django
        from django.core.management import call_command
        from django.db import connection

        django.setup()
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            # What is measured is who is held, not how fast a disk is.
            cursor.execute("PRAGMA synchronous=OFF")
        if chosen.planted:
            plant()
        told = {kind: play(kind, chosen.seed, 0.34 if quick else 1.0) for kind in ATTACKS}
        connection.close()
    shares = [one["share_by_the_clock" if kind in BY_THE_CLOCK else "share"] for kind, one in told.items()]
    result = {
        "figure": "honest reports heard in a flood",
        "hours": HOURS,
        "goal": GOAL,
        "attacks": told,
        "by_the_clock": sorted(BY_THE_CLOCK),
        "lowest_share": min(shares),
        "planted": chosen.planted,
        "seed": chosen.seed,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if not (quick or chosen.planted):
        RESULTS.write_text(f"{text}\n")
    return int(min(shares) < GOAL)


if __name__ == "__main__":
    raise SystemExit(main())
