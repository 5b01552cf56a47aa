"""Ask the partners' API whatever its description allows, and more: no server error, and every operation done once.

Each kind of key and none; `asking.py` says what counts as a fault. Prints one JSON object; ends with 1 when there is a
fault. With ``--into`` the figures of several runs add up in one file.

    python tests/faults/fault_api.py [--times N] [--database sqlite|postgres] [--seed S] [--short] [--planted]
"""

import sys
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent)]
from plays import Play  # noqa: E402 - path above

TIMES, SHORT = 12_000, 400


def play(_folder: Path, times: int, seed: int, *, planted: str) -> dict[str, Any]:
    """Ask on this installation and return what was found."""
    from faults.asking import ask

    if planted:
        from openhotline.intake.services import take_reports

        reads = take_reports._reads

        def careless(address: str) -> bool:
            return reads(address) or bool(int(address))

        take_reports._reads = careless
    return ask(times, seed)


if __name__ == "__main__":
    Play(__file__, __doc__, play, TIMES, SHORT, "an address that cannot be read is not caught").main()
