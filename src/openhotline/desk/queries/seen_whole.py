"""Files found, all or of one collection or sweep, as pictures with a table under each: by reason, by day, by host."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from openhotline.evidence.models import Sighting
from openhotline.intake.models import Collection, Sweep
from openhotline.triage.queries.overview import Overview, Standing
from openhotline.triage.states import REASON_SENTENCES, Reason, SelectionState

STANDING = ("Found", "For a sheet", "Selected", "Set aside")
STATES = {
    "": "Not triaged yet",
    SelectionState.UNSORTED: "For a sorting sheet",
    SelectionState.SELECTED: "Selected",
    SelectionState.SET_ASIDE: "Set aside",
}
MOST_DAYS, MOST_MONTHS = 31, 36
"""Bars of one picture; more days are put together by months, more months by years."""
MOST_READ = 50_000
"""Finds whose day is read out of what their manifest tells, which is kept sealed."""
CAME_IN = "By the day on which they came in (UTC)"
FOUND = "By the day on which they were found, as the manifest tells"


@dataclass(frozen=True)
class Seen:
    """One picture and its table: bars of {label, value}, the value of a full bar, and the rows.

    ``words``: the second column holds words, not numbers.
    """

    caption: str
    bars: list[dict[str, object]]
    headers: tuple[str, ...]
    rows: list[list[object]]
    words: bool = False

    @property
    def most(self) -> int:
        """Return the largest value, at least 1."""
        return max([1, *(int(str(bar["value"])) for bar in self.bars)])


def seen_whole(made: Overview, *, days: Mapping[str, Standing] | None = None, hosts: bool = True) -> dict[str, Any]:
    """Return the pictures of an overview for ``desk/_seen_whole.html``.

    ``days``: by the day on which files were found, where that is known; otherwise by that on which they came in.
    ``hosts`` false: where files were found is not shown.
    """
    came = {day.isoformat(): one for day, one in made.days.items()}
    named = {host or "All other hosts": one for host, one in made.hosts.items()}
    return {
        "reasons": _reasons(made),
        "days": _standing(CAME_IN if days is None else FOUND, "Day", _put_together(came if days is None else days)),
        "hosts": _standing("By host of the page", "Host", named) if hosts else None,
        "without": made.without,
        "left_out": made.addresses_left_out,
    }


def files_of_collection(collection: Collection) -> QuerySet[Sighting]:
    """Return the files of a collection that came in."""
    return Sighting.objects.filter(find__collection=collection)


def files_of_sweep(sweep: Sweep) -> QuerySet[Sighting]:
    """Return the files that lie at the pages of a sweep, or are shown on them."""
    pages = sweep.pages.values("address_id")
    return Sighting.objects.filter(Q(page__in=pages) | Q(address__in=pages, page=None))


def days_found(collection: Collection) -> dict[str, Standing] | None:
    """Return a collection's files by the day that its manifest tells; None where it tells none, or of too many.

    What has no such day, in a manifest that tells others, is under "Not told".
    """
    rows = files_of_collection(collection)
    told = rows.filter(find__told__isnull=False)
    if not told.exists() or told.count() > MOST_READ:
        return None
    days: dict[str, Standing] = {}
    for text, state in rows.values_list("find__told", "item__selection__state").iterator():
        one = days.setdefault(_day(text), Standing())
        one.add({"found": 1} | {name: int(name == state) for name in SelectionState})
    found = {day: one for day, one in sorted(days.items()) if day}
    if not found:
        return None
    return found | ({"Not told": days[""]} if "" in days else {})


def _day(told: str | None) -> str:
    """Return the day of ``found_at`` as 2026-11-28; "" where there is none that can be read."""
    try:
        return date.fromisoformat(str(json.loads(told or "{}").get("found_at", ""))[:10]).isoformat()
    except ValueError:
        return ""


def _reasons(made: Overview) -> Seen:
    order = list(STATES)
    counted = sorted(made.reasons.items(), key=lambda one: (order.index(one[0][0]), -one[1], one[0][1]))
    told = [(STATES[state], REASON_SENTENCES[Reason(why)] if why else "", many) for (state, why), many in counted]
    found = sum(many for _, _, many in told)
    return Seen(
        "By where they stand, and why",
        [{"label": f"{where}: {why}" if why else where, "value": many} for where, why, many in told],
        ("Where they stand", "Why", "Files", "Of all"),
        [[where, why, many, f"{100 * many / found:.1f}\u00a0%"] for where, why, many in told],
        words=True,
    )


def _standing(caption: str, first: str, rows: Mapping[str, Standing]) -> Seen:
    return Seen(
        caption,
        [{"label": name, "value": one.found} for name, one in rows.items()],
        (first, *STANDING),
        [[name, one.found, one.unsorted, one.selected, one.set_aside] for name, one in rows.items()],
    )


def _put_together(days: Mapping[str, Standing]) -> dict[str, Standing]:
    """Return days as they are while they fit one picture; then months, then years."""
    for letters, most in ((10, MOST_DAYS), (7, MOST_MONTHS), (4, len(days))):
        made: dict[str, Standing] = {}
        for day, one in days.items():
            made.setdefault(day[:letters] if day[:1].isdigit() else day, Standing()).add(vars(one))
        if len(made) <= most:
            break
    return made
