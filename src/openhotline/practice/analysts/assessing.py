"""Scripted analysts record facts, one item after the other."""

from collections.abc import Callable, Sequence

from openhotline.accounts.models import Person
from openhotline.assessment.queries import queue_length
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.skip_turn import skip_turn
from openhotline.assessment.services.take_turn import take_turn
from openhotline.evidence.models import Item
from openhotline.evidence.queries import reveal_size
from openhotline.exposure.models import View
from openhotline.exposure.states import SECONDS_A_PICTURE
from openhotline.law.models import Facts
from openhotline.practice.analysts.mistakes import Mistakes
from openhotline.practice.analysts.shift import Shift, work_through
from openhotline.practice.analysts.truth import Truth
from openhotline.practice.machinery import Machinery
from openhotline.practice.progress import Tell

_MANY = 1_000_000


def leave_nothing(_item: Item) -> bool:
    """Everything is for the scripted analysts."""
    return False


class Assessing:
    """Answers from the truth file, with mistakes.

    What ``leaves`` says yes to is skipped, as it is somebody else's, and so is what the truth does not know.
    """

    def __init__(
        self,
        truth: Truth,
        mistakes: Mistakes,
        machinery: Machinery,
        tell: Tell,
        leaves: Callable[[Item], bool] = leave_nothing,
    ) -> None:
        self._truth, self._mistakes, self._machinery, self._tell = truth, mistakes, machinery, tell
        self._leaves = leaves
        self.done = 0

    def by(self, people: Sequence[Person], *, most: int | None = None) -> int:
        """Let people take turns until none is left for any of them, or ``most`` are done; return how many."""
        done = work_through(people, self._one_turn, self._machinery, most=most)
        self._machinery.settle()
        self._told()
        return done

    def _one_turn(self, shift: Shift) -> bool:
        turn = take_turn(actor=shift.person, now=shift.now)
        if turn is None:
            return False
        true = self._truth.of(turn.item)
        if true is None or self._leaves(turn.item):
            skip_turn(turn_id=turn.pk, actor=shift.person, now=shift.now)
            return True
        shift.look(turn.item.public_id, kind=View.REVEAL, size=reveal_size(turn.item), seconds=SECONDS_A_PICTURE)
        facts = self._mistakes.answer(true.facts or {}, number=true.number, opinion=turn.opinion)
        assess_item(
            turn_id=turn.pk,
            facts=Facts.from_dict(facts),
            idempotency=f"practice-{turn.pk}",
            actor=shift.person,
            now=shift.now,
        )
        self._count()
        return True

    def _count(self) -> None:
        self.done += 1
        if self.done % 50 == 1:
            self._told()

    def _told(self) -> None:
        self._tell("assessing", self.done, self.done + queue_length(_MANY))
