"""Tables of referral, the partner, and the package."""

from openhotline.referral.models.package import VerifiedPackage, verify_package, write_package
from openhotline.referral.models.partner import Partner, partner
from openhotline.referral.models.referral import PoliceAnswer, Referral, ReferredItem, UrgentReferral

__all__ = [
    "Partner",
    "PoliceAnswer",
    "Referral",
    "ReferredItem",
    "UrgentReferral",
    "VerifiedPackage",
    "partner",
    "verify_package",
    "write_package",
]
