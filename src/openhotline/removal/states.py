"""What a removal, a contact, a hold and a complaint pass through, as data."""

from dataclasses import dataclass
from enum import StrEnum


class RemovalState(StrEnum):
    """Where the removal of an address stands."""

    OPENED = "opened"
    HELD = "held"
    HOST_UNKNOWN = "host_unknown"
    CONTACT_WAITS = "contact_waits"
    NOTICE_DUE = "notice_due"
    NOTICED = "noticed"
    ABROAD = "abroad"
    GONE = "gone"
    STOPPED = "stopped"


TRANSITIONS = {
    RemovalState.OPENED: {
        "find_host": RemovalState.NOTICE_DUE,
        "find_new_contact": RemovalState.CONTACT_WAITS,
        "host_not_found": RemovalState.HOST_UNKNOWN,
        "hold": RemovalState.HELD,
        "hand_abroad": RemovalState.ABROAD,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.HELD: {
        "release_hold": RemovalState.OPENED,
        "third_miss": RemovalState.GONE,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.HOST_UNKNOWN: {
        "find_host": RemovalState.NOTICE_DUE,
        "find_new_contact": RemovalState.CONTACT_WAITS,
        "hold": RemovalState.HELD,
        "hand_abroad": RemovalState.ABROAD,
        "third_miss": RemovalState.GONE,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.CONTACT_WAITS: {
        "approve_contact": RemovalState.NOTICE_DUE,
        "ask_host_again": RemovalState.OPENED,
        "hold": RemovalState.HELD,
        "hand_abroad": RemovalState.ABROAD,
        "third_miss": RemovalState.GONE,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.NOTICE_DUE: {
        "send_notice": RemovalState.NOTICED,
        "contact_fails": RemovalState.CONTACT_WAITS,
        "host_moved": RemovalState.OPENED,
        "hold": RemovalState.HELD,
        "hand_abroad": RemovalState.ABROAD,
        "third_miss": RemovalState.GONE,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.NOTICED: {
        "third_miss": RemovalState.GONE,
        "chase": RemovalState.NOTICE_DUE,
        "host_moved": RemovalState.OPENED,
        "bounced": RemovalState.CONTACT_WAITS,
        "hold": RemovalState.HELD,
        "hand_abroad": RemovalState.ABROAD,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.ABROAD: {
        "third_miss": RemovalState.GONE,
        "taken_back": RemovalState.OPENED,
        "stop": RemovalState.STOPPED,
    },
    RemovalState.GONE: {"back_again": RemovalState.OPENED, "stop": RemovalState.STOPPED},
    RemovalState.STOPPED: {},
}
# Looked at again until gone. Before a notice too: what goes by itself, or moves while the police think, is seen.
WATCHED = (
    RemovalState.HELD,
    RemovalState.CONTACT_WAITS,
    RemovalState.NOTICED,
    RemovalState.ABROAD,
)
# There, as far as is known, and no hold of the police on it: what members may be told of.
LIVE = (
    RemovalState.HOST_UNKNOWN,
    RemovalState.CONTACT_WAITS,
    RemovalState.NOTICE_DUE,
    RemovalState.NOTICED,
    RemovalState.ABROAD,
)
OVER = frozenset({RemovalState.GONE, RemovalState.STOPPED})
MISSES_UNTIL_GONE = 3


class Seen(StrEnum):
    """What a re-check saw. Unclear counts neither way: a person looks."""

    PRESENT = "present"
    MISSED = "missed"
    UNCLEAR = "unclear"


class Level(StrEnum):
    """Whom a notice goes to: first the host, then whoever owns the name, then the registrar it was bought from."""

    HOST = "host"
    OWNER = "owner"
    REGISTRAR = "registrar"


class ContactState(StrEnum):
    """Whether notices may go to a contact. Nothing goes to one that no person approved."""

    PROPOSED = "proposed"
    SECONDING = "seconding"
    APPROVED = "approved"
    REFUSED = "refused"
    BOUNCED = "bounced"


CONTACT_TRANSITIONS = {
    ContactState.PROPOSED: {
        "approve_contact": ContactState.APPROVED,
        "approve_first_of_two": ContactState.SECONDING,
        "refuse_contact": ContactState.REFUSED,
    },
    ContactState.SECONDING: {"approve_contact": ContactState.APPROVED, "refuse_contact": ContactState.REFUSED},
    ContactState.APPROVED: {"refuse_contact": ContactState.REFUSED, "bounce": ContactState.BOUNCED},
    ContactState.REFUSED: {
        "approve_contact": ContactState.APPROVED,
        "approve_first_of_two": ContactState.SECONDING,
    },
    ContactState.BOUNCED: {
        "approve_contact": ContactState.APPROVED,
        "approve_first_of_two": ContactState.SECONDING,
        "refuse_contact": ContactState.REFUSED,
    },
}


BY_HAND = "a person"
"""The source of a contact that a person found; no registry's server has a space in its name."""


class Asked(StrEnum):
    """What was asked about a site, each answer kept with its moment."""

    DNS = "dns"
    NETWORK = "network"
    DOMAIN = "domain"
    TABLE = "table"


class Said(StrEnum):
    """What a receiver of a notice says of it, on the page for receivers or by mail."""

    REMOVED = "removed"
    NOT_OURS = "not_ours"
    DISPUTE = "dispute"
    REPLY = "reply"
    BOUNCE = "bounce"


class HoldEnd(StrEnum):
    """Why a police hold ended. None of them is the clock: that only alerts a person."""

    POLICE_AGREED = "police_agreed"
    NO_ANSWER = "no_answer"
    IN_ERROR = "in_error"
    GONE = "gone"


class ComplaintEnd(StrEnum):
    """How a complaint that something was taken down wrongly was answered."""

    UPHELD = "upheld"
    REJECTED = "rejected"


class HandoverAction(StrEnum):
    """What the hotline of another country did with an address that was handed to it, or we with theirs."""

    TAKEN = "taken"
    REPORTED_TO_POLICE = "reported_to_police"
    NOTICE_SENT = "notice_sent"
    REMOVED = "removed"
    NOT_ILLEGAL = "not_illegal"
    NOT_FOUND = "not_found"
    NOT_HERE = "not_here"
    CANNOT_ACT = "cannot_act"


# After these the address is ours again: a person or the next look decides on.
GIVEN_BACK = frozenset({HandoverAction.NOT_HERE, HandoverAction.CANNOT_ACT, HandoverAction.NOT_ILLEGAL})
# An answer that ends the matter, or gives it back, says why.
NEEDS_REASON = GIVEN_BACK | {HandoverAction.NOT_FOUND}
ACTION_WORDS = {
    HandoverAction.TAKEN: "taken up",
    HandoverAction.REPORTED_TO_POLICE: "reported to the police",
    HandoverAction.NOTICE_SENT: "the provider was notified",
    HandoverAction.REMOVED: "removed",
    HandoverAction.NOT_ILLEGAL: "not illegal there",
    HandoverAction.NOT_FOUND: "not found",
    HandoverAction.NOT_HERE: "not hosted there",
    HandoverAction.CANNOT_ACT: "cannot act",
}


@dataclass(frozen=True)
class Classification:
    """How an outcome and its letter are classified in XARF; ``verified`` once the format's owner confirmed it."""

    outcome: str
    category: str
    value: str
    verified: bool


BASELINE = "baseline"
# The format wants one of baseline, A1, A2, B1, B2 and does not say how national categories map to them. Until a mapping
# was confirmed, everything is sent as baseline and the legal basis stands beside it in words.
CLASSIFICATIONS = (
    Classification("photograph", "A", BASELINE, verified=False),
    Classification("photograph", "B", BASELINE, verified=False),
    Classification("photograph", "C", BASELINE, verified=False),
    Classification("pseudo_photograph", "A", BASELINE, verified=False),
    Classification("pseudo_photograph", "B", BASELINE, verified=False),
    Classification("pseudo_photograph", "C", BASELINE, verified=False),
    Classification("prohibited_image", "", BASELINE, verified=False),
)
