"""The public door with a planted bug: a partner is answered before its reports are saved.

python report_door.py serve --port 8000
"""

import threading
from typing import Any

from openhotline.config import cli
from openhotline.intake.api import routes
from openhotline.intake.services import take_reports as operation
from openhotline.intake.services.take_reports import Answer, take_reports

LATER = 0.5


def too_early(**asked: Any) -> Answer:
    """Answer at once, and save half a second later what was answered."""
    taken = [operation._taken(one, asked["why"], asked["now"]) for one in asked["statements"]]
    made = iter(taken)
    kept: Any = operation._taken

    def save() -> None:
        operation._taken = lambda *_: next(made)
        try:
            take_reports(**asked)
        finally:
            operation._taken = kept

    threading.Timer(LATER, save).start()
    return [one.answer for one in taken]


if __name__ == "__main__":
    routes.take_reports = too_early
    cli.main()
