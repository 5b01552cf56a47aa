"""What a turn in the queue, a decision and a re-derivation pass through, as data."""

from enum import StrEnum


class TurnState(StrEnum):
    """Where an item stands in the assessment queue."""

    WAITING = "waiting"
    LOCKED = "locked"
    DONE = "done"


TRANSITIONS = {
    TurnState.WAITING: {"lock": TurnState.LOCKED},
    TurnState.LOCKED: {"skip": TurnState.WAITING, "expire": TurnState.WAITING, "assess": TurnState.DONE},
    TurnState.DONE: {},
}


class Opinion(StrEnum):
    """Which opinion is asked for. The second is blind; the third resolves a disagreement."""

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"


class DecisionState(StrEnum):
    """Where a decision stands: it can be undone until its window closes."""

    PROVISIONAL = "provisional"
    PUBLISHED = "published"
    UNDONE = "undone"


DECISION_TRANSITIONS = {
    DecisionState.PROVISIONAL: {"publish": DecisionState.PUBLISHED, "undo": DecisionState.UNDONE},
    DecisionState.PUBLISHED: {},
    DecisionState.UNDONE: {},
}


class RederivationState(StrEnum):
    """Where a pass of changed law over all decisions stands. It can be broken off and taken up again."""

    RUNNING = "running"
    FINISHED = "finished"
    SUPERSEDED = "superseded"


REDERIVATION_TRANSITIONS = {
    RederivationState.RUNNING: {"finish": RederivationState.FINISHED, "supersede": RederivationState.SUPERSEDED},
    RederivationState.FINISHED: {},
    RederivationState.SUPERSEDED: {},
}
