"""A scripted analyst at work: looks for a simulated time, takes the breaks that are due, keeps the daily budget."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.exposure.policies import Look, check_may_look
from openhotline.exposure.queries import limits, looks_of
from openhotline.exposure.services.add_simulated_views import SimulatedView, add_simulated_views
from openhotline.practice.machinery import Machinery

ROUND = timedelta(hours=1)
ACTOR = "practice"
_LONGEST_PAUSE = 48


class Shift:
    """One person from now until a break is due. Looks follow one another in simulated time; the clock stands still."""

    def __init__(self, person: Person, now: datetime) -> None:
        self.person, self.now = person, now
        self._at = now
        self._looks = looks_of(person.public_id, now)

    def may_look(self) -> bool:
        """Say whether the rules of exposure let this person look at the next thing, and by the clock take it."""
        in_force = limits()
        try:
            check_may_look(self._looks, self._at, in_force)
            check_may_look(self._looks, self.now, in_force)
        except NotNow:
            return False
        return True

    def look(self, subject: str, *, kind: str, size: int, seconds: float, pictures: int = 1) -> None:
        """Take one look, and keep it: whatever is said of a picture rests on the look before it."""
        self._looks.append(Look(self._at, seconds))
        view = SimulatedView(
            person=self.person.public_id,
            subject=subject,
            kind=kind,
            size=size,
            seconds=seconds,
            at=self._at,
            pictures=pictures,
        )
        add_simulated_views(views=[view], actor=ACTOR, now=self.now)
        self._at += timedelta(seconds=seconds)


Task = Callable[[Shift], bool]
"""Does one piece of work; False when there is none for this person."""


def work_through(people: Sequence[Person], task: Task, machinery: Machinery, *, most: int | None = None) -> int:
    """Let people work, hour by hour, until nothing is left for any of them (or ``most`` is done); return how much.

    When everybody has to pause, the clock moves on.
    """
    done, idle = 0, 0
    while most is None or done < most:
        now, paused = machinery.now(), False
        worked = 0
        for person in people:
            shift = Shift(person, now)
            left = None if most is None else most - done - worked
            worked += _one_shift(shift, task, left)
            paused = paused or not shift.may_look()
        done += worked
        idle = 0 if worked else idle + 1
        if (not worked and not paused) or idle > _LONGEST_PAUSE:
            break
        if most is None or paused:
            machinery.pass_time(ROUND)
    return done


def _one_shift(shift: Shift, task: Task, most: int | None) -> int:
    done = 0
    while (most is None or done < most) and shift.may_look() and task(shift):
        done += 1
    return done
