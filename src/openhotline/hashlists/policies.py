"""What may stand on the list, and who may publish it: free of database, HTTP and clock."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from pyrage import RecipientError, x25519

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.hashlists.errors import LineRefused, ListRuleRefused
from openhotline.hashlists.models import Listable, Member, Terms
from openhotline.hashlists.states import (
    CRIMINAL,
    DIGITS,
    LARGEST_QUALITY,
    LARGEST_RADIUS,
    LEAST_QUALITY,
    MEMBER_TRANSITIONS,
    HashKind,
    MemberState,
    Sharing,
    Stream,
)
from openhotline.intake.states import MEMBERS, Scope
from openhotline.law.states import PHOTOGRAPHIC, AiInvolvement, Answer, OutcomeKind

LISTED_OUTCOMES = PHOTOGRAPHIC | {OutcomeKind.PROHIBITED_IMAGE}
NOT_DETERMINED = "not_determined"
MOST_DAILY = 100_000_000
LONGEST_ROUTINE = timedelta(days=31)
MOST_NEW = 100_000
FEWEST_ENTRIES, STEP = 5, 10
_HEX = re.compile(r"[0-9a-f]+")


def confirms_anew(listable: Listable, withdrawn_at: datetime | None) -> bool:
    """Say whether an item may get an entry: it never had one withdrawn, or people decided anew after that."""
    return withdrawn_at is None or (listable.decided_at is not None and listable.decided_at > withdrawn_at)


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


def met_in_words(entries: int, times: int) -> str:
    """Return how often listed pictures were met, as far as it may be said of so many of them together.

    Never of fewer than five, and in tens, rounded down: a small number would say of one picture, on one day, that it
    was sent somewhere - and of a hotline with one such member, through whom.
    """
    if entries < FEWEST_ENTRIES:
        return f"how often is told from {FEWEST_ENTRIES} listed pictures on"
    if times < STEP:
        return f"fewer than {STEP} times"
    return f"at least {times - times % STEP:,} times"


def answer_in_words(answer: bool | None) -> str:  # noqa: FBT001 - a nullable column's value
    """Return yes, no, or that nobody looked."""
    return NOT_DETERMINED if answer is None else Answer.YES if answer else Answer.NO


@dataclass(frozen=True)
class Line:
    """One line of an imported list: a hash in lower-case hex and, of pictures, the quality if the list says it."""

    hash: str
    quality: int | None = None


def checked_lines(lines: Iterable[str], kind: HashKind) -> list[Line]:
    """Return the lines of an imported list, each hash once, the first of several. Raises LineRefused with its number.

    A line of pictures may carry the quality after a comma.
    """
    kept: dict[str, Line] = {}
    for place, text in enumerate(lines, start=1):
        if text.strip():
            line = _line(place, text.strip().lower(), kind)
            kept.setdefault(line.hash, line)
    return list(kept.values())


def _line(place: int, text: str, kind: HashKind) -> Line:
    value, _, told = text.partition(",") if kind == HashKind.PDQ else (text, "", "")
    if len(value) != DIGITS[kind] or not _HEX.fullmatch(value):
        raise LineRefused(
            f"Line {place} is not a hash of the kind {kind}: {DIGITS[kind]} hex digits are needed. Nothing was "
            "imported."
        )
    if not told:
        return Line(value)
    if not (told.isascii() and told.isdigit() and int(told) <= LARGEST_QUALITY):
        raise LineRefused(f"Line {place} says that the quality is {told[:9]!r}; it is 0 to 100. Nothing was imported.")
    return Line(value, int(told))


def check_reach(near_radius: int | None, least_quality: int) -> None:
    """Raise ListRuleRefused unless a list may be matched like this."""
    if near_radius is not None and not 0 <= near_radius <= LARGEST_RADIUS:
        raise ListRuleRefused(
            f"{near_radius} bits is no distance for near matches. Give 0 to {LARGEST_RADIUS}, "
            "or none to match nothing nearly."
        )
    if not LEAST_QUALITY <= least_quality <= LARGEST_QUALITY:
        raise ListRuleRefused(
            f"A least quality of {least_quality} is not allowed: below {LEAST_QUALITY} a hash says too little of its "
            f"picture. Give {LEAST_QUALITY} to {LARGEST_QUALITY}."
        )


def check_exploitative_on() -> None:
    """Raise NotNow unless the operator turned the exploitative stream on."""
    if not settings.EXPLOITATIVE_STREAM:
        raise NotNow(
            "The exploitative stream is off. The operator turns it on by OPENHOTLINE_EXPLOITATIVE=1 "
            "(docs/operators/members.md)."
        )


def check_given(source: str, sharing: Sharing) -> None:
    """Raise NotNow unless what a partner's exploitative list holds may stand on the stream of that name."""
    check_exploitative_on()
    if not source or sharing != Sharing.ONWARD:
        raise NotNow(
            "What is exploitative is taken only to be passed on: say who gave the list (--source), and that its owner "
            "lets you (--sharing onward)."
        )


def check_keeps_lists(person: Person) -> None:
    """Raise NotAllowed unless the person's role drafts, publishes and withdraws."""
    if not person.may(Permission.HANDLE_LISTS):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not keep the list; a list manager, senior analyst or manager does."
        )


def check_terms(terms: Terms) -> None:
    """Raise NotNow unless terms can be agreed."""
    if not terms.streams or not set(terms.streams) <= set(Stream):
        raise NotNow(f"An agreement names streams of the list: {', '.join(Stream)}. Give one or more.")
    if Stream.EXPLOITATIVE in terms.streams:
        check_exploitative_on()
    if terms.addresses or terms.self_reported:
        if not set(terms.streams) & set(CRIMINAL):
            raise NotNow(
                "Addresses and self-reported hashes are given to members that take more than exploitative ones."
            )
        check_age_key(terms.age_key)
    if not 1 <= terms.daily <= MOST_DAILY:
        raise NotNow(f"{terms.daily} hashes a day cannot be agreed; a number from 1 to {MOST_DAILY:,} can.")


def scopes_of(terms: Terms) -> list[Scope]:
    """Return what a member's key may be for by its agreement."""
    needs = {Scope.LIST: terms.download, Scope.ADDRESSES: terms.addresses, Scope.SELF_REPORTED: terms.self_reported}
    return [one for one in MEMBERS if needs.get(one, True)]


def check_age_key(key: str) -> None:
    """Raise NotNow unless something can be sealed to this."""
    try:
        x25519.Recipient.from_str(key)
    except (RecipientError, ValueError) as error:
        raise NotNow(
            f"{key[:80]!r} is no age public key (age1…). A member that is given addresses or self-reported hashes "
            "makes a key pair with age-keygen and tells you the public one."
        ) from error


def check_routine(most_new: int, until: datetime, now: datetime) -> None:
    """Raise NotNow unless releases may go on by the clock like this."""
    if not now < until <= now + LONGEST_ROUTINE:
        raise NotNow(f"Releases by the clock are approved for at most {LONGEST_ROUTINE.days} days. Give fewer days.")
    if not 1 <= most_new <= MOST_NEW:
        raise NotNow(f"{most_new} new lines a release cannot be approved; 1 to {MOST_NEW:,} can.")


def check_member_move(member: Member, operation: str) -> MemberState:
    """Return the state that an operation leads to. Raises NotNow when it does not fit the present one."""
    moves = MEMBER_TRANSITIONS[MemberState(member.state)]
    if operation not in moves:
        raise NotNow(f"{member.partner.name} is {member.state}, so this cannot be done: {operation}.")
    return moves[operation]
