"""Kill -9 at random moments: no acknowledged report and no assessment may be lost, none may be doubled.

The site, the worker and two assessing analysts run on a data folder of their own, while reports come in over HTTP with
a key each, and while a picture site, a mail server and a registry stand beside them. Prints one JSON object; ends with
1 when there is a fault.

    python tests/faults/fault_kill.py [--kills N] [--seed S] [--planted]
"""

import argparse
import http.client
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
CLI = ("-m", "openhotline.config.cli")
REPORTERS = 4
PAGES, PICTURES = 16, 5
DRAIN_SECONDS = 120.0
START_SECONDS = 5.0
UP_SECONDS = 60.0
WEIGHTS = {"web": 1, "one web process": 3, "worker": 2, "analysts": 2}


@dataclass
class Part:
    """A process of the hotline that is killed and started again; ``ended`` notes what ended without being killed."""

    name: str
    command: tuple[str, ...]
    log: Path
    ended: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own."""
        self.started_at = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], stdout=log, stderr=log, start_new_session=True
            )

    def is_at_work(self) -> bool:
        """Say whether it has had time to start."""
        return time.monotonic() - self.started_at > START_SECONDS

    def kill(self) -> None:
        """Kill -9 it with all its children, and start it again."""
        self._end(signal.SIGKILL)
        self.start()

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        code = self.process.poll()
        if code is not None:
            self.ended.append(f"The {self.name} ended by itself with {code}: {self.log.read_text()[-500:]}")
            return
        os.killpg(self.process.pid, how)
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Web(Part):
    """The site: at work when it answers."""

    port: int = 0

    def is_at_work(self) -> bool:
        """Say whether the first page of a report can be had."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/report/")
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


@dataclass
class OneOfTheWeb:
    """A kill of one process that answers requests; the site's first process starts another."""

    web: Web
    name: str = "one web process"

    def is_at_work(self) -> bool:
        """Say whether the site answers."""
        return self.web.is_at_work()

    def kill(self) -> None:
        """Kill -9 the youngest of them."""
        assert self.web.process is not None
        pid = self.web.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if children:
            os.kill(int(children[-1]), signal.SIGKILL)


Target = Part | OneOfTheWeb


def make_site(folder: Path) -> list[str]:
    """Write pages with generated pictures; return the pages."""
    from journeys.road import picture, write_site

    pages = {
        f"/boards/one/threads/{page}.html": {
            f"files/{page}-{place}.png": picture(page * PICTURES + place) for place in range(PICTURES)
        }
        for page in range(PAGES)
    }
    write_site(folder, pages)
    return list(pages)


def environment(folder: Path) -> int:
    """Give this process and its children a data folder and free ports; return the port of the hotline's site."""
    from openhotline.practice.site.ports import free_ports

    port, web, mail, rdap = free_ports(4)
    os.environ.update(
        OPENHOTLINE_VAR=str(folder),
        OPENHOTLINE_MODE="practice",
        OPENHOTLINE_DOOR="all",
        OPENHOTLINE_SITE_PORT=str(web),
        OPENHOTLINE_MAIL_PORT=str(mail),
        OPENHOTLINE_RDAP_PORT=str(rdap),
        DJANGO_SETTINGS_MODULE="openhotline.config.settings",
    )
    return port


def parts_of(folder: Path, port: int, *, planted: bool) -> dict[str, Part]:
    """Return the processes that are killed."""
    serve = (str(HERE / "planted.py"),) if planted else CLI
    web = Web("web", (*serve, "serve", "--port", str(port), "--child"), folder / "web.out", port=port)
    others = {
        "worker": (*CLI, "worker", "--child"),
        "analysts": (str(HERE / "assessing.py"), str(folder / "ledger.jsonl")),
    }
    return {"web": web} | {name: Part(name, command, folder / f"{name}.out") for name, command in others.items()}


def at_work(targets: list[Target]) -> list[Target]:
    """Wait until something can be killed in the middle of its work, and return all that can."""
    ends = time.monotonic() + UP_SECONDS
    while not (found := [one for one in targets if one.is_at_work()]):
        if time.monotonic() > ends:
            raise SystemExit(f"Nothing came up within {UP_SECONDS:g} seconds.")
        time.sleep(0.1)
    return found


def kill_often(parts: dict[str, Part], kills: int, chance: random.Random) -> Counter[str]:
    """Kill one part after the other at random moments of its work; return how often which."""
    web = parts["web"]
    assert isinstance(web, Web)
    targets: list[Target] = [*parts.values(), OneOfTheWeb(web)]
    done: Counter[str] = Counter()
    while done.total() < kills:
        time.sleep(chance.random() * 1.5)
        ready = at_work(targets)
        (one,) = chance.choices(ready, [WEIGHTS[target.name] for target in ready])
        one.kill()
        done[one.name] += 1
    return done


def drained() -> bool:
    """Wait until the worker has done everything; say whether it did."""
    from openhotline.core import jobs

    ends = time.monotonic() + DRAIN_SECONDS
    while jobs.waiting() and time.monotonic() < ends:
        time.sleep(0.2)
    return not jobs.waiting()


def play(folder: Path, *, kills: int, seed: int, planted: bool) -> dict[str, object]:
    """Set up, kill, drain and check; return what is printed."""
    port = environment(folder)
    import django

    django.setup()
    from django.core.management import call_command

    from journeys.road import machinery
    from openhotline.core.clock import now
    from openhotline.practice.bringing_in import report_pages
    from openhotline.practice.progress import silent
    from openhotline.practice.run import site_ports
    from openhotline.practice.seeding import seed as seed_practice
    from openhotline.practice.site.serving import Site

    call_command("migrate", verbosity=0)
    seed_practice(collection=None, analysts=2, now=now())
    pages = make_site(folder / "collection")
    with Site(folder / "collection", folder / "site", site_ports()) as site:
        # Half of the pages are in before the first kill, so that there is work for the analysts.
        report_pages(pages[: PAGES // 2], origin=site.origin, machinery=machinery(), tell=silent)
        addresses = [site.origin + page for page in pages]
        run = Run(folder, port, parts_of(folder, port, planted=planted), addresses, seed)
        return run.played(kills) | {"planted": planted}


@dataclass
class Run:
    """One run with its parts and its reporters."""

    folder: Path
    port: int
    parts: dict[str, Part]
    addresses: list[str]
    seed: int

    def played(self, kills: int) -> dict[str, object]:
        """Start everything, kill, let everything end, and count."""
        from faults.reporting import Reporter

        stopped = threading.Event()
        reporters = [Reporter(self.port, self.addresses, self.seed + n, stopped) for n in range(REPORTERS)]
        for part in self.parts.values():
            part.start()
        try:
            at_work([self.parts["web"]])
            for reporter in reporters:
                reporter.start()
            killed = kill_often(self.parts, kills, random.Random(self.seed))
            at_work([self.parts["web"]])
            stopped.set()
            for reporter in reporters:
                reporter.join()
            self.parts["analysts"].stop()
            unfinished = [] if drained() else ["The worker did not come to an end."]
        finally:
            for part in self.parts.values():
                if part.process is not None and part.process.poll() is None:
                    part.stop()
        sent = [one for reporter in reporters for one in reporter.sent]
        return self._counted(killed, sent, unfinished)

    def _counted(self, killed: Counter[str], sent: list[object], unfinished: list[str]) -> dict[str, object]:
        from faults.checking import faults
        from openhotline.assessment.models import Assessment
        from openhotline.evidence.models import Item

        ledger = self.folder / "ledger.jsonl"
        found = [*unfinished, *faults(sent, ledger), *(line for part in self.parts.values() for line in part.ended)]
        kills = killed.total()
        return {
            "kills": kills,
            "killed": dict(killed),
            "seed": self.seed,
            "reports_acknowledged": sum(one.acknowledged for one in sent),
            "reports_sent_on": sum(bool(one.words) for one in sent),
            "assessments": Assessment.objects.count(),
            "items": Item.objects.count(),
            "faults": found,
            # The rule of three: no loss in N kills bounds the share of kills that lose something.
            "bound_95": round(3 / kills, 4) if kills and not found else None,
        }


def main() -> None:
    """Play once and print."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--kills", type=int, default=20)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    asked.add_argument("--planted", action="store_true", help="with a door that acknowledges before it saves")
    chosen = asked.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="openhotline-faults-") as folder:
        result = play(Path(folder), kills=chosen.kills, seed=chosen.seed, planted=chosen.planted)
    print(json.dumps(result | {"seconds": round(time.monotonic() - began)}, indent=2))  # noqa: T201 - the result
    raise SystemExit(1 if result["faults"] else 0)


if __name__ == "__main__":
    main()
