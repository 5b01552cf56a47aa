"""An installation of its own for `bench_members.py`, and servers as processes on ports that nobody listens at."""

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from report_load import Wire

HERE = Path(__file__).resolve().parent
BIN = Path(sys.executable).parent


def free_port() -> int:
    """Return a port of this machine that nobody listens at."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@contextmanager
def serving(command: list[str], surroundings: dict[str, str], port: int, path: str = "/") -> Iterator[int]:
    """Run a server until the block ends."""
    process = subprocess.Popen(command, env={**os.environ, **surroundings}, cwd=HERE)
    try:
        # The peer takes minutes to read ten million entries.
        for _ in range(6000):
            if process.poll() is not None:
                raise SystemExit(f"{command[0]} ended with {process.returncode} before it answered")
            with suppress(OSError):
                Wire(port).ask(f"GET {path} HTTP/1.1\r\n", b"")
                break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait()


class Installation:
    """An installation of its own with one member, as the door, the worker and this script share it."""

    def __init__(self, folder: Path) -> None:
        from faults.databases import set_up

        self.var = folder / "var"
        set_up(self.var, "")
        from openhotline.accounts.services.add_person import add_person
        from openhotline.accounts.states import Role
        from openhotline.core.clock import now

        roles = {"keeps": Role.SENIOR, "approves": Role.MANAGER}
        self.people = {
            name: add_person(
                username=name, name=name, role=role, password=None, practice=True, actor="bench", now=now()
            )
            for name, role in roles.items()
        }

    def approve(self, purpose: str, subject: str) -> None:
        """Sign as the second person."""
        from openhotline.accounts.queries import approval_of
        from openhotline.accounts.services.approve import approve
        from openhotline.core.clock import now

        found = approval_of(purpose, subject)
        assert found is not None
        approve(approval_id=found.pk, manifest_sha256=found.manifest_sha256, actor=self.people["approves"], now=now())

    def member(self, name: str, daily: int = 100_000_000) -> tuple[Any, str]:
        """Admit a member and return it with a key."""
        from datetime import timedelta

        from openhotline.core.clock import now
        from openhotline.hashlists.models import Terms
        from openhotline.hashlists.services.admit_member import admit_member
        from openhotline.hashlists.services.draft_member import Papers, draft_member
        from openhotline.hashlists.services.make_member_key import make_member_key
        from openhotline.hashlists.states import IdentityCheck, MemberPurpose
        from openhotline.intake.services.add_partner import add_partner
        from openhotline.intake.states import Scope

        moment, keeps = now(), self.people["keeps"]
        papers = Papers(IdentityCheck.REGISTER, moment.date(), "a" * 64, moment.date())
        partner = add_partner(name=name, hourly=1, actor="bench", now=moment)
        terms = Terms(download=True, see_ids=True, see_distances=True, daily=daily)
        drafted = draft_member(
            partner=partner, purpose=MemberPurpose.UPLOADS, papers=papers, terms=terms, actor=keeps, now=moment
        )
        self.approve("member", drafted.public_id)
        member = admit_member(member=drafted, actor=keeps, now=moment)
        ends = moment + timedelta(days=30)
        _, key = make_member_key(
            member=member, scopes=[Scope.LIST, Scope.MATCH, Scope.FEEDBACK], expires_at=ends, actor=keeps, now=moment
        )
        return member, key

    def list_one(self, pdq: str, ai: str = "none_seen") -> Any:
        """List a picture by its hash; the file is a few bytes."""
        from openhotline.core.clock import now
        from openhotline.evidence.services.seal_files import SealableFile, seal_files
        from openhotline.hashlists.models import Listable
        from openhotline.hashlists.services.list_items import list_items
        from openhotline.intake.models import Address

        address = Address.objects.create(lookup=secrets.token_hex(8), raw="x", canonical="x", first_seen_at=now())
        (item,) = seal_files(files=[SealableFile(data=secrets.token_bytes(16), address_id=address.pk)], now=now())
        item.pdq, item.quality = pdq, 100
        item.save(update_fields=["pdq", "quality"])
        offered = Listable(
            item_id=item.pk,
            ai_involvement=ai,
            real_child="",
            jurisdiction="GB-EAW",
            outcome="photograph",
            category="B",
            provision="Protection of Children Act 1978 s1",
            consensus=2,
        )
        (entry,) = list_items(listables=[offered], actor="step:bench", now=now())
        return entry

    def publish(self) -> float:
        """Publish what is listed by two people; return the moment at which that was done."""
        from openhotline.core.clock import now
        from openhotline.hashlists.services.draft_release import draft_release
        from openhotline.hashlists.services.publish_release import publish_release

        drafted = draft_release(actor=self.people["keeps"], now=now())
        self.approve("release", drafted.public_id)
        publish_release(release_id=drafted.pk, actor=self.people["keeps"], now=now())
        return time.perf_counter()

    def apart(self, streams: str, folder: Path) -> Path:
        """Make the data folder of another machine that serves some streams: two keys, their files, and nothing else."""
        (folder / "keys").mkdir(parents=True, mode=0o700)
        for name in ("secret.key", "receipt.key", "made-in-practice"):
            shutil.copy2(self.var / "keys" / name, folder / "keys" / name)
        (folder / "index" / "members").mkdir(parents=True, mode=0o700)
        for one in ("begun", "served.json", *(f"{stream}[.-]*" for stream in streams.split(","))):
            for path in (self.var / "index" / "members").glob(one):
                shutil.copy2(path, folder / "index" / "members" / path.name)
        shutil.copytree(self.var / "releases" / "members", folder / "releases" / "members")
        return folder

    def door(self, streams: str = "", var: Path | None = None) -> Any:
        """Run the members' door, for all streams or some, on this machine or with the data folder of another."""
        port = free_port()
        surroundings = {"OPENHOTLINE_DOOR": "members", "OPENHOTLINE_MODE": "practice"}
        surroundings["OPENHOTLINE_VAR"] = str(var or self.var)
        surroundings["OPENHOTLINE_DATABASE_URL"] = f"sqlite:///{self.var / 'db' / 'openhotline.sqlite3'}"
        surroundings["OPENHOTLINE_MATCH_STREAMS"] = streams
        command = [str(BIN / "openhotline"), "serve", "--port", str(port)]
        return serving(command, surroundings, port, "/members/hma/status/live")

    @contextmanager
    def worker(self) -> Iterator[None]:
        """Run a worker."""
        surroundings = {**os.environ, "OPENHOTLINE_VAR": str(self.var), "OPENHOTLINE_DOOR": "worker"}
        process = subprocess.Popen([str(BIN / "openhotline"), "worker"], env=surroundings)
        try:
            yield
        finally:
            process.terminate()
            process.wait()
