"""Tables of people and what they may do."""

from openhotline.accounts.models.approval import Approval
from openhotline.accounts.models.authority import Authority
from openhotline.accounts.models.person import Person

__all__ = ["Approval", "Authority", "Person"]
