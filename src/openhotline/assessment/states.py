"""What a turn in the queue, a decision and a re-derivation pass through, as data."""

from enum import StrEnum


class TurnState(StrEnum):
    """Where an item stands in the assessment queue."""

    WAITING = "waiting"
    LOCKED = "locked"
    DONE = "done"


TRANSITIONS = {
    TurnState.WAITING: {"lock": TurnState.LOCKED},
    TurnState.LOCKED: {
        "skip": TurnState.WAITING,
        "swap": TurnState.WAITING,
        "expire": TurnState.WAITING,
        "assess": TurnState.DONE,
    },
    TurnState.DONE: {},
}


class Opinion(StrEnum):
    """Which opinion is asked for. The second is blind; the third resolves a disagreement.

    A review answers a decision that was put in question. A golden one is a blind opinion on what is decided already:
    it changes nothing, and tells the person afterwards.
    """

    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    REVIEW = "review"
    GOLDEN = "golden"


# Over how many days golden opinions are counted.
GOLDEN_DAYS = 7
BLIND = (Opinion.FIRST, Opinion.SECOND)
# Given with the earlier opinions in sight, by whom the rules name or a manager appoints.
SETTLING = (Opinion.THIRD, Opinion.REVIEW)
ONE_AN_ITEM = (Opinion.FIRST, Opinion.SECOND, Opinion.THIRD)


class DecisionState(StrEnum):
    """Where a decision stands: it can be undone until its window closes."""

    PROVISIONAL = "provisional"
    PUBLISHED = "published"
    UNDONE = "undone"
    CORRECTED = "corrected"


LIVE_DECISIONS = (DecisionState.PROVISIONAL, DecisionState.PUBLISHED)
DECISION_TRANSITIONS = {
    DecisionState.PROVISIONAL: {"publish": DecisionState.PUBLISHED, "undo": DecisionState.UNDONE},
    DecisionState.PUBLISHED: {"correct": DecisionState.CORRECTED},
    DecisionState.UNDONE: {},
    DecisionState.CORRECTED: {},
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


class ReassessmentState(StrEnum):
    """Where a request to decide again stands."""

    OPEN = "open"
    ANSWERED = "answered"


REASSESSMENT_TRANSITIONS = {
    ReassessmentState.OPEN: {"answer": ReassessmentState.ANSWERED},
    ReassessmentState.ANSWERED: {},
}


class Source(StrEnum):
    """Who puts a decision in question."""

    STAFF = "staff"
    MEMBER = "member"
    POLICE = "police"
    COMPLAINT = "complaint"


class ComplaintState(StrEnum):
    """Where a complaint stands."""

    OPEN = "open"
    ANSWERED = "answered"


COMPLAINT_TRANSITIONS = {
    ComplaintState.OPEN: {"answer": ComplaintState.ANSWERED},
    ComplaintState.ANSWERED: {},
}


class Complainer(StrEnum):
    """Who complains."""

    PUBLIC = "public"
    SITE = "site"
    MEMBER = "member"
    POLICE = "police"
    STAFF = "staff"


class Finding(StrEnum):
    """What a complaint was found to be."""

    UPHELD = "upheld"
    NOT_UPHELD = "not_upheld"


class Queue(StrEnum):
    """A queue that one shift hands over to the next."""

    ASSESSMENT = "assessment"
    SORTING = "sorting"
    REPORTS = "reports"
    REMOVALS = "removals"
    LISTS = "lists"
    REFERRALS = "referrals"
