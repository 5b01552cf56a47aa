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
    LAPSED = "lapsed"


TRANSITIONS = {
    ReferralState.DRAFTED: {"build": ReferralState.BUILT, "lapse": ReferralState.LAPSED},
    ReferralState.BUILT: {"hand_over": ReferralState.HANDED_OVER},
    ReferralState.HANDED_OVER: {},
    ReferralState.LAPSED: {},
}

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
