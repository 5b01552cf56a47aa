"""What referral announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReferralBuilt(Event):
    """Sealed packages are ready. Ids of Referral."""


@dataclass(frozen=True, kw_only=True)
class PoliceAnswered(Event):
    """The police say that what was referred to them is wrong, or that they found otherwise. Ids of PoliceAnswer."""
