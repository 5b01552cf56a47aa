"""``make run``: everything set up and started, the journey played half-way, until somebody stops it."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from rich.console import Console

from openhotline.core.clock import now
from openhotline.core.errors import Misconfigured
from openhotline.practice import collection
from openhotline.practice.ending import Children, stopped_by_signals
from openhotline.practice.half_way import HalfWay
from openhotline.practice.machinery import Machinery, connected, wait_for_worker
from openhotline.practice.progress import bars
from openhotline.practice.seeding import PASSWORD, SIGN_INS, Cast, seed
from openhotline.practice.site.ports import answers, is_free

ANALYSTS = 3
SEED = 1
_START_UP = 120.0


def start(*, items: int, port: int, console: Console) -> None:
    """Set up, start the children, play half-way once, and stay until stopped or until a child has ended.

    Raises Misconfigured with a sentence when a port is taken or a child ended.
    """
    check_ports(port)
    with stopped_by_signals(), Children() as children:
        folder = Path(settings.VAR)
        cast = _set_up(folder, items, console)
        for command in (("practice", "site"), ("worker",), ("serve", "--port", str(port))):
            children.start(*command)
        _wait_until_up(port, children)
        console.print(welcome(port))
        _play_half_way(folder, cast, children, console)
        console.print("Ready: there is work in every queue. Ctrl-C stops all of it; the same command continues.")
        while not children.ended():
            time.sleep(0.5)
        raise _ended(children)
    console.print("Stopped.")


def check_ports(port: int) -> None:
    """Raise Misconfigured with a sentence when a port that is needed is taken."""
    wanted = {
        port: "the site; choose another with --port",
        settings.SITE_PORT: "the practice site; set OPENHOTLINE_SITE_PORT",
        settings.RDAP_PORT: "the practice registry; set OPENHOTLINE_RDAP_PORT",
        int(str(settings.MAIL["port"])): "the practice mail server; set OPENHOTLINE_MAIL_PORT",
    }
    for number, use in wanted.items():
        if not is_free(number):
            raise Misconfigured(
                f"Port {number} is taken by another program. It is needed for {use}, or stop that program."
            )


def welcome(port: int) -> str:
    """Return where to go and who to be."""
    names = ", ".join(name for name, _ in SIGN_INS)
    return (
        f"\nOpenHotline practice: http://localhost:{port}/practice/\n"
        f"Sign-ins: {names}; the password of each is “{PASSWORD}”. Production refuses a password alone.\n"
        "Generated shapes only. PRACTICE - NOT FINDINGS.\n"
    )


def _set_up(folder: Path, items: int, console: Console) -> Cast:
    call_command("migrate", verbosity=0)
    where = folder / "practice" / "collection"
    with bars(console) as tell:
        collection.generate(
            where, items=items, seed=SEED, progress=lambda done, total: tell("practice collection", done, total)
        )
    return seed(collection=where, analysts=ANALYSTS, now=now())


def _wait_until_up(port: int, children: Children) -> None:
    for number in (settings.SITE_PORT, port):
        ends = time.monotonic() + _START_UP
        while not answers(number, within=0.5):
            _check_up(children)
            if time.monotonic() > ends:
                raise Misconfigured(f"Nothing answers on port {number} after {_START_UP:.0f} seconds. See $VAR/log.")


def _check_up(children: Children) -> None:
    if children.ended():
        raise _ended(children)


def _ended(children: Children) -> Misconfigured:
    names = ", ".join(f"openhotline {name}" for name in children.ended())
    return Misconfigured(f"Stopped, because {names} did not stay up. Its reason stands above, or in $VAR/log.")


def _play_half_way(folder: Path, cast: Cast, children: Children, console: Console) -> None:
    machinery = Machinery(connected(), lambda: wait_for_worker(lambda: _check_up(children)))
    with bars(console) as tell:
        HalfWay(folder, f"http://127.0.0.1:{settings.SITE_PORT}", cast, machinery, tell).play()
