"""Tables of referral, the partner, and the package."""

from openhotline.referral.models.package import VerifiedPackage, verify_package, write_package
from openhotline.referral.models.partner import Partner, partner
from openhotline.referral.models.referral import PoliceAnswer, Referral, ReferredItem, UrgentDraft, UrgentReferral

__all__ = [
    "Partner",
    "PoliceAnswer",
    "Referral",
    "ReferredItem",
    "UrgentDraft",
    "UrgentReferral",
    "VerifiedPackage",
    "partner",
    "verify_package",
    "write_package",
]
