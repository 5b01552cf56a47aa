"""What can go wrong with referrals."""

from openhotline.core.errors import NotAllowed, NotNow, Refusal


class NotReferable(NotNow):
    """Items are not in a state in which they can be referred."""


class NotApproved(NotAllowed):
    """Two people have not approved exactly this referral."""


class PackageRefused(Refusal):
    """A package does not open, or does not hold what its manifest says."""
