"""What goes out from a queue waits while a person has to look first: after a restore it may have gone out before."""

from collections.abc import Callable

_reasons: list[Callable[[], bool]] = []


def hold_back_while(asks: Callable[[], bool]) -> None:
    """Declare a question; while its answer is yes, nothing goes out from a queue."""
    if asks not in _reasons:
        _reasons.append(asks)


def held_back() -> bool:
    """Say whether mails and messages that wait must go on waiting. Ask before each is sent."""
    return any(asks() for asks in _reasons)
