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
    SET_ASIDE = "set_aside"


TRANSITIONS = {
    ReportState.STARTED: {"complete": ReportState.RECEIVED},
    ReportState.RECEIVED: {
        "screen": ReportState.SCREENED,
        "hand_to_person": ReportState.FOR_A_PERSON,
        "set_aside_quarantine": ReportState.SET_ASIDE,
    },
    ReportState.SCREENED: {},
    ReportState.FOR_A_PERSON: {},
    ReportState.SET_ASIDE: {"release_quarantine": ReportState.RECEIVED},
}


class Lane(StrEnum):
    """Which queue a report waits in; ``urgent`` is never quarantined."""

    ORDINARY = "ordinary"
    URGENT = "urgent"
    QUARANTINE = "quarantine"


class Why(StrEnum):
    """Why a report waits in quarantine: which limit it went over."""

    SENDER = "sender"
    DOOR = "door"
    BUDGET = "budget"


WHY_WORDS = {
    Why.SENDER: "More than one sender usually reports in so short a time",
    Why.DOOR: "More came in by the public pages, from everybody, than usual",
    Why.BUDGET: "More than was agreed with this partner",
}


class Scope(StrEnum):
    """What a partner's key may be used for."""

    WRITE = "report:write"
    READ = "report:read"


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


# What the public pages ask besides the address, and the answers that can be chosen, by the name they are kept under.
QUESTIONS = {
    "danger": "Is a child in danger right now?",
    "place": "Where is it?",
    "found": "How did you come across it?",
    "more": "Anything else that helps us find it",
    "kind": "What kind of thing is it?",
    "reference": "The partner's own reference",
    "xarf": "What else the partner's XARF report says",
}
ANSWERS = {
    "danger": {"yes": "Yes", "no": "No"},
    "place": {
        "website": "On a web site",
        "social": "On social media",
        "chat": "In a chat or a group",
        "game": "In a game",
        "files": "On a file-sharing service",
        "onion": "On an onion or other hidden service",
        "other": "Somewhere else",
    },
    "found": {
        "by_chance": "By chance",
        "search": "In the results of a search",
        "sent": "Somebody sent it or showed it",
        "work": "In my work",
        "other": "In another way",
    },
    "kind": {
        "picture": "A picture, or several",
        "video": "A video",
        "live": "A live stream",
        "text": "A text, a guide or a chat",
        "tool": "An AI model or a tool",
        "other": "Something else",
    },
}
