"""What may stand on the list, and who may publish it: free of database, HTTP and clock."""

import re
from collections.abc import Iterable

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.models import Listable
from openhotline.law.states import PHOTOGRAPHIC, AiInvolvement, Answer, OutcomeKind

LISTED_OUTCOMES = PHOTOGRAPHIC | {OutcomeKind.PROHIBITED_IMAGE}
NOT_DETERMINED = "not_determined"
_SHA256 = re.compile(r"[0-9a-f]{64}")


def may_be_listed(listable: Listable) -> bool:
    """Say whether an item's own outcome puts it on the list.

    An innocent picture that was the source of an altered one has no such outcome itself, so it is never listed.
    """
    return listable.outcome in LISTED_OUTCOMES and listable.consensus >= 1


def ai_involvement_of(listable: Listable) -> AiInvolvement:
    """Return what was assessed; empty is not determined. Raises ValueError for another word."""
    return AiInvolvement(listable.ai_involvement or NOT_DETERMINED)


def real_child_of(listable: Listable) -> Answer:
    """Return what was assessed; empty is not determined, never "no". Raises ValueError for another word."""
    return Answer(listable.real_child or NOT_DETERMINED)


def category_in_words(outcome: str, category: str) -> str:
    """Return the letter; where letters never apply, that; where one is missing, that it was not determined."""
    if outcome not in PHOTOGRAPHIC:
        return "not_applicable"
    return category or NOT_DETERMINED


def answer_in_words(answer: bool | None) -> str:  # noqa: FBT001 - a nullable column's value
    """Return yes, no, or that nobody looked."""
    return NOT_DETERMINED if answer is None else Answer.YES if answer else Answer.NO


def checked_sha256s(sha256s: Iterable[str]) -> list[str]:
    """Return the hashes of an imported list, lower-case, each once. Raises LineRefused with the line's number."""
    kept: dict[str, None] = {}
    for place, text in enumerate(sha256s, start=1):
        value = text.strip().lower()
        if value and not _SHA256.fullmatch(value):
            raise LineRefused(f"Line {place} is not a SHA-256: 64 hex digits are needed. Nothing was imported.")
        if value:
            kept[value] = None
    return list(kept)


def check_keeps_lists(person: Person) -> None:
    """Raise NotAllowed unless the person's role drafts, publishes and withdraws."""
    if not person.may(Permission.HANDLE_LISTS):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not keep the list; a list manager, senior analyst or manager does."
        )
