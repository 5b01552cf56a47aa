"""The whole way of a report, played with scripted analysts through the same services that people use."""

import os
import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path

from django.conf import settings

from openhotline.audit.services.seal import seal as seal_log
from openhotline.audit.services.verify import verify
from openhotline.practice import collection
from openhotline.practice.analysts.approving import Pair
from openhotline.practice.analysts.assessing import Assessing
from openhotline.practice.analysts.mistakes import Mistakes
from openhotline.practice.analysts.sorting import sort_sheets
from openhotline.practice.analysts.truth import Truth
from openhotline.practice.bringing_in import first_pages, import_rest, report_pages
from openhotline.practice.comparison import differences
from openhotline.practice.counting import Figures, count
from openhotline.practice.deciding import decide_all
from openhotline.practice.machinery import Machinery, Tick, work_here
from openhotline.practice.progress import Tell, silent
from openhotline.practice.publishing import end_with_report, publish_numbers
from openhotline.practice.removing import wait_until_gone
from openhotline.practice.seeding import Cast, seed
from openhotline.practice.site.serving import Ports, Site

HEADING = "PRACTICE - NOT FINDINGS"
REPORTED_PAGES = 5
ONLY_COMPARED = frozenset({"unsorted", "removals", "not_taken"})
"""Figures that only show when they are not what they should be."""


@dataclass(frozen=True)
class Plan:
    """What is to be played. ``folder`` is the data folder of this installation, ``workers`` make the pictures."""

    folder: Path
    items: int
    seed: int = 1
    analysts: int = 12
    error_rate: float = 0.03
    workers: int = 2

    @property
    def collection(self) -> Path:
        """Return where the collection lies."""
        return self.folder / "practice" / "collection"


@dataclass
class Stopwatch:
    """Seconds per stage, by a clock that practice does not move."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what happens inside."""
        start = time.monotonic()
        try:
            yield
        finally:
            self.seconds[name] = round(self.seconds.get(name, 0.0) + time.monotonic() - start, 2)


def play(plan: Plan, *, tick: Tick, tell: Tell = silent) -> dict[str, object]:
    """Play everything and return the figures, with what differs from the truth file.

    Raises OSError when a port of the practice site is taken, ValueError when the folder holds another collection.
    """
    watch, machinery = Stopwatch(), Machinery(tick=tick, settle=work_here)
    with watch.stage("collection"):
        collection.generate(
            plan.collection,
            items=plan.items,
            seed=plan.seed,
            workers=plan.workers,
            progress=lambda done, all_: tell("collection", done, all_),
        )
    with watch.stage("setting up"):
        cast = seed(collection=plan.collection, analysts=plan.analysts, now=machinery.now())
    with Site(plan.collection, plan.folder / "practice" / "site", site_ports()) as site:
        truth = Truth(plan.collection)
        _bring_in(plan, site.origin, machinery, watch, tell)
        _decide(plan, cast, truth, machinery, watch, tell)
        _follow_up(cast, machinery, watch, tell)
    with watch.stage("counting"):
        figures = count()
        publish_numbers(cast.seniors[0], machinery)
    with watch.stage("reporting on it"):
        report = end_with_report(cast.seniors[0], machinery, plan.folder / "reports")
    with watch.stage("auditing"):
        seal_log(now=machinery.now())
        verified = verify()
    found = differences(figures, truth.files, machinery.now().astimezone(UTC).date())
    result = _result(plan, figures, watch, audit_verified=verified.ok, found=[*found, *verified.faults])
    return {**result, "report": report}


def site_ports() -> Ports:
    """Return the ports that this installation's settings name."""
    return Ports(web=settings.SITE_PORT, mail=int(str(settings.MAIL["port"])), rdap=settings.RDAP_PORT)


def _bring_in(plan: Plan, origin: str, machinery: Machinery, watch: Stopwatch, tell: Tell) -> None:
    reported = first_pages(plan.collection, REPORTED_PAGES)
    with watch.stage("reporting"):
        report_pages(reported, origin=origin, machinery=machinery, tell=tell)
    with watch.stage("importing"):
        import_rest(
            plan.collection,
            without=reported,
            manifest=plan.folder / "practice" / "manifest-of-the-rest.jsonl",
            origin=origin,
            machinery=machinery,
            tell=tell,
        )


def _decide(plan: Plan, cast: Cast, truth: Truth, machinery: Machinery, watch: Stopwatch, tell: Tell) -> None:
    with watch.stage("sorting"):
        sort_sheets(cast.analysts, truth, machinery, tell=tell)
    with watch.stage("assessing"):
        mistakes = Mistakes(plan.error_rate, plan.seed)
        decide_all(cast.analysts, cast.seniors, Assessing(truth, mistakes, machinery, tell), machinery)


def _follow_up(cast: Cast, machinery: Machinery, watch: Stopwatch, tell: Tell) -> None:
    pair = Pair(cast.seniors[0], cast.seniors[1], machinery)
    with watch.stage("listing"):
        pair.release_list()
    with watch.stage("removing"):
        wait_until_gone(machinery, tell)
    with watch.stage("referring"):
        pair.refer_all(tell)


def _result(
    plan: Plan, figures: Figures, watch: Stopwatch, *, audit_verified: bool, found: list[str]
) -> dict[str, object]:
    return {
        "heading": HEADING,
        **{name: figure for name, figure in figures.to_dict().items() if name not in ONLY_COMPARED},
        "stage_s": watch.seconds,
        "audit_verified": audit_verified,
        "differences": found,
        "error_rate": plan.error_rate,
        "seed": plan.seed,
        "machine": machine(),
    }


def machine() -> str:
    """Return what this ran on: processors, memory, Python and database; no name."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    engine = str(settings.DATABASES["default"]["ENGINE"]).rpartition(".")[2]
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB, Python {platform.python_version()}, {engine}"
    )
