"""What a referral passes through, as data."""

from enum import StrEnum


class ReferralState(StrEnum):
    """Where a referral stands."""

    DRAFTED = "drafted"
    BUILT = "built"
    HANDED_OVER = "handed_over"


TRANSITIONS = {
    ReferralState.DRAFTED: {"build": ReferralState.BUILT},
    ReferralState.BUILT: {"hand_over": ReferralState.HANDED_OVER},
    ReferralState.HANDED_OVER: {},
}
