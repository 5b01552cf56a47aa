"""A member that polls its list in a process of its own, while others are killed at the work that brings versions out.

It asks the members' door as a program does, through the door's own code: what came since its version, then the whole.
Whatever it is given is whole and signed, leads on from what it had, and is the same for the same version whenever it
asks; every release that lies where releases lie is whole and signed at the moment when it is first seen.
"""

import io
import json
import os
import signal
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

PAUSE = 0.02
MOST_FAULTS = 20


class Polls:
    """What a polling member saw, read from the file that it writes."""

    def __init__(self, told: Path) -> None:
        self.told = told
        self.status = 0

    def read(self) -> dict[str, Any]:
        """Return how often it asked, how many versions it was given while others worked, and its faults."""
        seen = json.loads(self.told.read_text()) if self.told.exists() else {}
        return {"polls": 0, "versions_polled": 0, "faults": []} | seen

    def faults(self) -> list[str]:
        """Return what it found wrong so far."""
        ended = ["The member that polls ended by itself; its reason stands above."] * bool(self.status)
        return [*self.read()["faults"], *ended]


@contextmanager
def polling(folder: Path, told: Path) -> Iterator[Polls]:
    """Poll in a forked process as long as the block runs. Nobody may hold a connection to the database at its start."""
    text = make_key()
    from django.db import connections

    connections.close_all()
    child = os.fork()
    if child == 0:
        _poll(folder, told, text)
    polls = Polls(told)
    try:
        yield polls
    finally:
        os.kill(child, signal.SIGTERM)
        _, polls.status = os.waitpid(child, 0)


def make_key() -> str:
    """Give the one member a key with which it downloads."""
    from openhotline.accounts.models import Person
    from openhotline.core.clock import now
    from openhotline.hashlists.models import Member
    from openhotline.hashlists.services.make_member_key import make_member_key
    from openhotline.intake.states import Scope

    moment, drafts = now(), Person.objects.get(username="drafts")
    _, text = make_member_key(
        member=Member.objects.select_related("partner").get(),
        scopes=[Scope.LIST],
        expires_at=moment + timedelta(days=1),
        actor=drafts,
        now=moment,
    )
    return text


def _poll(folder: Path, told: Path, text: str) -> None:
    """Poll until told to end; never go back to the parent's code."""
    ended = False

    def end(*_: object) -> None:
        nonlocal ended
        ended = True

    code = 1
    try:
        signal.signal(signal.SIGTERM, end)
        member = PollingMember(folder, text)
        while not ended and len(member.faults) < MOST_FAULTS:
            member.poll()
            part = told.with_suffix(".part")
            part.write_text(json.dumps(member.told()))
            part.replace(told)
            time.sleep(PAUSE)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends here and says so
        traceback.print_exc()
    finally:
        os._exit(code)


class PollingMember:
    """Keeps a copy, and holds whatever it is given against it and against all that it was given before."""

    def __init__(self, folder: Path, text: str) -> None:
        from django.test import Client
        from limits import RateLimitItemPerHour

        from openhotline.core.keys import signer
        from openhotline.hashlists.api import downloads
        from openhotline.hashlists.models import Member

        # It asks more often than a member may.
        downloads.HOURLY = RateLimitItemPerHour(1_000_000)
        self.folder, self.client = folder, Client(SERVER_NAME="localhost", headers={"Authorization": f"Bearer {text}"})
        self.name, self.key = (
            Member.objects.select_related("partner").get().public_id,
            signer("release.key").public_key(),
        )
        self.polls, self.faults = 0, list[str]()
        self.copy: dict[str, bytes] = {}
        self.at: object = None
        self.states, self.releases = dict[int, int](), dict[int, str]()

    def told(self) -> dict[str, object]:
        """Return what it saw so far."""
        return {"polls": self.polls, "versions_polled": len(self.states), "faults": self.faults}

    def poll(self) -> None:
        """Look at the releases, ask for what came since, and where something came for the whole."""
        from openhotline.core.errors import Refusal

        self.polls += 1
        try:
            self.look_at_releases()
            if self.at is None or self.bring_up():
                self.download()
        except (Refusal, ValueError, KeyError) as refusal:
            self.faults.append(f"A member that polled refuses what it was given: {refusal}")

    def look_at_releases(self) -> None:
        """Verify each release when it is first there; none that was there goes away."""
        from openhotline.hashlists.queries import verified_release

        there = {int(path.stem): path for path in self.folder.glob("*.jsonl")}
        self.faults += [f"Version {one} was there and is gone." for one in self.releases.keys() - there.keys()]
        for version in sorted(there.keys() - self.releases.keys()):
            self.releases[version] = verified_release(there[version], version=version).manifest_sha256

    def bring_up(self) -> bool:
        """Ask for what came since the copy and apply it; say whether anything came."""
        from openhotline.hashlists.models.edition_file import apply_changes

        status, body = self.ask(f"/members/v1/list?since={self.at.version}")
        if status == 304:
            return False
        if status != 200:
            self.faults.append(f"Asked for what came since version {self.at.version}, the door answered {status}.")
            return True
        file = io.BufferedReader(io.BytesIO(body))
        while file.peek(1):
            before = self.at.version
            self.at = apply_changes(self.copy, self.at, file, self.key, practice=True)
            if self.at.version <= before:
                self.faults.append(f"Changes led from version {before} back to version {self.at.version}.")
            self.note(self.at.version, self.at.state)
        return True

    def download(self) -> None:
        """Ask for the whole, and hold it against the copy where it is of the same version."""
        from openhotline.hashlists.models.edition_file import verify_edition

        status, body = self.ask("/members/v1/list")
        if status == 404 and self.at is None:
            return
        if status != 200:
            self.faults.append(f"Asked for the whole list, the door answered {status}.")
            return
        whole = self.folder / "polled.whole"
        whole.write_bytes(body)
        there = verify_edition(whole, key=self.key, member=self.name, practice=True)
        self.note(there.version, there.state)
        lines = {json.loads(line)["entry"]: line for line in body.splitlines()[2:]}
        if self.at is None:
            self.copy, self.at = lines, there
        elif there.version < self.at.version:
            self.faults.append(f"The whole list is of version {there.version}, and the copy of {self.at.version}.")
        elif there == self.at and lines != self.copy:
            self.faults.append(f"The copy of version {there.version} is not the list of that version.")

    def note(self, version: int, state: int) -> None:
        """Remember what a version is: it is never anything else."""
        if self.states.setdefault(version, state) != state:
            self.faults.append(f"Version {version} was two different lists.")

    def ask(self, path: str) -> tuple[int, bytes]:
        """Return status and body of an answer."""
        answer = self.client.get(path)
        if answer.status_code != 200:
            return answer.status_code, b""
        return 200, b"".join(answer.streaming_content)
