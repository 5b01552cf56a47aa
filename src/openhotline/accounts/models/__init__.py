"""Tables of people and what they may do."""

from openhotline.accounts.models.approval import Approval
from openhotline.accounts.models.attempt import Attempt
from openhotline.accounts.models.authority import Authority
from openhotline.accounts.models.contact import Contact
from openhotline.accounts.models.invitation import Invitation
from openhotline.accounts.models.key_choice import KeyChoice
from openhotline.accounts.models.on_call import OnCall
from openhotline.accounts.models.person import Person
from openhotline.accounts.models.role_change import RoleChange

__all__ = ["Approval", "Attempt", "Authority", "Contact", "Invitation", "KeyChoice", "OnCall", "Person", "RoleChange"]
