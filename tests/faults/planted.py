"""The hotline with a planted bug: the public door acknowledges a report before it is saved.

python planted.py serve --port 8000
"""

import threading
from datetime import datetime
from typing import Any

from openhotline.config import cli
from openhotline.intake.models import Report
from openhotline.intake.services.start_report import start_report
from openhotline.intake.views import report as door

LATER = 1.0


def too_early(**asked: Any) -> tuple[Report, str]:
    """Answer at once; save a second later."""
    threading.Timer(LATER, start_report, kwargs=asked).start()
    now: datetime = asked["now"]
    return Report(public_id="rep_planted", started_at=now), ""


if __name__ == "__main__":
    door.start_report = too_early  # type: ignore[assignment] # the planted bug
    cli.main()
