"""The limits on looking, read from TOML and checked."""

from datetime import timedelta
from pathlib import Path

from openhotline.core.rule_files import read_rule_file
from openhotline.exposure.states import Limits

SHIPPED = Path(__file__).resolve().parents[1] / "limits.toml"
TABLES = {
    "breaks": ("most_minutes", "window_minutes", "pause_minutes"),
    "day": ("most_hours",),
    "shift": ("without_pictures_minutes",),
    "heavy": ("counts",),
}
LONGEST_WINDOW = 12 * 60


def read_limits(path: Path = SHIPPED) -> Limits:
    """Return the limits of a file. Raises Misconfigured with a sentence for whoever edits it."""
    copy = "Copy the shipped file and change its numbers."
    whole = read_rule_file(path, "The limits on looking", copy=copy).exactly(TABLES)
    breaks, day, shift, heavy = (whole.table(name).exactly(names) for name, names in TABLES.items())
    window = breaks.number("window_minutes", 1, LONGEST_WINDOW, whole=False)
    return Limits(
        window=timedelta(minutes=window),
        most_in_window=timedelta(minutes=breaks.number("most_minutes", 0.1, window, whole=False)),
        pause=timedelta(minutes=breaks.number("pause_minutes", 1, LONGEST_WINDOW, whole=False)),
        most_a_day=timedelta(hours=day.number("most_hours", 0.1, 24, whole=False)),
        before_end=timedelta(minutes=shift.number("without_pictures_minutes", 0, 8 * 60, whole=False)),
        heavy=float(heavy.number("counts", 1, 100, whole=False)),
    )


SHIPPED_LIMITS = read_limits()
