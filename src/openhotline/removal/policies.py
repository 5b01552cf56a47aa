"""What removal concludes and how it writes: free of database, HTTP and clock."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TypeVar

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.core.net.addresses import is_mail
from openhotline.removal.errors import ContactRefused
from openhotline.removal.states import CONTACT_TRANSITIONS, TRANSITIONS, ContactState, Level, RemovalState, Seen

ADDRESSES_A_NOTICE = 50
CHECK_EVERY = timedelta(hours=12)
ASK_HOST_AGAIN = timedelta(hours=24)
HOST_STAYS = timedelta(days=7)
# A host is asked about again before a notice when the last answer is older.
VERIFIED_FOR = timedelta(hours=1)
# A step that follows an event gets this long before what it left is taken up again by the clock.
TAKE_UP_AFTER = timedelta(minutes=15)
NOT_THERE = frozenset({404, 410, 451})
# Codes of a failed fetch that mean the site itself does not answer.
DOES_NOT_ANSWER = frozenset({"name", "connection"})
# How long after each attempt at handing in a mail the next one comes; the last again and again.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 180, 360, 720))
# A worker that has a mail in its hands is taken for dead after this long.
CLAIM_STAYS = timedelta(minutes=10)
CHASE_AFTER = timedelta(hours=48)
CHASES_A_LEVEL = 2
LEVELS = (Level.HOST, Level.OWNER, Level.REGISTRAR)
CODE_ENDS = timedelta(days=90)
ANSWER_COMPLAINT_WITHIN = timedelta(days=7)
# When an address that is gone is looked at again, counted from the look before.
LOOKS_AFTER = tuple(timedelta(days=days) for days in (1, 6, 23, 60, 90))
LONGEST_LETTER = 10_000
MOST_HOLD_HOURS = 24 * 90
LONGEST_REASON = 300

WEEKDAYS = frozenset({"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
_YEAR_DAY = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]")

Thing = TypeVar("Thing")


def seen_in(status: int, content_type: str, *, picture: bool) -> Seen:
    """Say what an answer means for an address. ``picture``: the address itself was a picture when it was captured."""
    if status in NOT_THERE:
        return Seen.MISSED
    if not 200 <= status < 300:
        return Seen.UNCLEAR
    # A page in place of the picture may say "removed", or only keep robots out: a person looks.
    return Seen.UNCLEAR if picture and not content_type.lower().startswith("image/") else Seen.PRESENT


def seen_in_failure(code: str) -> Seen:
    """Say what a fetch that did not work means: a site that does not answer is a miss, anything else is unclear."""
    return Seen.MISSED if code in DOES_NOT_ANSWER else Seen.UNCLEAR


def in_lots(things: Sequence[Thing], size: int = ADDRESSES_A_NOTICE) -> Iterator[Sequence[Thing]]:
    """Yield a list in parts of at most ``size``."""
    for start in range(0, len(things), size):
        yield things[start : start + size]


def counted(seen: Iterable[Seen]) -> dict[Seen, int]:
    """Return how often each was seen, zero included."""
    found = list(seen)
    return {one: found.count(one) for one in Seen}


def next_attempt(attempts: int) -> timedelta:
    """Return how long after so many attempts (1 and more) a mail is handed in again."""
    return BACK_OFF[min(attempts, len(BACK_OFF)) - 1]


def check_mail(text: str) -> str:
    """Return a mail address that may stand in a header. Raises ContactRefused: line breaks, several, or none."""
    plain = text.strip()
    if _CONTROL.search(plain) or not is_mail(plain):
        raise ContactRefused(
            "That is not one plain mail address, such as abuse@provider.example: no line break, no comma, no name "
            "beside it. Nothing was kept."
        )
    return plain


def plain_name(text: str) -> str:
    """Return a provider's name on one line, without signs that steer a mail or a terminal, at most 200 characters."""
    return " ".join(_CONTROL.sub(" ", text).split())[:200] or "not named"


def check_blocked_days(text: str) -> str:
    """Return days on which a contact gets no notice: ``sat sun 12-25``. Raises ContactRefused."""
    days = text.lower().replace(",", " ").split()
    strange = [day for day in days if day not in WEEKDAYS and not _YEAR_DAY.fullmatch(day)]
    if strange or set(days) >= WEEKDAYS or len(days) > 30:
        raise ContactRefused(
            "Blocked days are weekdays (mon to sun, not all seven) and days of the year as month-day (12-25), at most "
            f"30{f'; {strange[0]!r} is neither' if strange else ''}."
        )
    return " ".join(dict.fromkeys(days))


def begin_of_next_day(now: datetime) -> datetime:
    """Return the midnight (UTC) that comes next."""
    day: date = now.astimezone(UTC).date() + timedelta(days=1)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def next_level(level: str) -> Level | None:
    """Return whom to turn to after this level; None after the last."""
    place = LEVELS.index(Level(level)) + 1
    return LEVELS[place] if place < len(LEVELS) else None


def moved(contact: ContactState | str, operation: str) -> ContactState:
    """Return where a contact stands after an operation. Raises NotNow."""
    after = CONTACT_TRANSITIONS[ContactState(contact)].get(operation)
    if after is None:
        raise NotNow(
            f"This contact is {ContactState(contact).value}. It cannot be changed that way; load the page again."
        )
    return after


def check_step(state: str, operation: str) -> RemovalState:
    """Return where a removal stands after an operation. Raises NotNow."""
    after = TRANSITIONS[RemovalState(state)].get(operation)
    if after is None:
        said = RemovalState(state).value.replace("_", " ")
        raise NotNow(f"The removal of this address is {said}, in which this cannot be done. Load the page again.")
    return after


def check_hours(hours: int) -> timedelta:
    """Return how long a hold runs. Raises NotNow outside of 1 hour to 90 days."""
    if not 1 <= hours <= MOST_HOLD_HOURS:
        raise NotNow(f"A hold runs from 1 to {MOST_HOLD_HOURS} hours; {hours} is neither. Nothing was changed.")
    return timedelta(hours=hours)


def check_reason(text: str) -> str:
    """Return a reason that another hotline reads, on one line. Raises NotNow: too long, or it holds an address."""
    plain = " ".join(_CONTROL.sub(" ", text).split())
    if len(plain) > LONGEST_REASON:
        raise NotNow(f"The reason has {len(plain)} characters; it may have {LONGEST_REASON}. Nothing was kept.")
    if "://" in plain or "www." in plain.lower():
        raise NotNow("Leave addresses out of the reason: they have theirs. Nothing was kept.")
    return plain


def check_keeps_removals(person: Person) -> None:
    """Raise NotAllowed unless the person's role decides on contacts, holds, complaints and handovers."""
    if not person.may(Permission.KEEP_REMOVALS):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not decide on contacts, holds or complaints; a senior analyst or "
            "manager does."
        )
