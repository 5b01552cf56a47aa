"""Durable reports a second on PostgreSQL: the same rows by psycopg, the operation itself, and the real web server.

A PostgreSQL of its own with its usual settings (fsync on), the public door in production mode under gunicorn as
`openhotline serve` starts it. Each arm has the same number of connections, in two processes; arms take turns, so that
all of them see the same machine. Ratios are told of each round, and their median. Then the web server and the database
are killed with -9 while reports come in, and every acknowledged id is looked for. Prints one JSON object and writes it
to bench/results/reports.json; ends with 1 when anything was lost or the goal is missed.

    python bench/bench_reports.py [--rounds N] [--seconds S] [--kills K] [--quick] [--planted]
"""

import argparse
import json
import os
import platform
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "src")]
from temporary_postgres import ROLE, Server, temporary_postgres  # noqa: E402 - path above

PROCESSES, THREADS = 2, 4
CONNECTIONS = PROCESSES * THREADS
GOAL = 0.25
UP_SECONDS = 60.0
MOST_SECONDS = 120.0
RESULTS = ROOT / "bench" / "results" / "reports.json"
# Reports without end come from one machine here, which no limit must slow or set apart.
UNLIMITED = {f"OPENHOTLINE_FLOOD_{name}": "1000000/hour" for name in ("SENDER", "SHARED", "DOOR", "TIGHT", "MOST")}


@dataclass
class House:
    """An installation in production mode: its folder, its database, and a partner with a key."""

    folder: Path
    server: Server
    port: int
    partner: str = ""
    number: int = 0
    key: str = ""

    @property
    def direct(self) -> str:
        """Return the database's address as psycopg takes it."""
        return f"host={self.server.folder} user={ROLE} dbname=postgres"

    def environment(self, door: str) -> dict[str, str]:
        """Return the environment of one process of it."""
        return (
            os.environ
            | UNLIMITED
            | {
                "OPENHOTLINE_VAR": str(self.folder),
                "OPENHOTLINE_DATABASE_URL": self.server.address,
                "OPENHOTLINE_MODE": "production",
                "OPENHOTLINE_DOOR": door,
                "OPENHOTLINE_HOSTS": "localhost",
                "OPENHOTLINE_ORIGIN_PUBLIC": "https://hotline.example",
                "OPENHOTLINE_PROXIES": "127.0.0.1",
                "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
            }
        )

    def set_up(self) -> None:
        """Make keys, tables and the partner."""
        os.environ.update(self.environment("worker"))
        from openhotline.core.keys import make_missing

        make_missing(self.folder / "keys")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        from openhotline.core.clock import now
        from openhotline.intake.services.add_partner import add_partner
        from openhotline.intake.services.make_partner_key import make_partner_key
        from openhotline.intake.states import Scope

        moment = now()
        partner = add_partner(name="Example Platform", hourly=1_000_000, actor="bench", now=moment)
        ends = moment + timedelta(days=2)
        _, self.key = make_partner_key(partner=partner, scopes=[*Scope], expires_at=ends, actor="bench", now=moment)
        self.partner, self.number = partner.public_id, partner.pk

    def arguments(self, kind: str) -> list[str]:
        """Return what the load of an arm is told."""
        of = {
            "rows": [self.direct, str(self.number)],
            "form rows": [self.direct, str(self.number)],
            "service": [self.partner],
            "form": [str(self.port)],
        }
        return of.get(kind, [str(self.port), self.key])

    def begin(self, kind: str, seconds: float) -> list[subprocess.Popen[bytes]]:
        """Start the senders or writers of an arm."""
        command = [sys.executable, str(ROOT / "bench" / "report_load.py"), kind, str(seconds), str(THREADS)]
        env = self.environment("worker") | {"PYTHONPATH": str(ROOT / "src")}
        return [
            subprocess.Popen([*command, *self.arguments(kind)], stdout=subprocess.PIPE, env=env)
            for _ in range(PROCESSES)
        ]

    def run(self, kind: str, seconds: float) -> tuple[float, list[str]]:
        """Load one arm; return reports a second, and the acknowledged ids where there are any."""
        return ended(self.begin(kind, seconds))

    @contextmanager
    def door(self, *, planted: bool = False) -> Iterator["Door"]:
        """Serve the public door while the block lasts."""
        door = Door(self, planted=planted)
        door.start()
        try:
            yield door
        finally:
            door.kill()


def ended(processes: list[subprocess.Popen[bytes]]) -> tuple[float, list[str]]:
    """Wait for the processes of a load and add up what they say."""
    told = [json.loads(one.communicate(timeout=MOST_SECONDS)[0]) for one in processes]
    return sum(one["reports"] / one["seconds"] for one in told), [name for one in told for name in one["ids"]]


class Door:
    """The public door as `openhotline serve` starts it, in a process group of its own."""

    def __init__(self, house: House, *, planted: bool) -> None:
        self.house = house
        self.program = str(ROOT / "bench" / "report_door.py") if planted else "-m"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and return once it answers."""
        begins = [self.program, *([] if self.program != "-m" else ["openhotline.config.cli"])]
        command = [sys.executable, *begins, "serve", "--port", str(self.house.port)]
        env = self.house.environment("public") | {"PYTHONPATH": str(ROOT / "src")}
        self.process = subprocess.Popen(command, env=env, start_new_session=True)
        ends = time.monotonic() + UP_SECONDS
        from report_load import Wire

        while time.monotonic() < ends:
            with suppress(OSError):
                Wire(self.house.port).ask("GET /api/v1/openapi.json HTTP/1.1\r\n", b"")
                return
            time.sleep(0.1)
        raise SystemExit("The public door did not start.")

    def kill(self) -> None:
        """Kill -9 every process of it."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def measured(house: House, rounds: int, seconds: float) -> dict[str, Any]:
    """Load every arm in turns; return reports a second of each round, and the ratios."""
    arms = ("rows", "service", "api", "batch", "form rows", "form")
    rates: dict[str, list[float]] = {arm: [] for arm in arms}
    with house.door():
        for _ in range(rounds):
            for arm in arms:
                rates[arm].append(round(house.run(arm, seconds)[0], 1))
    pairs = {"service": "rows", "api": "rows", "batch": "rows", "form": "form rows"}
    ratios = {
        arm: [round(mine / base, 3) for mine, base in zip(rates[arm], rates[of], strict=True)]
        for arm, of in pairs.items()
    }
    return {
        "reports_a_second": {
            arm: {"median": statistics.median(found), "rounds": found} for arm, found in rates.items()
        },
        "ratio_to_psycopg": {
            arm: {"median": statistics.median(found), "rounds": found} for arm, found in ratios.items()
        },
    }


def killed(house: House, kills: int, chance: random.Random, *, planted: bool) -> dict[str, Any]:
    """Kill the web server and the database by turns while reports come in; look for every acknowledged one."""
    struck = {"web": 0, "database": 0}
    with house.door(planted=planted) as door:
        senders = house.begin("api", 2.5 * kills)
        time.sleep(1.0)
        for turn in range(kills):
            time.sleep(chance.uniform(0.3, 1.2))
            if turn % 2 and not planted:
                house.server.kill()
                struck["database"] += 1
            else:
                door.kill()
                door.start()
                struck["web"] += 1
        _, ids = ended(senders)
    from django.db import connections

    connections.close_all()
    return {"killed": struck} | compared(ids)


def compared(ids: list[str]) -> dict[str, Any]:
    """Look for acknowledged reports in the database, whole, and count what is there without its other rows."""
    from django.db.models import Count

    from openhotline.intake.models import PartnerReport, PartnerRequest, Report

    whole = Report.objects.filter(addresses__isnull=False, sent_by__isnull=False)
    there = set(whole.values_list("public_id", flat=True))
    answered = [one["id"] for row in PartnerRequest.objects.values_list("answer", flat=True) for one in row]
    doubled = PartnerRequest.objects.values("idempotency").annotate(n=Count("pk")).filter(n__gt=1).count()
    return {
        "acknowledged": len(ids),
        "lost": len([name for name in ids if name not in there]),
        "twice": len(ids) - len(set(ids)) + doubled,
        "half": Report.objects.filter(source="partner").count() - PartnerReport.objects.count(),
        "kept_beyond_acknowledged": len(set(answered) - set(ids)),
    }


def main() -> int:
    """Measure, kill, print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--seconds", type=float, default=5.0)
    asked.add_argument("--kills", type=int, default=6)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--quick", action="store_true", help="one short round and two kills; writes no file")
    asked.add_argument(
        "--planted", action="store_true", help="with a door that answers before it saves; writes no file"
    )
    chosen = asked.parse_args()
    if chosen.quick or os.environ.get("QUICK"):
        chosen.quick, chosen.rounds, chosen.seconds, chosen.kills = True, 1, 2.0, 2
    with tempfile.TemporaryDirectory(prefix="openhotline-bench-") as folder, temporary_postgres() as server:
        from openhotline.practice.site.ports import free_ports

        house = House(Path(folder), server, free_ports(1)[0])
        house.set_up()
        speed = {} if chosen.planted else measured(house, chosen.rounds, chosen.seconds)
        chance = random.Random(chosen.seed)  # noqa: S311 - when to kill
        loss = killed(house, chosen.kills, chance, planted=chosen.planted)
    result = {
        "figure": "durable reports a second",
        "connections": CONNECTIONS,
        "rounds": chosen.rounds,
        "seconds_an_arm": chosen.seconds,
        "goal": GOAL,
        **speed,
        "kills": loss,
        "seed": chosen.seed,
        "machine": {"processors": os.cpu_count(), "python": platform.python_version()},
    }
    text = json.dumps(result, indent=2)
    print(text)
    if not (chosen.quick or chosen.planted):
        RESULTS.write_text(f"{text}\n")
    missed = bool(speed) and not chosen.quick and speed["ratio_to_psycopg"]["api"]["median"] < GOAL
    return 1 if loss["lost"] or loss["twice"] or loss["half"] or missed else 0


if __name__ == "__main__":
    raise SystemExit(main())
