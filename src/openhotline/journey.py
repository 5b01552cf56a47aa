"""The story in one file: after which event which step follows."""

from datetime import datetime


def connect() -> None:
    """Declare every step. Called once when all apps are loaded."""


def tick(*, now: datetime) -> dict[str, int]:
    """Do what has fallen due by now; return how much of each."""
    return {}
