"""A practice run as it is typed, and the doors as they are served: no log, mail head or page title says an address."""

import http.cookiejar
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest

from faults.installation import Installation
from faults.parts import Web as Door
from faults.parts import at_work
from journeys import kept_inside
from journeys.access_cells import addresses
from journeys.kept_inside import leaks
from openhotline.config.access import ACCESS
from openhotline.practice.seeding import SIGN_INS
from openhotline.practice.site.ports import free_ports

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]
OPENHOTLINE = (sys.executable, "-m", "openhotline.config.cli")
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


class Run:
    """A run that is over, whose doors are open: what lies in its folder, and what it said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = Installation(folder).environment | {"OPENHOTLINE_DOOR": "all"}
        command = [*OPENHOTLINE, "practice", "run", "--items", "20", "--analysts", "2", "--error-rate", "0", "--json"]
        done = subprocess.run(
            [*command, "--var", str(folder)], env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        self.said = {"said by the run": done.stdout + done.stderr}
        asked = [sys.executable, kept_inside.__file__]
        told = subprocess.run(asked, env=self.environment, capture_output=True, text=True, check=True).stdout
        self.inside: dict[str, Any] = json.loads(told)

    def leaks(self, texts: dict[str, str]) -> list[tuple[str, str]]:
        """Return what stands in these texts of what the run holds."""
        return leaks(texts, self.inside["secrets"])

    def logs(self) -> dict[str, str]:
        """Return every line that was written down or said, by its file."""
        files = [path for path in (self.folder / "log").rglob("*") if path.is_file()]
        return self.said | {path.name: path.read_text(errors="replace") for path in files}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Twenty files, from found to gone, in a process of its own."""
    return Run(tmp_path_factory.mktemp("run") / "var")


@pytest.fixture(scope="module")
def titles(run: Run) -> dict[str, str]:
    """The title of every page of every door, served by a process, as everybody who may come there sees it."""
    (port,) = free_ports(1)
    out = run.folder / "log" / "doors.said"
    with out.open("wb") as log:
        command = [*OPENHOTLINE, "serve", "--port", str(port), "--child"]
        process = subprocess.Popen(command, env=run.environment, stdout=log, stderr=log)
    try:
        at_work([Door("doors", (), out, port=port)])
        return dict(asked(f"http://127.0.0.1:{port}", run.inside["report"]))
    finally:
        process.terminate()
        process.wait(60)


class OurPagesAlone(urllib.request.HTTPRedirectHandler):
    """Goes nowhere else: a page that is left at once leads to another site."""

    def redirect_request(self, request: Any, *given: Any) -> urllib.request.Request | None:
        """Follow what stays here."""
        stays = urllib.parse.urlsplit(given[-1]).hostname == "127.0.0.1"
        return super().redirect_request(request, *given) if stays else None


def asked(origin: str, report: str) -> Iterator[tuple[str, str]]:
    """Yield what each page is called, and where it was found."""
    paths = addresses(public_id=report)
    for person, role in [("", None), *SIGN_INS]:
        jar = http.cookiejar.CookieJar()
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), OurPagesAlone())
        if person:
            browser.open(f"{origin}{paths['practice_start']}").read()
            token = next(one.value for one in jar if "csrf" in one.name)
            form = urllib.parse.urlencode({"role": person, "csrfmiddlewaretoken": token}).encode()
            with suppress(urllib.error.HTTPError):
                browser.open(urllib.request.Request(f"{origin}{paths['practice_sign_in']}", form)).read()
        for route, rule in ACCESS.items():
            if "GET" in rule.methods and not rule.machine and (role in rule.roles if role else not rule.roles):
                with suppress(urllib.error.HTTPError), browser.open(origin + paths[route], timeout=60) as answer:
                    page = answer.read().decode(errors="replace")
                    yield f"{route} {person}", " ".join([answer.url.removeprefix(origin), *_TITLE.findall(page)])


def test_no_line_of_any_log_says_what_is_inside(run: Run, titles: dict[str, str]) -> None:
    """Neither of the run nor of the doors that everybody walked through afterwards."""
    logs = run.logs()
    assert {"openhotline.log", "doors.said"} & set(logs)
    assert run.leaks(logs) == []


def test_no_title_and_no_address_of_a_page_says_what_is_inside(run: Run, titles: dict[str, str]) -> None:
    assert len(titles) > 100
    assert run.leaks(titles) == []


def test_no_head_of_any_mail_says_what_is_inside(run: Run) -> None:
    """What a provider needs stands in the body, and nothing that is not of text."""
    kept = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in run.folder.rglob("*.eml")]
    heads = {f"{n} {name}": str(value) for n, one in enumerate(kept) for p in one.walk() for name, value in p.items()}
    assert heads
    assert run.leaks(heads) == []
    kinds = {part.get_content_maintype() for one in kept for part in one.walk() if not part.is_multipart()}
    assert kinds <= {"text", "application", "message"}


def test_planted_a_line_with_an_address_would_be_seen(run: Run) -> None:
    address = next(text for what, text in run.inside["secrets"].items() if what.startswith("address"))
    assert run.leaks({"log": f"{time.time()} could not fetch {address}"}) != []
