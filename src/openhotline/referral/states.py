"""What a referral passes through, and how AI involvement is put to the police, as data."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from openhotline.law.states import AiInvolvement


class ReferralState(StrEnum):
    """Where a referral stands."""

    DRAFTED = "drafted"
    BUILT = "built"
    HANDED_OVER = "handed_over"
    RECEIVED = "received"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


class UrgentDraftState(StrEnum):
    """Where words stand that were drafted for the police because of a flag. Only a person sends them."""

    DRAFTED = "drafted"
    SENT = "sent"
    LEFT = "left"


URGENT_DRAFT_TRANSITIONS = {
    UrgentDraftState.DRAFTED: {"send": UrgentDraftState.SENT, "leave": UrgentDraftState.LEFT},
    UrgentDraftState.SENT: {},
    UrgentDraftState.LEFT: {},
}


class PoliceSays(StrEnum):
    """What the police answer to a referral."""

    WRONG = "wrong"
    OTHER_FINDING = "other_finding"
    HAVE_IT = "have_it"


QUESTIONING = frozenset({PoliceSays.WRONG, PoliceSays.OTHER_FINDING})
"""What puts a decision in question, and all that is answered about an item of a package: that has its receipt."""

SAYS_WORDS = {
    PoliceSays.HAVE_IT: "They have it and see to it",
    PoliceSays.WRONG: "It is wrong: not what the referral says",
    PoliceSays.OTHER_FINDING: "They found something else about it",
}


class CameOfAnswer(StrEnum):
    """What came of an answer of the police here."""

    KEPT = "kept"
    WAITS = "waits"
    AGAIN = "again"
    STANDS = "stands"
    OTHERWISE = "otherwise"


CAME_OF_WORDS = {
    CameOfAnswer.KEPT: "kept; no decision is put in question by it",
    CameOfAnswer.WAITS: "about to be decided again",
    CameOfAnswer.AGAIN: "is being decided again",
    CameOfAnswer.STANDS: "decided again, and it stands",
    CameOfAnswer.OTHERWISE: "decided again, and otherwise",
}


class WithdrawnBecause(StrEnum):
    """Why a referral was withdrawn: what changed about what it says."""

    DECISION = "decision"
    LAW = "law"
    MISTAKE = "mistake"


BECAUSE_WORDS = {
    WithdrawnBecause.DECISION: "People decided otherwise",
    WithdrawnBecause.LAW: "The law changed",
    WithdrawnBecause.MISTAKE: "It should not have been sent",
}


TRANSITIONS = {
    ReferralState.DRAFTED: {"build": ReferralState.BUILT, "lapse": ReferralState.LAPSED},
    ReferralState.BUILT: {"hand_over": ReferralState.HANDED_OVER, "withdraw": ReferralState.WITHDRAWN},
    ReferralState.HANDED_OVER: {"note_receipt": ReferralState.RECEIVED, "withdraw": ReferralState.WITHDRAWN},
    ReferralState.RECEIVED: {"withdraw": ReferralState.WITHDRAWN},
    ReferralState.WITHDRAWN: {},
    ReferralState.LAPSED: {},
}

AT_PARTNER = frozenset({ReferralState.HANDED_OVER, ReferralState.RECEIVED, ReferralState.WITHDRAWN})
"""Where the partner may have the package. A withdrawn one may never have reached it; an answer about it is kept."""

_REAL = "It does not say that no real child was harmed; see real_child."
AI_STATEMENTS: Mapping[AiInvolvement, str] = MappingProxyType(
    {
        AiInvolvement.NONE_SEEN: "The analysts saw no sign of AI. That does not say that there was none.",
        AiInvolvement.WHOLLY_SYNTHETIC: f"The analysts assessed it as wholly AI-generated. {_REAL}",
        AiInvolvement.REAL_PICTURE_ALTERED: "The analysts assessed it as a real picture altered by AI.",
        AiInvolvement.NON_PHOTOGRAPHIC_AI: f"The analysts assessed it as AI-generated and not photographic. {_REAL}",
        AiInvolvement.TRAINING_DATA: "It was found in training data. That says nothing on how it was made.",
        AiInvolvement.TOOL_OR_MODEL: "It is a tool or model, not a picture.",
        AiInvolvement.GUIDE_OR_PROMPT: "It is a guide or prompt, not a picture.",
        AiInvolvement.NOT_DETERMINED: "Whether AI was involved was not determined.",
    }
)

PRIORITY_REASONS: Mapping[str, tuple[str, frozenset[str], str]] = MappingProxyType(
    {
        "real_child": ("real_child", frozenset({"yes"}), "Assessed as involving a real child."),
        "altered": (
            "ai_involvement",
            frozenset({AiInvolvement.REAL_PICTURE_ALTERED.value}),
            "Assessed as a real picture altered by AI: a real child is in it.",
        ),
        "coerced": ("used_to_coerce", frozenset({"yes"}), "Used to groom, coerce or extort."),
        "taken_by_child": ("taken_by_child", frozenset({"yes"}), "Taken by the child, who may be coerced."),
        "identifiable": ("likeness_identifiable", frozenset({"yes"}), "The likeness of an identifiable person."),
    }
)
"""Why an item comes first, by fact and the answers that say so. An open answer is no reason, and never a "no"."""
