"""What an entry and a release pass through, as data."""

from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

from openhotline.law.states import AiInvolvement, OutcomeKind


class EntryState(StrEnum):
    """Where an entry stands."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"


class ListedState(StrEnum):
    """What a version of the list says of where an entry stands; what is withdrawn stands there as a tombstone."""

    ACTIVE = "active"
    DISPUTED = "disputed"
    WITHDRAWN = "withdrawn"


class WithdrawalReason(StrEnum):
    """Why an entry was withdrawn; a closed list, for the audit log and the tombstone."""

    DECIDED_OTHERWISE = "decided_otherwise"
    LISTED_BY_MISTAKE = "listed_by_mistake"
    LAW_CHANGED = "law_changed"
    FEEDBACK = "feedback"
    OWNER = "owner"
    PERMISSION = "permission"


class DisputeState(StrEnum):
    """Where it stands that an entry may be wrong: a person keeps the entry, or withdraws it."""

    OPEN = "open"
    KEPT = "kept"
    WITHDRAWN = "withdrawn"


DISPUTE_TRANSITIONS = {
    DisputeState.OPEN: {"keep": DisputeState.KEPT, "withdraw": DisputeState.WITHDRAWN},
    DisputeState.KEPT: {},
    DisputeState.WITHDRAWN: {},
}


class SelfReportedState(StrEnum):
    """Where a hash stands that a young person made on their own device: nobody here has seen the picture."""

    UNREVIEWED = "unreviewed"
    WITHDRAWN = "withdrawn"


SELF_REPORTED_TRANSITIONS = {
    SelfReportedState.UNREVIEWED: {"withdraw": SelfReportedState.WITHDRAWN},
    SelfReportedState.WITHDRAWN: {},
}


class ReleaseState(StrEnum):
    """Where a release stands."""

    DRAFTED = "drafted"
    PUBLISHED = "published"


TRANSITIONS = {
    ReleaseState.DRAFTED: {"publish": ReleaseState.PUBLISHED},
    ReleaseState.PUBLISHED: {},
}


class Verdict(StrEnum):
    """What a list says of what it holds."""

    KNOWN = "known"
    HARMLESS = "harmless"
    EXPLOITATIVE = "exploitative"


class HashKind(StrEnum):
    """How a list names what it holds: three of exact files, one of pictures."""

    SHA256 = "sha256"
    SHA1 = "sha1"
    MD5 = "md5"
    PDQ = "pdq"


DIGITS = {HashKind.SHA256: 64, HashKind.SHA1: 40, HashKind.MD5: 32, HashKind.PDQ: 64}
"""Hex digits of a hash of each kind."""
LEAST_QUALITY = 50
"""PDQ quality below which a hash says too little to be matched nearly, unless a list asks for more."""
LARGEST_QUALITY = 100
LARGEST_RADIUS = 31
"""Bits beyond which PDQ says nothing of likeness; no list may reach further."""


class Sharing(StrEnum):
    """Whether others may pass an entry on. Unset is never exported as a permission."""

    NOT_DETERMINED = "not_determined"
    MEMBERS_ONLY = "members_only"
    ONWARD = "onward"


class Stream(StrEnum):
    """Which part of the list an entry is in: recipients take them apart, as their law and their duties differ.

    A picture of which it was not determined whether AI took part is ordinary: it may show a real child. What is
    exploitative comes from partners' lists of that kind alone: the law of the list says nothing of it, so that it has
    no letter and is never told together with the rest.
    """

    ORDINARY = "ordinary"
    GENERATIVE_AI = "generative_ai"
    PROHIBITED_IMAGE = "prohibited_image"
    EXPLOITATIVE = "exploitative"


CRIMINAL = tuple(one for one in Stream if one != Stream.EXPLOITATIVE)
"""The streams of what is criminal by the law of the list."""
NO_LAW = "not_applicable"
"""Jurisdiction, outcome and provision of what no law of ours was asked about."""


class Part(StrEnum):
    """What an edition is of: what is criminal by the law of the list never stands in one with what is exploitative."""

    CRIMINAL = "criminal"
    EXPLOITATIVE = "exploitative"


STREAMS_OF = {Part.CRIMINAL: CRIMINAL, Part.EXPLOITATIVE: (Stream.EXPLOITATIVE,)}


class Provenance(StrEnum):
    """How an entry came to be listed. What young people made themselves is a list apart, and no entry."""

    ASSESSED = "own_assessment"
    PARTNER = "partner_list"


class SealedKind(StrEnum):
    """A list beside the hash list, sealed to each member, with a scope and a line in the agreement of its own."""

    ADDRESSES = "addresses"
    SELF_REPORTED = "self_reported"


RELEASED_EVERY = {SealedKind.ADDRESSES: timedelta(hours=12), SealedKind.SELF_REPORTED: timedelta(hours=1)}
"""How soon the next release may follow; none follows when nothing changed."""


class RoutineState(StrEnum):
    """Where it stands that a list is released by the clock, as two people approved."""

    DRAFTED = "drafted"
    RUNNING = "running"
    ENDED = "ended"


ROUTINE_TRANSITIONS = {
    RoutineState.DRAFTED: {"begin": RoutineState.RUNNING, "end": RoutineState.ENDED},
    RoutineState.RUNNING: {"end": RoutineState.ENDED},
    RoutineState.ENDED: {},
}


class MemberState(StrEnum):
    """Where an organisation stands that is to use the list."""

    DRAFTED = "drafted"
    ADMITTED = "admitted"
    SUSPENDED = "suspended"
    ENDED = "ended"


MEMBER_TRANSITIONS = {
    MemberState.DRAFTED: {"admit": MemberState.ADMITTED, "end": MemberState.ENDED},
    MemberState.ADMITTED: {
        "draft": MemberState.DRAFTED, "suspend": MemberState.SUSPENDED, "end": MemberState.ENDED
    },
    MemberState.SUSPENDED: {"draft": MemberState.DRAFTED, "end": MemberState.ENDED},
    MemberState.ENDED: {"draft": MemberState.DRAFTED},
}  # fmt: skip


class MemberPurpose(StrEnum):
    """What a member may use the list for; what it says of itself stands in its agreement."""

    UPLOADS = "uploads"
    HOSTING = "hosting"
    HOTLINE = "hotline"
    LAW_ENFORCEMENT = "law_enforcement"


PURPOSE_WORDS = {
    MemberPurpose.UPLOADS: "stopping uploads to its own services",
    MemberPurpose.HOSTING: "finding what its customers store or send",
    MemberPurpose.HOTLINE: "the work of another hotline",
    MemberPurpose.LAW_ENFORCEMENT: "the work of the police",
}


class IdentityCheck(StrEnum):
    """How it was made sure that an organisation is who it says."""

    REGISTER = "register"
    AUTHORITY = "authority"
    NETWORK = "network"


IDENTITY_WORDS = {
    IdentityCheck.REGISTER: "its entry in a public register, and a call back to the number found there",
    IdentityCheck.AUTHORITY: "an authority that vouches for it",
    IdentityCheck.NETWORK: "a network of hotlines that it belongs to",
}


class FeedbackVerdict(StrEnum):
    """What a member says of an entry after a person there looked."""

    CONFIRM = "confirm"
    DISPUTE = "dispute"


class FeedbackReason(StrEnum):
    """Why a member disputes an entry; of an entry that it confirms there is none."""

    ANOTHER_PICTURE = "another_picture"
    NOT_ILLEGAL_HERE = "not_illegal_here"
    ADULT = "adult"
    NO_PERSON = "no_person"
    INNOCENT_SOURCE = "innocent_source"


FEEDBACK_WORDS = {
    FeedbackReason.ANOTHER_PICTURE: "the hash matches another picture",
    FeedbackReason.NOT_ILLEGAL_HERE: "the picture is not illegal where the member is",
    FeedbackReason.ADULT: "everybody in the picture is an adult",
    FeedbackReason.NO_PERSON: "the picture shows nobody",
    FeedbackReason.INNOCENT_SOURCE: "it is the innocent source of an altered picture",
}


class TheirFormat(StrEnum):
    """In which form a partner gives its list; one hash a line is ``plain``."""

    PLAIN = "plain"
    CSV = "csv"
    NCMEC = "ncmec-xml"
    THREATEXCHANGE = "threatexchange-json"
    STOPNCII = "stopncii-json"


MADE_BY_AI = frozenset(
    {AiInvolvement.WHOLLY_SYNTHETIC, AiInvolvement.REAL_PICTURE_ALTERED, AiInvolvement.NON_PHOTOGRAPHIC_AI}
)


def stream_of(*, outcome: str, ai_involvement: str) -> Stream:
    """Return which part of the list an entry is in: what no law was asked about, prohibited images, then whether AI."""
    if outcome == NO_LAW:
        return Stream.EXPLOITATIVE
    if outcome == OutcomeKind.PROHIBITED_IMAGE:
        return Stream.PROHIBITED_IMAGE
    return Stream.GENERATIVE_AI if ai_involvement in MADE_BY_AI else Stream.ORDINARY


def in_stage(entry: str, percent: int) -> bool:
    """Say whether an entry (by outside id) is among the share of its stream that is answered for.

    The same share every time, so that one query is never answered in two ways.
    """
    return int.from_bytes(sha256(entry.encode()).digest()[:4], "big") % 100 < percent
