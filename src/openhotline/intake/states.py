"""What a report, an address and a find pass through, as data."""

from enum import StrEnum


class Source(StrEnum):
    """How a report reached the hotline."""

    PUBLIC = "public"
    TELEPHONE = "telephone"
    LETTER = "letter"
    PARTNER = "partner"
    COLLECTION = "collection"
    SWEEP = "sweep"
    DEVICE = "device"


class ReportState(StrEnum):
    """Where a report stands in intake; what later stages do is told by their own rows."""

    STARTED = "started"
    RECEIVED = "received"
    SCREENED = "screened"
    FOR_A_PERSON = "for_a_person"


TRANSITIONS = {
    ReportState.STARTED: {"complete": ReportState.RECEIVED},
    ReportState.RECEIVED: {"screen": ReportState.SCREENED, "hand_to_person": ReportState.FOR_A_PERSON},
    ReportState.SCREENED: {},
    ReportState.FOR_A_PERSON: {},
}


class Lane(StrEnum):
    """Which queue a report waits in; ``urgent`` is never quarantined."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    QUARANTINE = "quarantine"


class Standing(StrEnum):
    """What the hotline already knows of an address; pushed down by the journey, never shown outside."""

    NEW = "new"
    DECIDED = "decided"


class FindState(StrEnum):
    """What became of a file that a collection lists."""

    REGISTERED = "registered"
    TAKEN = "taken"
    REFUSED = "refused"


class Word(StrEnum):
    """The three words a receipt page ever says."""

    RECEIVED = "received"
    WORKED_ON = "being worked on"
    FINISHED = "finished"
