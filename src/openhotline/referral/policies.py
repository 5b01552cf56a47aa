"""Who may refer what: free of database, HTTP and clock."""

from datetime import datetime

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.states import TWO_PEOPLE, Purpose, Role
from openhotline.core.errors import NotAllowed
from openhotline.referral.errors import NotReferable

MOST_ITEMS = 100


def check_can_draft(person: Person) -> None:
    """Raise NotAllowed unless the person's role may ask for a referral."""
    if Role(person.role) not in TWO_PEOPLE[Purpose.REFERRAL].asks:
        raise NotAllowed(f"A {person.role_name.lower()} does not draft referrals; analysts and managers do.")


def check_size(items: int) -> None:
    """Raise NotReferable unless a package can hold so many items."""
    if not 1 <= items <= MOST_ITEMS:
        raise NotReferable(f"A referral holds 1 to {MOST_ITEMS} items; {items} were given. Split or choose them.")


def lapsed(approval: Approval | None, now: datetime) -> bool:
    """Say whether a drafted referral can never be built any more, so that its items are free again."""
    return approval is None or now >= approval.expires_at


def name_of(actor: Person | str) -> str:
    """Return the outside id of a person; the name of a machine step as it is."""
    return actor if isinstance(actor, str) else actor.public_id
