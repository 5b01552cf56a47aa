"""What can go wrong with referrals."""

from openhotline.core.errors import NotNow, Refusal


class NotReferable(NotNow):
    """Items are not in a state in which they can be referred."""


class PackageRefused(Refusal):
    """A package does not open, or does not hold what its manifest says."""


class BadWords(Refusal):
    """What was written for an urgent referral cannot be sent."""


class BadReference(Refusal):
    """What was given is no reference of a partner."""
