"""Material comes in: a few pages by the public form and over HTTP, the rest as a collection."""

import json
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from openhotline.intake.models.manifest import open_source
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.practice.machinery import Machinery
from openhotline.practice.progress import Tell

ACTOR = "practice"


def pages_of(collection: Path) -> dict[str, int]:
    """Return the pages of a collection in the order of its manifest, with the number of files on each."""
    pages: dict[str, int] = {}
    with (collection / "manifest.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)["page"]
            pages[page] = pages.get(page, 0) + 1
    return pages


def first_pages(collection: Path, most: int) -> list[str]:
    """Return the pages to be reported one by one: at most ``most``, and never more than half of them."""
    pages = pages_of(collection)
    return list(islice(pages, max(1, min(most, len(pages) // 2))))


def last_pages(collection: Path, most: int) -> list[str]:
    """Return the pages kept back for a visitor to report: at most ``most``, and never more than a quarter of them."""
    pages = list(pages_of(collection))
    return pages[len(pages) - min(most, len(pages) // 4) :]


def report_pages(pages: Sequence[str], *, origin: str, machinery: Machinery, tell: Tell) -> list[int]:
    """Report pages as a member of the public does, let them be captured, and return the keys of the reports."""
    made = []
    for done, page in enumerate(pages):
        tell("reports", done, len(pages))
        report, _words = start_report(
            addresses=[origin + page],
            source=Source.PUBLIC,
            idempotency=f"practice{page}",
            practice=True,
            now=machinery.now(),
        )
        complete_report(report=report, details={}, urgent=False, now=machinery.now())
        made.append(report.pk)
        machinery.settle()
    tell("reports", len(pages), len(pages))
    return made


def import_rest(
    collection: Path, *, without: Sequence[str], manifest: Path, origin: str, machinery: Machinery, tell: Tell
) -> int:
    """Import all files but those of some pages, 500 at a time, each batch up to its triage; return how many.

    ``manifest`` is where the shortened manifest is written.
    """
    total = _shorten(collection / "manifest.jsonl", manifest, frozenset(without))
    source = open_source(collection, manifest)
    opened = open_collection(source=source, name="practice collection", site=origin, actor=ACTOR, now=machinery.now())
    done = 0
    for lines in source.batches():
        tell("import", done, total)
        register_finds(collection=opened, lines=lines, now=machinery.now(), actor=ACTOR)
        machinery.settle()
        done += len(lines)
    tell("import", done, total)
    return done


def _shorten(whole: Path, part: Path, without: frozenset[str]) -> int:
    part.parent.mkdir(parents=True, exist_ok=True)
    with whole.open(encoding="utf-8") as lines:
        kept = [line for line in lines if json.loads(line)["page"] not in without]
    part.write_text("".join(kept), encoding="utf-8")
    return len(kept)
