"""Who may see an item at the media door, who may work on keys, and what may be purged.

What only later stages know (a turn at hand, a legal hold) they say through a registered answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.evidence.models import KeyWork
from openhotline.evidence.states import Work


@dataclass(frozen=True)
class Reason:
    """Why somebody may see an item now: the outside id of the item or sheet at hand, and how many tiles it has.

    ``reveals`` false: its blurred tile and nothing more. ``heavy``: each second counts double.
    """

    subject: str
    pictures: int = 1
    reveals: bool = True
    heavy: bool = False


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


def check_keeps_evidence(person: Person) -> None:
    """Raise NotAllowed unless the person's role may ask for work on keys, and for a purge."""
    if not person.may(Permission.KEEP_EVIDENCE):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not work on keys or purge; an operator, senior analyst or manager does."
        )


def check_kind(work: KeyWork, kind: Work) -> None:
    """Raise ValueError when this is work of another kind."""
    if work.work != kind:
        raise ValueError(f"This is {work.work}, not {kind}.")


ReasonToKeep = Callable[[Sequence[str], datetime], dict[str, str]]

_keepers: list[ReasonToKeep] = []


def register_reason_to_keep(answer: ReasonToKeep) -> None:
    """Add an answer to: which of these items (outside ids) must be kept now, and why (a sentence each)?"""
    if answer not in _keepers:
        _keepers.append(answer)


def check_may_go(names: Sequence[str], now: datetime) -> None:
    """Raise NotNow when a later stage has a reason to keep one of the items, such as a legal hold."""
    for answer in _keepers:
        for name, why in answer(names, now).items():
            raise NotNow(f"{name} must be kept: {why} No key was destroyed.")
