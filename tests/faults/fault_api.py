"""Ask every API whatever its description allows, and more: no server error, and every operation done once.

`partners` is what partners report by; `members` is our own API of the hash list and the two that others' programs
speak. Each kind of key and none; `asking.py` says what counts as a fault. Prints one JSON object; ends with 1 when
there is a fault. With ``--into`` the figures of several runs add up in one file.

    python tests/faults/fault_api.py [partners] [members] [--times N] [--database D] [--seed S] [--short] [--planted]
"""

import sys
from importlib import import_module
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from covering import Cover, told_by_the_code  # noqa: E402 - path above
from plays import Play, main  # noqa: E402 - path above

TIMES, SHORT = 2_500, 300
# How often a day a member fetches a list is limited: asked more often, one installation refuses what is right.
OF_MEMBERS = 500


def partners(_folder: Path, times: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Ask what partners report by, on this installation, and return what was found."""
    from faults.asking import ask
    from faults.asking_partners import partners as api
    from openhotline.intake.services import take_reports

    if planted:
        reads = take_reports._reads

        def careless(address: str) -> bool:
            return reads(address) or bool(int(address))

        take_reports._reads = careless
    return ask(api(seed), times, seed)


def members(_folder: Path, times: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Ask what members ask, on this installation, and return what was found."""
    from faults.asking import ask
    from faults.asking_members import members as api
    from openhotline.hashlists.api import ncmec

    if planted:
        ncmec.NotNow = RuntimeError
    return ask(api(seed), times, seed)


def operations(api: str) -> Cover:
    """Return that every operation of an API must have been done."""
    return Cover("operations", "done", lambda: told_by_the_code(lambda: import_module(f"faults.asking_{api}").SCOPES))


UNCAUGHT, ACCEPTED = "an address that cannot be read is not caught", "a moment that cannot be read is not refused"
PLAYS = (
    Play(
        *(__file__, __doc__ or "", partners, TIMES, SHORT, UNCAUGHT),
        name="partners",
        covers=(operations("partners"),),
    ),
    Play(
        *(__file__, __doc__ or "", members, OF_MEMBERS, SHORT, ACCEPTED),
        name="members",
        covers=(operations("members"),),
    ),
)

if __name__ == "__main__":
    main(PLAYS)
