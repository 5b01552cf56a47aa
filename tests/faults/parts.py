"""What is killed: the processes of the hotline, at any moment or at a named one, and the database server."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

START_SECONDS = 2.0
UP_SECONDS = 300.0


class Target(Protocol):
    """Something that can be killed in the middle of its work."""

    name: str

    def is_at_work(self) -> bool:
        """Say whether it has come up."""

    def kill(self) -> None:
        """Kill -9 it, and see to it that it is started again."""


@dataclass
class Part:
    """A process of the hotline; ``ended`` notes what ended without being killed, ``fails`` how often it may die.

    With a rate it dies by itself at the moments that ``failing`` names; ``take_up`` then starts it again.
    """

    name: str
    command: tuple[str, ...]
    log: Path
    fails: float = 0.0
    ended: list[str] = field(default_factory=list)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0

    def start(self) -> None:
        """Start it in a process group of its own."""
        self.started_at = time.monotonic()
        env = os.environ | {"OPENHOTLINE_FAIL_RATE": str(self.fails)}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, *self.command], stdout=log, stderr=log, env=env, start_new_session=True
            )

    def is_at_work(self) -> bool:
        """Say whether it has had time to start."""
        return self.runs() and time.monotonic() - self.started_at > START_SECONDS

    def runs(self) -> bool:
        """Say whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def take_up(self) -> None:
        """Start it again if it died; that it ended in another way than by SIGKILL is noted."""
        if self.process is not None and not self.runs():
            if self.process.returncode != -signal.SIGKILL:
                said = self.log.read_text(errors="replace")[-500:]
                self.ended.append(f"The {self.name} ended by itself with {self.process.returncode}: {said}")
            self._end(signal.SIGKILL)
            self.start()

    def kill(self) -> None:
        """Kill -9 it with all its children, and start it again."""
        self.take_up()
        self._end(signal.SIGKILL)
        self.start()

    def stop(self) -> None:
        """Ask it to end, and see to it that it does."""
        self.take_up()
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        assert self.process is not None
        try:
            os.killpg(self.process.pid, how)
            self.process.wait(15)
        except ProcessLookupError:
            return
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


@dataclass
class Database:
    """The PostgreSQL server, with all its processes."""

    server: Target
    name: str = "database"

    def is_at_work(self) -> bool:
        """Say that it is: killing it again while it recovers would test PostgreSQL, not us."""
        return True

    def kill(self) -> None:
        """Kill -9 it and let it recover."""
        self.server.kill()


def named_deaths(log: Path) -> Counter[str]:
    """Return how often a process died at which named moment."""
    return Counter(log.read_text().splitlines()) if log.exists() else Counter()


def at_work(targets: list[Target]) -> list[Target]:
    """Wait until something can be killed in the middle of its work, and return all that can."""
    ends = time.monotonic() + UP_SECONDS
    while not (found := [one for one in targets if one.is_at_work()]):
        if time.monotonic() > ends:
            raise SystemExit(f"Nothing came up within {UP_SECONDS:g} seconds.")
        time.sleep(0.1)
    return found
