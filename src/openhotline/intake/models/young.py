"""The young people's path: what is asked after which answer, and where the answers lead.

Pure, and stored nowhere: the answers travel with the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from openhotline.intake.states import Age, Taken, Who, YoungEnd

Answers = Mapping[str, str]
ALLOWED: dict[str, frozenset[str]] = {
    "who": frozenset(Who),
    "age": frozenset(Age),
    "taken": frozenset(Taken),
}
UNDER_18 = frozenset({Age.UNDER_13, Age.FROM_13, Age.FROM_16})


@dataclass(frozen=True)
class Step:
    """What comes now: a question by name, or where the path ends."""

    question: str = ""
    end: YoungEnd | None = None


def next_step(answers: Answers) -> Step:
    """Return what comes after these answers.

    Who is under 18 now is not asked when the picture was taken; not sure counts as under 18. Only one's own picture
    from before 18 leads to the choice with codes.
    """
    who, age, taken = (answers.get(name) for name in ALLOWED)
    if who is None:
        return Step(question="who")
    if who == Who.SOMEONE:
        return Step(end=YoungEnd.SOMEONE)
    if age is None:
        return Step(question="age")
    if age not in UNDER_18 and taken is None:
        return Step(question="taken")
    if taken == Taken.ADULT and age not in UNDER_18:
        return Step(end=YoungEnd.ADULT_PICTURE)
    return Step(end=YoungEnd.CHOICE)


def is_child_now(answers: Answers) -> bool:
    """Say whether somebody may be under 18 now, so that a service for children is offered: all but adults."""
    return answers.get("age") != Age.ADULT


def is_allowed(answers: object) -> bool:
    """Say whether these are answers that the path gives out."""
    return isinstance(answers, dict) and all(
        name in ALLOWED and isinstance(value, str) and value in ALLOWED[name] for name, value in answers.items()
    )
