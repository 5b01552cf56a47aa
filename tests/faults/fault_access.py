"""Roles by routes by methods: ask every cell of the running pages, print one JSON object, end with 1 if one differs.

Routes come from the URL resolver, what is expected from `tests/journeys/access_cells.py`, which is written by hand.
``N`` is the number of cells asked; where 0 of N differ, the share that does is below 3/N with 95 % confidence, should
cells be alike. Nothing is left to chance, so there is no seed.

    python tests/faults/fault_access.py [--short] [--planted]
"""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
SHORT = 10


def main() -> int:
    """Read the command line, ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--short", action="store_true", help=f"ask one route in {SHORT} only, for a first look")
    parser.add_argument(
        "--planted", action="store_true", help="open one route to everybody; the script must end with 1"
    )
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="openhotline-access-") as folder:
        os.environ.update(OPENHOTLINE_VAR=folder, OPENHOTLINE_MODE="practice", OPENHOTLINE_DOOR="all")
        os.environ["DJANGO_SETTINGS_MODULE"] = "openhotline.config.settings"
        result = ask(short=asked.short, planted=asked.planted)
    sys.stdout.write(f"{json.dumps(result, indent=2)}\n")
    return 1 if result["differing"] else 0


def ask(*, short: bool, planted: bool) -> dict[str, object]:
    """Set a data folder up and ask its cells; return the figure."""
    sys.path[:0] = [str(TESTS)]
    import django

    django.setup()
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    from journeys import access_cells
    from openhotline.config.access import ACCESS, PUBLIC

    setup_test_environment()
    call_command("migrate", verbosity=0)
    if planted:
        ACCESS["desk_reports"] = PUBLIC
    places = access_cells.addresses()
    chosen = dict(list(places.items())[:: SHORT if short else 1]) | {"desk_reports": places["desk_reports"]}
    kinds, wrong = access_cells.differing(access_cells.written(), chosen)
    cells = sum(kinds.values())
    return {
        "figure": "roles x routes x methods",
        "routes": len(chosen),
        "of_routes": len(places),
        "people": len(access_cells.Role) + 2,
        "methods": len(access_cells.METHODS),
        "N": cells,
        "by_answer": dict(kinds),
        "differing": len(wrong),
        "bound_95": round(3 / cells, 6),
        "seed": None,
        "first_differing": wrong[:10],
    }


if __name__ == "__main__":
    raise SystemExit(main())
