"""What `openhotline practice …` does, refuses and says."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from openhotline.core.errors import Misconfigured
from openhotline.practice import commands, ending, machinery
from openhotline.practice.commands import app
from openhotline.practice.ending import Children, stopped_by_signals
from openhotline.practice.site.ports import answers, free_ports, is_free
from openhotline.practice.site.serving import Ports, Site
from openhotline.practice.starting import check_ports, welcome

SLEEP = (sys.executable, "-c", "import time; time.sleep(60)")


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(app, arguments)


@pytest.mark.parametrize("command", ["generate", "facts", "run", "site", "serve"])
def test_every_command_explains_itself(command: str) -> None:
    said = invoke(command, "--help")
    assert said.exit_code == 0
    assert "--child" not in said.output


@pytest.mark.slow
def test_a_collection_is_made_and_continued(tmp_path: Path) -> None:
    for _ in range(2):
        assert invoke("generate", str(tmp_path / "c"), "--items", "20").exit_code == 0
    assert len((tmp_path / "c" / "manifest.jsonl").read_text().splitlines()) == 20


def test_a_folder_of_another_collection_is_refused(collection: Path) -> None:
    said = invoke("generate", str(collection), "--items", "41")
    assert said.exit_code == 2
    assert "holds a collection of 40 items" in said.output


def test_a_run_elsewhere_starts_again_with_its_own_folder_and_ports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings are read when a process starts, so another data folder needs another process."""
    asked: list[Any] = []
    monkeypatch.setattr(commands, "run_again", lambda *given: asked.append(given) or 0)
    assert invoke("run", "--items", "20", "--json", "--var", str(tmp_path)).exit_code == 0
    ((arguments, environment),) = asked
    assert arguments[:4] == ["practice", "run", "--items", "20"]
    assert "--json" in arguments
    assert environment["OPENHOTLINE_VAR"] == str(tmp_path)
    assert str(tmp_path) in environment["OPENHOTLINE_DATABASE_URL"]
    assert len({value for name, value in environment.items() if name.endswith("PORT")}) == 3


def test_without_a_folder_the_data_are_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[str] = []
    monkeypatch.setattr(commands, "run_again", lambda _arguments, env: folders.append(env["OPENHOTLINE_VAR"]) or 3)
    assert invoke("run", "--items", "20").exit_code == 3
    assert not Path(folders[0]).exists()


def test_the_site_needs_a_collection() -> None:
    said = invoke("site")
    assert said.exit_code == 2
    assert "There is no collection" in said.output


def test_nothing_starts_while_a_port_is_taken(collection: Path, tmp_path: Path) -> None:
    (free,) = free_ports(1)
    with Site(collection, tmp_path) as site, pytest.raises(Misconfigured, match=f"Port {site.ports.web} is taken"):
        check_ports(site.ports.web)
    assert is_free(free)


def test_who_starts_is_told_where_to_go() -> None:
    said = welcome(8000)
    assert "http://localhost:8000/practice/" in said
    assert all(name in said for name in ("analyst", "senior", "manager"))


def test_what_falls_due_has_to_be_connected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machinery, "_connected", [])
    with pytest.raises(Misconfigured, match=r"machinery\.connect"):
        machinery.connected()
    machinery.connect(lambda _now: {"log sealed": 1})
    assert machinery.connected()(datetime.max.replace(tzinfo=UTC)) == {"log sealed": 1}


def test_a_polite_signal_ends_the_block() -> None:
    reached = []
    with stopped_by_signals():
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
        reached.append("after the signal")
    assert reached == []
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_children_are_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ending, "COMMAND", SLEEP)
    with Children() as children:
        children.start("worker")
        assert children.ended() == []
    assert children.ended() == ["worker"]


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], Ports]]:
    """`make run` in a folder of its own."""
    door, web, mail, rdap = free_ports(4)
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "openhotline.config.settings",
        "OPENHOTLINE_VAR": str(tmp_path / "var"),
        "OPENHOTLINE_SITE_PORT": str(web),
        "OPENHOTLINE_MAIL_PORT": str(mail),
        "OPENHOTLINE_RDAP_PORT": str(rdap),
    }
    command = [*ending.COMMAND, "practice", "serve", "--items", "40", "--port", str(door)]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        yield process, Ports(door, mail, rdap)
        process.kill()


def said_until(process: subprocess.Popen[str], word: str) -> str:
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if word in line:
            break
    return said


@pytest.mark.slow
@pytest.mark.sandbox
def test_everything_starts_and_stops_together(practice: tuple[subprocess.Popen[str], Ports]) -> None:
    process, ports = practice
    said = said_until(process, "Ready")
    assert f"http://localhost:{ports.web}/practice/" in said
    assert answers(ports.web, within=60)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    assert all(is_free(port) for port in (ports.web, ports.mail, ports.rdap))


@pytest.mark.slow
@pytest.mark.sandbox
def test_nothing_outlives_a_killed_parent(practice: tuple[subprocess.Popen[str], Ports]) -> None:
    process, ports = practice
    said_until(process, "/practice/")
    process.kill()
    ends = time.monotonic() + 15
    while time.monotonic() < ends and not all(is_free(port) for port in (ports.web, ports.mail, ports.rdap)):
        time.sleep(0.1)
    assert all(is_free(port) for port in (ports.web, ports.mail, ports.rdap))
