"""Kill -9 at random and at named moments: no acknowledged report and no assessment may be lost, none may be doubled.

The site, the worker and two assessing analysts run on a data folder of their own, while reports come in over HTTP with
a key each, and while a picture site, a mail server and a registry stand beside them. Some kills fall at any moment; at
the moments that ``failing`` names (an object written, before and after a commit, before an answer, a mail handed in)
the processes end themselves. On PostgreSQL the server is killed too. Prints one JSON object; ends with 1 when there is
a fault.

    python tests/faults/fault_kill.py [--times KILLS] [--database sqlite|postgres] [--seed S] [--short] [--planted]
"""

import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]
from covering import COMMITS, ORDER_OF_WRITING, counts, moments  # noqa: E402 - path above
from databases import make_site  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above

from faults.parts import Database, OneOfTheWeb, Part, Target, Web, at_work, named_deaths  # noqa: E402 - path above

REPORTERS = 4
MOST_PAGES, PICTURES = 16, 5
STILL_SECONDS = 120.0
WEIGHTS = {"web": 1, "one web process": 3, "worker": 2, "analysts": 2, "database": 1}
FAILS = {"web": 0.04, "worker": 0.004, "analysts": 0.02}
"""How often a part dies when it reaches a named moment: some deaths in a second of work."""


def parts_of(folder: Path, port: int, *, planted: str) -> dict[str, Part]:
    """Return the processes that are killed."""
    cli = (str(HERE / "failing.py"),)
    serve = (str(HERE / "planted.py"),) if planted else cli
    web = Web("web", (*serve, "serve", "--port", str(port), "--child"), folder / "web.out", port=port)
    others = {
        "worker": (*cli, "worker", "--child"),
        "analysts": (str(HERE / "assessing.py"), str(folder / "ledger.jsonl")),
    }
    return {"web": web} | {name: Part(name, command, folder / f"{name}.out") for name, command in others.items()}


def drained() -> bool:
    """Wait until the worker has done everything, as long as there is less and less; say whether it did."""
    from openhotline.core import jobs

    fewest = waiting = jobs.waiting()
    ends = time.monotonic() + STILL_SECONDS
    while waiting and time.monotonic() < ends:
        time.sleep(0.2)
        waiting = jobs.waiting()
        if waiting < fewest:
            fewest, ends = waiting, time.monotonic() + STILL_SECONDS
    return not waiting


def play(folder: Path, kills: int, seed: int, *, planted: str, server: Target | None) -> dict[str, object]:
    """Kill so often, the server of the database too, drain and check; return what was found."""
    from journeys.road import machinery
    from openhotline.core.clock import now
    from openhotline.practice.bringing_in import report_pages
    from openhotline.practice.progress import silent
    from openhotline.practice.run import site_ports
    from openhotline.practice.seeding import seed as seed_practice
    from openhotline.practice.site.ports import free_ports
    from openhotline.practice.site.serving import Site

    seed_practice(collection=None, analysts=2, now=now())
    # As much work as there are kills to fall into it; with a hundred and more, as much as there ever was.
    pages = make_site(folder / "collection", min(MOST_PAGES, 4 + kills // 5), PICTURES)
    with Site(folder / "collection", folder / "site", site_ports()) as site:
        # Half of the pages are in before the first kill, so that there is work for the analysts.
        report_pages(pages[: len(pages) // 2], origin=site.origin, machinery=machinery(), tell=silent)
        addresses = [site.origin + page for page in pages]
        port = free_ports(1)[0]
        run = Run(folder, port, parts_of(folder, port, planted=planted), addresses, seed, server)
        return run.played(kills)


@dataclass
class Run:
    """One run with its parts and its reporters."""

    folder: Path
    port: int
    parts: dict[str, Part]
    addresses: list[str]
    seed: int
    server: Target | None = None
    killed: Counter[str] = field(default_factory=Counter)

    def played(self, kills: int) -> dict[str, object]:
        """Start everything, kill, let everything end, and count."""
        from django.db import connections

        from faults.reporting import Reporter

        stopped = threading.Event()
        reporters = [Reporter(self.port, self.addresses, self.seed + n, stopped) for n in range(REPORTERS)]
        self._start(FAILS)
        try:
            at_work([self.parts["web"]])
            for reporter in reporters:
                reporter.start()
            self._kill_often(kills, random.Random(self.seed))
            # Our own connection may have died with the server.
            connections.close_all()
            # From here on nothing dies any more: what was begun is brought to its end.
            for part in self.parts.values():
                part.stop()
            self._start({})
            at_work([self.parts["web"]])
            stopped.set()
            for reporter in reporters:
                reporter.join()
            self.parts["analysts"].stop()
            unfinished = [] if drained() else ["The worker did not come to an end."]
        finally:
            for part in self.parts.values():
                if part.runs():
                    part.stop()
        sent = [one for reporter in reporters for one in reporter.sent]
        return self._counted(sent, unfinished)

    def _start(self, fails: dict[str, float]) -> None:
        for name, part in self.parts.items():
            part.fails = fails.get(name, 0.0)
            part.start()

    def _deaths(self) -> Counter[str]:
        return named_deaths(self.folder / "named-deaths.log")

    def _kill_often(self, kills: int, chance: random.Random) -> None:
        """Kill one part after the other at random moments of its work, and take up those that died at named ones."""
        web = self.parts["web"]
        assert isinstance(web, Web)
        targets: list[Target] = [*self.parts.values(), OneOfTheWeb(web)]
        targets += [Database(self.server)] if self.server else []
        while self.killed.total() + self._deaths().total() < kills:
            time.sleep(chance.random())
            for part in self.parts.values():
                part.take_up()
            ready = at_work(targets)
            (one,) = chance.choices(ready, [WEIGHTS[target.name] for target in ready])
            one.kill()
            self.killed[one.name] += 1

    def _counted(self, sent: list[object], unfinished: list[str]) -> dict[str, object]:
        from faults.checking import faults
        from openhotline.assessment.models import Assessment
        from openhotline.evidence.models import Item
        from openhotline.removal.models import Notice

        ledger = self.folder / "ledger.jsonl"
        found = [*unfinished, *faults(sent, ledger), *(line for part in self.parts.values() for line in part.ended)]
        deaths = self._deaths()
        return {
            "kills": self.killed.total() + deaths.total(),
            "killed": dict(self.killed),
            "died_at": dict(deaths),
            "reports_acknowledged": sum(one.acknowledged for one in sent),
            "reports_sent_on": sum(bool(one.words) for one in sent),
            "assessments": Assessment.objects.count(),
            "items": Item.objects.count(),
            "notices": Notice.objects.filter(sent_at__isnull=False).count(),
            "faults": found,
        }


BUG = "a door acknowledges before it saves"
COVERS = (
    moments(*COMMITS, *ORDER_OF_WRITING, "before an answer"),
    counts("reports_acknowledged", "reports_sent_on", "assessments", "items"),
)
PLAYS = (Play(__file__, __doc__, play, 100, 15, BUG, kills_server=True, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
