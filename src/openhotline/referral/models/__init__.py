"""Tables of referral."""

from openhotline.referral.models.referral import Referral, ReferredItem

__all__ = ["Referral", "ReferredItem"]
