"""Roles by routes by methods: ask every cell of the running pages; each must answer as is written by hand.

Routes come from the URL resolver, what is expected from `tests/journeys/access_cells.py`. Where fewer routes are asked
than there are, chance chooses them. Prints one JSON object; ends with 1 when a cell differs.

    python tests/faults/fault_access.py [--times ROUTES] [--seed S] [--into FILE] [--short] [--planted]
"""

import random
import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover, told_by_the_code  # noqa: E402 - path above
from plays import SQLITE, Play, main  # noqa: E402 - path above

ALL, SHORT = 1_000, 12
OPENED = "desk_reports"


def play(_folder: Path, routes: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Ask so many routes, or all; return how many cells were asked, and those that differ."""
    from django.test.utils import setup_test_environment

    from journeys import access_cells
    from openhotline.config.access import ACCESS, PUBLIC

    setup_test_environment()
    if planted:
        ACCESS[OPENED] = PUBLIC
    places = access_cells.addresses()
    chosen = dict(random.Random(seed).sample(sorted(places.items()), min(routes, len(places))))
    kinds, wrong = access_cells.differing(access_cells.written(), chosen | {OPENED: places[OPENED]})
    return {
        "cases": sum(kinds.values()),
        "asked": dict.fromkeys(chosen | {OPENED: ""}, 1),
        "most_routes": len(places),
        "most_people": len(access_cells.Role) + 2,
        "most_methods": len(access_cells.METHODS),
        "by_answer": dict(kinds),
        "faults": wrong,
    }


def routes() -> list[str]:
    """Return the names of all routes that there are."""

    def told() -> list[str]:
        from journeys import access_cells

        return [*access_cells.addresses()]

    return told_by_the_code(told)


BUG, COVERS = "one route is open to everybody", (Cover("routes", "asked", routes),)
PLAYS = (Play(__file__, __doc__, play, ALL, SHORT, BUG, databases=SQLITE, covers=COVERS),)

if __name__ == "__main__":
    main(PLAYS)
