"""Marked pictures go the whole way; then every byte that was written is searched for them in clear.

Doors and worker are processes of their own, people decide in this one. Searched is what lies anywhere at the end, what
a dump of PostgreSQL says once it is read (it is compressed), and what lay in the temporary folder or was open and
deleted at any look while the way was walked.
"""

import base64
import io
import json
import re
import subprocess
import tempfile
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection, connections
from django.test.utils import setup_test_environment
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from faults import in_clear
from faults.fault_kill import drained
from faults.parts import Part, Web, at_work
from faults.reporting import Reporter
from faults.watching import Watch
from journeys.road import Road, machinery, picture, write_site
from openhotline.accounts.queries import approval_of
from openhotline.core import clock
from openhotline.core.archive.database import FILES
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of, open_original, open_tile
from openhotline.evidence.services.back_up import back_up
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.practice.machinery import Machinery
from openhotline.practice.run import site_ports
from openhotline.practice.seeding import seed as seed_practice
from openhotline.practice.site.ports import free_ports
from openhotline.practice.site.serving import Site
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral

HERE = Path(__file__).resolve().parent
Written = tuple[Path, bytes]
_HEXADECIMAL = re.compile(rb"\\x((?:[0-9a-f]{2}){8,})")
PIECE = 48
# A busy machine starts a worker in minutes.
MOST_WAITS = 5
DECLARED = {"releases": {"hash"}, "members": {"hash"}, "spool": {"hash", "address"}}
"""What holds something in clear on purpose: a release is hashes, and so is the index in which members look for them; a
notice tells its provider hashes and addresses."""


def measure(folder: Path, pictures: int, seed: int, *, planted: bool) -> dict[str, Any]:
    """Return how often a marked item stands in clear in anything that was written, PostgreSQL's files among it.

    ``folder`` holds the data folder, and what is made beside it.
    """
    if planted:
        in_clear.plant()
    setup_test_environment()
    named = {f"files/marked-{seed}-{place}.png": marked(place, seed) for place in range(pictures)}
    site_folder = write_site(folder / "collection", {"/boards/one/threads/1.html": named})
    cast = seed_practice(collection=None, analysts=2, now=clock.now())
    temporary = Path(tempfile.gettempdir())
    connections.close_all()
    with (
        Site(site_folder, folder / "site", site_ports()) as site,
        serving(folder, planted=planted) as (port, worker),
        Watch(temporary) as watch,
    ):
        walked(Road(site, cast, Machinery(tick=machinery().tick, settle=partial(settled, worker))), port, folder)
        mails = len(site.mailbox.kept())
    needles = list(wanted(seed, named))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
    places = [Path(settings.VAR), temporary, folder / "backup", folder / "site" / "spool"]
    written = chain(files_in([*places, *_files_of_the_server()]), dump_in_words(folder / "backup"), passed(watch))
    found, declared, searched = searched_in(written, needles)
    return {
        "items": Item.objects.count(),
        "mails": mails,
        # What never came about could not leave a trace; a worker that is quick sends what was decided first by itself.
        "faults": [] if mails else ["No mail lay in the spool: the whole way was not walked."],
        "needles": len(needles),
        "files_searched": searched,
        "files_for_a_moment": len(watch.contents),
        "looks": watch.looks,
        "seconds_watched": round(watch.seconds, 1),
        "in_clear": sum(found.values()),
        "where": dict(found),
        "declared_exceptions": dict(declared),
    }


def _files_of_the_server() -> list[Path]:
    """Return the folder of PostgreSQL's files, which is that of its socket; of SQLite there is none."""
    return [Path(str(connection.settings_dict["HOST"]))] if connection.vendor == "postgresql" else []


@contextmanager
def serving(folder: Path, *, planted: bool) -> Iterator[tuple[int, Part]]:
    """Run the doors and the worker as processes; yield the doors' port and the worker."""
    (port,) = free_ports(1)
    program = str(HERE / ("in_clear.py" if planted else "failing.py"))
    web = Web("web", (program, "serve", "--port", str(port), "--child"), folder / "web.out", port=port)
    worker = Part("worker", (program, "worker", "--child"), folder / "worker.out")
    try:
        for part in (web, worker):
            part.start()
        at_work([web])
        yield port, worker
    finally:
        for part in (web, worker):
            part.stop()


def settled(worker: Part) -> None:
    """Wait until the worker has done everything. Raises AssertionError when it ends, or does not come to an end."""
    for _ in range(MOST_WAITS):
        if drained():
            return
        assert worker.runs(), worker.log.read_text(errors="replace")[-1000:]
    raise AssertionError(f"The worker did not come to an end: {worker.log.read_text(errors='replace')[-1000:]}")


def walked(road: Road, port: int, folder: Path) -> None:
    """Report over HTTP, capture, examine, sort, assess, list, notice, release, refer and back up."""
    sent = Reporter(port, [], 1, threading.Event()).report(road.site.origin + "/boards/one/threads/1.html")
    assert sent.words, "The report was not taken."
    road.settle()
    road.decide_all()
    lists, other = road.cast.seniors[:2]
    released = draft_release(actor=lists, now=road.now)
    road.approve("release", released.public_id, other)
    publish_release(release_id=released.pk, actor=lists, now=road.now)
    drafted = draft_referral(item_ids=list(Item.objects.values_list("pk", flat=True)), actor=lists, now=road.now)
    road.approve("referral", drafted.public_id, other)
    assert approval_of("referral", drafted.public_id) is not None
    build_referral(referral_id=drafted.pk, actor=lists, now=road.now)
    back_up(folder=folder / "backup", actor="drill", now=road.now)


def prompt(place: int, seed: int) -> str:
    """Return the text that is hidden in a picture, as image generators write it."""
    return f"a marked hill {seed} {place} under clouds"


def marked(place: int, seed: int) -> bytes:
    """Return a PNG of a generated scene with a prompt in it."""
    note = PngInfo()
    note.add_text("parameters", f"{prompt(place, seed)}\nSteps: 20, Sampler: Euler a, Seed: 1")
    sink = io.BytesIO()
    Image.open(io.BytesIO(picture(seed * 100 + place))).save(sink, "PNG", pnginfo=note)
    return sink.getvalue()


def wanted(seed: int, named: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield (kind, bytes) of everything that must not be found, in each way it could be written."""
    for place, name in enumerate(named):
        for text, kind in ((prompt(place, seed), "prompt"), (Path(name).name, "address")):
            yield from ways(kind, text.encode())
            yield kind, text.encode("utf-16-le")
    for item in Item.objects.all():
        data = open_original(item)
        for quarter in (1, 2, 3):
            at = len(data) * quarter // 4
            yield from ways("picture", data[at : at + PIECE])
        tile = open_tile(item)
        yield from ways("picture", tile[len(tile) // 2 :][:PIECE])
        pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
        yield "picture", pixels[len(pixels) // 2].tobytes()[:PIECE]
        for digest in (*digests_of(item).values(), str(item.pdq)):
            yield from ways("hash", bytes.fromhex(digest))


def ways(kind: str, raw: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield bytes as they are, in hexadecimal, and in base64 at each of the three places they can fall on."""
    yield kind, raw
    yield kind, raw.hex().encode()
    yield kind, raw.hex().upper().encode()
    for shift in range(3):
        whole = base64.b64encode(raw[shift : shift + (len(raw) - shift) // 3 * 3])
        yield kind, whole
        yield kind, whole.replace(b"+", b"-").replace(b"/", b"_")


def files_in(places: list[Path]) -> Iterator[Written]:
    """Yield every file in these folders with its content."""
    for path in sorted({path for place in places for path in place.rglob("*") if path.is_file()}):
        # The server makes some of its files anew while they are read.
        with suppress(FileNotFoundError):
            yield path, path.read_bytes()


def dump_in_words(backup: Path) -> Iterator[Written]:
    """Yield what a dump of PostgreSQL says once it is read, and the bytes that its hexadecimal columns stand for."""
    dump = backup / FILES["postgresql"]
    if not dump.exists():
        return
    said = subprocess.run(["pg_restore", "--file=-", dump], stdout=subprocess.PIPE, check=True).stdout
    yield backup / "read" / "dump.words", said
    yield backup / "read" / "dump.bytes", b"\n".join(bytes.fromhex(one.decode()) for one in _HEXADECIMAL.findall(said))


def passed(watch: Watch) -> Iterator[Written]:
    """Yield what was seen while the way was walked."""
    for (what, inode, _), content in watch.contents.items():
        yield Path(what, f"{inode}.passed"), content


def searched_in(written: Iterable[Written], needles: list[tuple[str, bytes]]) -> tuple[Counter[str], Counter[str], int]:
    """Return what stands in clear where, what was declared, and how many files were read."""
    found: Counter[str] = Counter()
    declared: Counter[str] = Counter()
    files = 0
    for path, content in written:
        files += 1
        allowed = {kind for name, kinds in DECLARED.items() if name in path.parts for kind in kinds}
        for kind in {kind for kind, needle in needles if needle in content}:
            (declared if kind in allowed else found)[f"{kind} in {_told(path)}"] += 1
    return found, declared, files


def _told(path: Path) -> str:
    """Return the folder and the kind of a file, without names that vary."""
    return json.dumps([path.parent.name[:20], path.suffix or path.name[:20]])
