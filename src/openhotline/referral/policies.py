"""Who may refer what: free of database, HTTP and clock."""

from datetime import datetime, timedelta

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.states import TWO_PEOPLE, Permission, Purpose, Role
from openhotline.core.errors import NotAllowed
from openhotline.referral.errors import BadReference, BadWords, NotReferable
from openhotline.referral.models.package import LONGEST_MANIFEST
from openhotline.referral.states import QUESTIONING, PoliceSays

MOST_ITEMS = 5_000
"""A manifest is read whole, by us and by the partner: of so many items it has some 10 MB."""
LEAST_WORDS, MOST_WORDS = 20, 10_000
MOST_REFERENCE = 120
SECOND_WITHIN = timedelta(hours=24)
"""How long a second signature on an urgent referral may take before it is told that there is none."""


def check_can_draft(person: Person) -> None:
    """Raise NotAllowed unless the person's role may ask for a referral."""
    if Role(person.role) not in TWO_PEOPLE[Purpose.REFERRAL].asks:
        raise NotAllowed(f"A {person.role_name.lower()} does not draft referrals; analysts and managers do.")


def check_size(items: int) -> None:
    """Raise NotReferable unless a package can hold so many items."""
    if not 1 <= items <= MOST_ITEMS:
        raise NotReferable(f"A referral holds 1 to {MOST_ITEMS:,} items; {items:,} were given. Split or choose them.")


def check_manifest(manifest: str) -> None:
    """Raise NotReferable for a manifest that no partner's software would read, before two people sign it."""
    if len(manifest.encode()) > LONGEST_MANIFEST:
        raise NotReferable(
            f"What is known of these items takes more than {LONGEST_MANIFEST:,} bytes in the manifest. Draft two "
            "referrals, with half of the items each."
        )


def lapsed(approval: Approval | None, now: datetime) -> bool:
    """Say whether a drafted referral can never be built any more, so that its items are free again."""
    return approval is None or now >= approval.expires_at


def name_of(actor: Person | str) -> str:
    """Return the outside id of a person; the name of a machine step as it is."""
    return actor if isinstance(actor, str) else actor.public_id


def check_can_refer(person: Person) -> None:
    """Raise NotAllowed unless the person handles referrals that went out."""
    if not person.may(Permission.REFER):
        raise NotAllowed(f"A {person.role_name.lower()} does not handle referrals; senior analysts and managers do.")


def check_questions(says: PoliceSays) -> None:
    """Raise NotReferable for an answer that says nothing about an item: of a package the receipt is noted instead."""
    if says not in QUESTIONING:
        raise NotReferable("That the partner has a package is noted as its receipt, with the partner's reference.")


def check_can_second(person: Person) -> None:
    """Raise NotAllowed unless the person may be the second to sign a referral."""
    if Role(person.role) not in TWO_PEOPLE[Purpose.REFERRAL].approves:
        raise NotAllowed(f"A {person.role_name.lower()} is not the second to sign; senior analysts and managers are.")


def checked_words(words: str) -> str:
    """Return the words of an urgent referral, without blanks around them. Raises BadWords."""
    text = words.replace("\r\n", "\n").strip()
    if not LEAST_WORDS <= len(text) <= MOST_WORDS:
        raise BadWords(
            f"Write {LEAST_WORDS} to {MOST_WORDS:,} characters: who is in danger, where, and how you know. You wrote "
            f"{len(text):,}."
        )
    if any(not (one.isprintable() or one in "\n\t") for one in text):
        raise BadWords("There are characters in it that cannot be printed. Type the words instead of pasting a file.")
    return text


def checked_reference(reference: str) -> str:
    """Return a partner's reference without blanks around it. Raises BadReference."""
    text = reference.strip()
    if not 1 <= len(text) <= MOST_REFERENCE or not text.isprintable():
        raise BadReference(f"Give the partner's reference: one line of 1 to {MOST_REFERENCE} characters.")
    return text
