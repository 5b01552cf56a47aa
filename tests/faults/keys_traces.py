"""Marked pictures go the whole way; then every byte that was written is searched for them in clear."""

import base64
import io
import json
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from django.db import connection
from django.test.utils import setup_test_environment
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from journeys.road import Road, machinery, picture, write_site
from openhotline.accounts.queries import approval_of
from openhotline.core import clock, fields
from openhotline.evidence.models import Item
from openhotline.evidence.queries import digests_of, open_original, open_tile
from openhotline.evidence.services.back_up import back_up
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.practice.run import site_ports
from openhotline.practice.seeding import seed as seed_practice
from openhotline.practice.site.serving import Site
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral

PIECE = 48
DECLARED = {"releases": {"hash"}, "spool": {"hash", "address"}}
"""What holds something in clear on purpose: a release is hashes; a notice tells its provider hashes and addresses."""


def measure(folder: Path, pictures: int, seed: int, *, planted: bool) -> dict[str, Any]:
    """Return how often a marked item stands in clear in anything that was written, PostgreSQL's files among it.

    ``folder`` holds the data folder, and what is made beside it.
    """
    if planted:
        fields.lock_column = lambda text, column: text.encode()  # noqa: ARG005 # type: ignore[assignment] # planted
        fields.open_column = lambda locked, column: locked.decode()  # noqa: ARG005 # type: ignore[assignment] # planted
    setup_test_environment()
    named = {f"files/marked-{seed}-{place}.png": marked(place, seed) for place in range(pictures)}
    site_folder = write_site(folder / "collection", {"/boards/one/threads/1.html": named})
    with Site(site_folder, folder / "site", site_ports()) as site:
        walked(Road(site, seed_practice(collection=None, analysts=2, now=clock.now()), machinery()), folder)
        mails = len(site.mailbox.kept())
    needles = list(wanted(seed, named))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
    places = [Path(settings.VAR), Path(tempfile.gettempdir()), folder / "backup", folder / "site" / "spool"]
    found, declared, searched = searched_in([*places, *_files_of_the_server()], needles)
    return {
        "items": Item.objects.count(),
        "mails": mails,
        # What never came about could not leave a trace.
        "faults": [] if mails == 1 else [f"{mails} mails lay in the spool, not 1: the whole way was not walked."],
        "needles": len(needles),
        "files_searched": searched,
        "in_clear": sum(found.values()),
        "where": dict(found),
        "declared_exceptions": dict(declared),
    }


def _files_of_the_server() -> list[Path]:
    """Return the folder of PostgreSQL's files, which is that of its socket; of SQLite there is none."""
    return [Path(str(connection.settings_dict["HOST"]))] if connection.vendor == "postgresql" else []


def walked(road: Road, folder: Path) -> None:
    """Report, capture, examine, sort, assess, list, notice, release, refer and back up."""
    road.report(road.site.origin + "/boards/one/threads/1.html")
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


def searched_in(places: list[Path], needles: list[tuple[str, bytes]]) -> tuple[Counter[str], Counter[str], int]:
    """Return what stands in clear where, what was declared, and how many files were read."""
    found: Counter[str] = Counter()
    declared: Counter[str] = Counter()
    files = sorted({path for place in places for path in place.rglob("*") if path.is_file()})
    for path in files:
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # the server makes some of its files anew while they are read
        allowed = {kind for name, kinds in DECLARED.items() if name in path.parts for kind in kinds}
        for kind in {kind for kind, needle in needles if needle in content}:
            (declared if kind in allowed else found)[f"{kind} in {_told(path)}"] += 1
    return found, declared, len(files)


def _told(path: Path) -> str:
    """Return the folder and the kind of a file, without names that vary."""
    return json.dumps([path.parent.name[:20], path.suffix or path.name[:20]])
