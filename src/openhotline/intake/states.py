"""What a report, an address and a find pass through, as data."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Source(StrEnum):
    """How a report reached the hotline."""

    PUBLIC = "public"
    TELEPHONE = "telephone"
    LETTER = "letter"
    PARTNER = "partner"
    COLLECTION = "collection"
    PROACTIVE = "proactive"
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
    """What a partner's key may be used for: reporting, or as a member what the hash list is for."""

    WRITE = "report:write"
    READ = "report:read"
    LIST = "list:read"
    MATCH = "list:match"
    FEEDBACK = "list:feedback"
    ADDRESSES = "list:addresses"
    SELF_REPORTED = "list:self-reported"


REPORTING = (Scope.WRITE, Scope.READ)
MEMBERS = (Scope.LIST, Scope.MATCH, Scope.FEEDBACK, Scope.ADDRESSES, Scope.SELF_REPORTED)
"""Scopes that open nothing unless two people admitted the partner as a member (hashlists)."""


class Standing(StrEnum):
    """What the hotline already knows of an address; pushed down by the journey, never shown outside."""

    NEW = "new"
    DECIDED = "decided"


class FindState(StrEnum):
    """What became of a file of a collection. Folded: its bytes were there already; where it was found is kept."""

    REGISTERED = "registered"
    TAKEN = "taken"
    FOLDED = "folded"
    REFUSED = "refused"


FIND_TRANSITIONS = {
    FindState.REGISTERED: {"take": FindState.TAKEN, "fold": FindState.FOLDED, "refuse": FindState.REFUSED},
    FindState.TAKEN: {},
    FindState.FOLDED: {},
    FindState.REFUSED: {"register_again": FindState.REGISTERED},
}


class WhyRefused(StrEnum):
    """Why a file of a collection was not taken. The sentence beside it says more; this is what is counted."""

    LINE = "line"
    TWICE = "twice"
    OUTSIDE = "outside"
    MISSING = "missing"
    NO_FILE = "no_file"
    TOO_LARGE = "too_large"
    SWELLS = "swells"
    ARCHIVE = "archive"
    LOCKED = "locked"
    DIFFERS = "differs"
    CHANGED = "changed"
    DAMAGED = "damaged"
    NOT_KEPT = ""


WHY_REFUSED_WORDS = {
    WhyRefused.LINE: "The manifest's line cannot be read",
    WhyRefused.TWICE: "Named twice",
    WhyRefused.OUTSIDE: "The path leads out of the collection",
    WhyRefused.MISSING: "Not there",
    WhyRefused.NO_FILE: "A link, or no ordinary file",
    WhyRefused.TOO_LARGE: "Too large",
    WhyRefused.SWELLS: "Swells too much when unpacked",
    WhyRefused.ARCHIVE: "An archive inside the collection",
    WhyRefused.LOCKED: "Needs a password, or is packed in a way that is not read",
    WhyRefused.DIFFERS: "Not what the manifest says",
    WhyRefused.CHANGED: "Changed while it was brought in",
    WhyRefused.DAMAGED: "Damaged, or the disk did not give it",
    WhyRefused.NOT_KEPT: "Refused before reasons were counted; the sentence says it",
}
LONGEST_REFUSAL = 300
"""Letters of the sentence that is kept of a refusal."""
MAY_PASS = frozenset({WhyRefused.MISSING, WhyRefused.DIFFERS, WhyRefused.CHANGED, WhyRefused.DAMAGED})
"""What may have been mended since: such a find is registered again when its collection is imported again."""


class SweepState(StrEnum):
    """Where a sweep stands. One that is running is over, too, once its authority has ended."""

    DRAFTED = "drafted"
    RUNNING = "running"
    ENDED = "ended"


SWEEP_TRANSITIONS = {
    SweepState.DRAFTED: {"begin_sweep": SweepState.RUNNING, "end_sweep": SweepState.ENDED},
    SweepState.RUNNING: {"end_sweep": SweepState.ENDED},
    SweepState.ENDED: {},
}


class VisitState(StrEnum):
    """How a visit to a page of a sweep ended."""

    NEW = "new"
    NOTHING_NEW = "nothing_new"
    FAILED = "failed"
    REFUSED = "refused"


class DeviceHashState(StrEnum):
    """Where the code of a picture stands that a young person made on their own device."""

    KEPT = "kept"
    HANDED_OVER = "handed_over"
    WITHDRAWN = "withdrawn"


DEVICE_HASH_TRANSITIONS = {
    DeviceHashState.KEPT: {"hand_over": DeviceHashState.HANDED_OVER, "withdraw": DeviceHashState.WITHDRAWN},
    DeviceHashState.HANDED_OVER: {"withdraw": DeviceHashState.WITHDRAWN},
    DeviceHashState.WITHDRAWN: {},
}


class HelpPurpose(StrEnum):
    """What a service helps a young person with."""

    LISTEN = "listen"
    SUICIDE = "suicide"
    TAKE_DOWN = "take_down"
    KEEP = "keep"
    ADULT_PICTURE = "adult_picture"
    WORRIED_YOUNG = "worried_young"
    WORRIED_ADULT = "worried_adult"


class Who(StrEnum):
    """Who is in the picture, as a young person answers."""

    ME = "me"
    SOMEONE = "someone"


class Age(StrEnum):
    """The age now of whoever asks for help."""

    UNDER_13 = "under_13"
    FROM_13 = "13_to_15"
    FROM_16 = "16_to_17"
    ADULT = "18_or_over"
    NOT_SAID = "not_said"


class Taken(StrEnum):
    """The age at which a picture was taken or made."""

    UNDER_18 = "under_18"
    ADULT = "18_or_over"
    NOT_SURE = "not_sure"


class YoungEnd(StrEnum):
    """Where the young people's path leads."""

    CHOICE = "choice"
    ADULT_PICTURE = "adult_picture"
    SOMEONE = "someone"


class Word(StrEnum):
    """The three words a receipt page ever says."""

    RECEIVED = "received"
    WORKED_ON = "being worked on"
    FINISHED = "finished"


class Kind(StrEnum):
    """What kind of thing is reported."""

    PICTURE = "picture"
    VIDEO = "video"
    LIVE = "live"
    TEXT = "text"
    GUIDE = "guide"
    MODEL = "model"
    OTHER = "other"


# What the public pages ask besides the address, and the answers that can be chosen, by the name they are kept under.
QUESTIONS = {
    "danger": _("Is a child in danger right now?"),
    "what": _("What is it?"),
    "place": _("Where is it?"),
    "found": _("How did you find it?"),
    "more": _("What else helps us find it?"),
    # From partners' machines; shown at the desk alone.
    "reference": _("The partner's own reference"),
    "xarf": _("What else the partner's XARF report says"),
}
ANSWERS = {
    "danger": {"yes": _("Yes"), "no": _("No")},
    "what": {
        Kind.PICTURE.value: _("A picture"),
        Kind.VIDEO.value: _("A video"),
        Kind.LIVE.value: _("A live stream, on now"),
        Kind.TEXT.value: _("Text or a story"),
        Kind.GUIDE.value: _("A guide on how to make it"),
        Kind.MODEL.value: _("An AI model or tool that makes it"),
        Kind.OTHER.value: _("Something else"),
    },
    "place": {
        "website": _("On a web site"),
        "social": _("On social media"),
        "chat": _("In a chat or a group"),
        "game": _("In a game"),
        "files": _("On a site to share files"),
        "onion": _("On an onion site, or another hidden one"),
        "other": _("Somewhere else"),
    },
    "found": {
        "by_chance": _("By chance"),
        "search": _("I searched for something, and it came up"),
        "sent": _("Someone sent it or showed it to me"),
        "work": _("In my work"),
        "other": _("In another way"),
    },
}


def is_urgent(details: Mapping[str, str]) -> bool:
    """Say whether what was told puts a report into the urgent lane: a child in danger, or a stream that is on now."""
    return details.get("danger") == "yes" or details.get("what") == Kind.LIVE
