"""Each door started as a process of its own, as in production, with the keys that are written for it and no others."""

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from urllib.parse import urlencode

import pytest
from ready import copy_sqlite

from journeys.ports_apart import ports_apart
from openhotline.config.doors import DOORS
from openhotline.practice.site.ports import answers

pytestmark = pytest.mark.slow
CLI = (sys.executable, "-m", "openhotline.config.cli")
UP_SECONDS = 120.0
APART = ("public", "desk", "media", "members")
# A path of each door, and what it says to a stranger.
PATHS = {"public": ("/report/", 200), "desk": ("/desk/sign-in/", 200), "media": ("/media/tile/itm_none/", 403)}
SEED = """
import django; django.setup()
from openhotline.accounts.services.add_person import add_person
from openhotline.accounts.states import Role
from openhotline.core.clock import now
add_person(username="sam", name="Sam", role=Role.ANALYST, password="practice", practice=True, actor="test", now=now())
"""
READ = """
import django; django.setup()
from openhotline.core.crypto import open_from_the_door
from openhotline.intake.models import ReportedAddress
print([open_from_the_door(bytes(one.sealed)) for one in ReportedAddress.objects.all()])
"""


@dataclass(frozen=True)
class Answer:
    """What a door said; ``cookies`` as a browser would send them again."""

    status: int
    place: str
    page: str
    cookies: str

    @property
    def token(self) -> dict[str, str]:
        """Return the page's token, as its form would send it."""
        found = re.findall(r'csrfmiddlewaretoken" value="([^"]+)"', self.page)
        return {"csrfmiddlewaretoken": found[0]} if found else {}


@dataclass(frozen=True)
class House:
    """A data folder with every key, and the port of each door."""

    folder: Path
    ports: dict[str, int]

    def environment(self, door: str, var: Path) -> dict[str, str]:
        """Return the environment of a process; all of them share one database."""
        return os.environ | {
            "OPENHOTLINE_VAR": str(var),
            "OPENHOTLINE_DATABASE_URL": f"sqlite:///{self.folder}/db/shared.sqlite3",
            "OPENHOTLINE_MODE": "practice",
            "OPENHOTLINE_DOOR": door,
            "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
            "OPENHOTLINE_ORIGIN_DESK": f"http://localhost:{self.ports['desk']}",
            "OPENHOTLINE_ORIGIN_MEDIA": f"http://127.0.0.1:{self.ports['media']}",
        }

    def run(self, *command: str) -> str:
        """Run a command with every key, and return what it printed."""
        env = self.environment("worker", self.folder)
        return subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=120).stdout

    def own_folder(self, door: str) -> Path:
        """Make the data folder of a door, holding the keys that are written for it and no others."""
        keys = self.folder / door / "keys"
        keys.mkdir(parents=True)
        for path in (self.folder / "keys").iterdir():
            if any(fnmatchcase(path.name, key) for key in DOORS[door].keys):
                shutil.copy2(path, keys)
        if door in {"public", "members"}:
            (keys / "secret.key").write_bytes(os.urandom(32))
        return keys.parent

    def ask(self, door: str, path: str, form: dict[str, str] | None = None, cookie: str = "") -> Answer:
        """Ask a door, by POST where there is a form."""
        headers = {"Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {})
        with closing(http.client.HTTPConnection("localhost", self.ports[door], timeout=30)) as connection:
            connection.request("POST" if form else "GET", path, urlencode(form) if form else None, headers)
            answer = connection.getresponse()
            set_ = answer.headers.get_all("Set-Cookie", [])
            return Answer(
                answer.status,
                answer.headers.get("Location", ""),
                answer.read().decode("utf-8", "replace"),
                "; ".join(line.partition(";")[0] for line in set_),
            )


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """Four doors, each started."""
    folder = tmp_path_factory.mktemp("house")
    made = House(folder, dict(zip(APART, ports_apart(len(APART)), strict=True)))
    if not copy_sqlite(folder / "db" / "shared.sqlite3"):
        made.run(*CLI, "migrate")
    made.run(sys.executable, "-c", SEED)
    processes: list[subprocess.Popen[bytes]] = []
    with ExitStack() as ends:
        # All are told to end before the first is waited for.
        ends.callback(lambda: [process.wait(30) for process in processes])
        ends.callback(lambda: [process.terminate() for process in processes])
        for door in APART:
            env = made.environment(door, made.own_folder(door))
            log = ends.enter_context((folder / f"{door}.log").open("wb"))
            command = [*CLI, "serve", "--port", str(made.ports[door])]
            processes.append(subprocess.Popen(command, env=env, stdout=log, stderr=log))
        until = time.monotonic() + UP_SECONDS
        while not all(answers(port, within=0.5) for port in made.ports.values()):
            assert time.monotonic() < until, {door: (folder / f"{door}.log").read_text()[-800:] for door in APART}
            time.sleep(0.2)
        yield made


def test_a_door_makes_no_keys(house: House) -> None:
    for door in APART:
        there = {path.name for path in (house.folder / door / "keys").iterdir()}
        assert all(any(fnmatchcase(name, key) for key in DOORS[door].keys) for name in there), door


def test_the_public_door_holds_nothing_that_opens_anything(house: House) -> None:
    there = {path.name for path in (house.folder / "public" / "keys").iterdir()}
    assert there == {"secret.key", "intake.pub", "receipt.key"}


@pytest.mark.parametrize("door", APART)
def test_a_route_of_one_door_is_not_there_at_another(house: House, door: str) -> None:
    for other, (path, own) in PATHS.items():
        assert house.ask(door, path).status == (own if other == door else 404), (door, path)


def test_the_public_door_takes_a_report_that_it_cannot_read_again(house: House) -> None:
    address = "https://site.example/a-page"
    page = house.ask("public", "/report/")
    form = {"addresses": address, "sending": "once"} | page.token
    sent = house.ask("public", "/report/", form, page.cookies)
    assert (sent.status, sent.place.startswith("/report/details/?report=")) == (302, True)
    assert address in house.run(sys.executable, "-c", READ)
    public = house.environment("public", house.folder / "public")
    tried = subprocess.run(
        [sys.executable, "-c", READ], env=public, check=False, capture_output=True, text=True, timeout=60
    )
    assert "intake.key" in tried.stderr


def test_somebody_signs_in_at_the_desk_and_the_cookie_opens_no_other_door(house: House) -> None:
    page = house.ask("desk", "/desk/sign-in/")
    form = {"username": "sam", "password": "practice"} | page.token
    inside = house.ask("desk", "/desk/sign-in/", form, page.cookies)
    assert (inside.status, inside.place) == (302, "/desk/")
    assert [house.ask("desk", path, cookie=inside.cookies).status for path in ("/desk/", "/desk/queue/")] == [200, 200]
    assert [house.ask(door, "/desk/", cookie=inside.cookies).status for door in ("public", "media", "members")] == [
        404
    ] * 3


def test_a_key_too_few_is_a_sentence(house: House, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    done = subprocess.run(
        [*CLI, "serve"],
        env=house.environment("public", tmp_path),
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 1
    assert "The key secret.key cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
