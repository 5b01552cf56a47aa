"""Who may see an item at the media door. Later stages know, so they say it through a registered answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Reason:
    """Why somebody may see an item now: the outside id of the item or sheet at hand, and how many tiles it has."""

    subject: str
    pictures: int = 1


ReasonToSee = Callable[[str, int, datetime], Reason | None]

_answers: list[ReasonToSee] = []


def register_reason_to_see(answer: ReasonToSee) -> None:
    """Add an answer to: has this person (outside id) a reason to see this item (primary key) now, and which?"""
    if answer not in _answers:
        _answers.append(answer)


def reason_to_see(person: str, item_id: int, now: datetime) -> Reason | None:
    """Return the first reason that a stage gives, or None: then the item is not there for this person."""
    for answer in _answers:
        reason = answer(person, item_id, now)
        if reason is not None:
            return reason
    return None
