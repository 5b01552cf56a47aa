"""What must not be deleted.

What only later stages know (what was purged) they say through a registered answer.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from openhotline.core.errors import NotNow
from openhotline.core.one_at_a_time import one_at_a_time
from openhotline.retention.models import Hold

WhatIsGone = Callable[[str], Sequence[str]]

_answers: list[WhatIsGone] = []


def register_what_is_gone(answer: WhatIsGone) -> None:
    """Add an answer to: of this item, or of this report's items (outside ids), what was destroyed for good?"""
    if answer not in _answers:
        _answers.append(answer)


def gone_of(subject: str) -> list[str]:
    """Return the items (outside ids) that belong to a subject and of which nothing is left that a hold could keep."""
    return sorted({name for answer in _answers for name in answer(subject)})


def check_not_gone(subject: str) -> None:
    """Raise NotNow when an item was destroyed: who is told that it is held would believe that it is there."""
    if subject in gone_of(subject):
        raise NotNow(
            f"{subject} was purged, so nothing is left to be kept. Its certificate says when and why: "
            "openhotline purge certificates."
        )


def settle_holds() -> None:
    """Let no hold be placed by others until this transaction ends.

    Whoever destroys anything calls it first, asks what is held, and destroys in the same transaction: else a hold
    that was placed between question and deed would be in force over something that is gone. Needs a transaction.
    """
    one_at_a_time("legal holds")


def check_not_held(subject: str, now: datetime) -> None:
    """Raise NotNow when a report or an item is under a legal hold, and settle holds.

    Whoever destroys one thing asks here first, in the transaction that destroys it.
    """
    settle_holds()
    hold = Hold.objects.in_force(now).filter(subject=subject).last()
    if hold is not None:
        raise NotNow(f"{subject} must be kept: {hold.why}")
