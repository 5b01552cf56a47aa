"""Receipts: five plain words and a sixth that tells a slip, and what a receipt says at which time.

Pure: free of database, clock and chance. The words of a report follow from its outside id under the receipt key,
so a report sent twice has one receipt and nothing that could be read back is stored.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from difflib import get_close_matches
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from openhotline.core.errors import Refusal
from openhotline.core.showing import visible
from openhotline.intake.states import Word

LENGTH = 5
BITS = 10
WORKED_ON_AFTER = timedelta(hours=24)
FINISHED_AFTER = timedelta(days=14)


class NotAReceipt(Refusal):
    """What was typed cannot be a receipt; the sentence says what to check. It depends on the words alone."""


@cache
def all_words() -> tuple[str, ...]:
    """Return the 1,024 words in their fixed order. The list never changes: old receipts are read with it."""
    return tuple(Path(__file__).with_name("receipt_words.txt").read_text(encoding="utf-8").split())


@cache
def _places() -> dict[str, int]:
    return {word: place for place, word in enumerate(all_words())}


def words_from(chance: int) -> str:
    """Return the receipt for 50 bits of chance: five words and their check word, with single spaces."""
    if not 0 <= chance < 1 << LENGTH * BITS:
        raise ValueError(f"A receipt is made from {LENGTH * BITS} bits; {chance} is not one of their values.")
    places = [chance >> BITS * turn & (1 << BITS) - 1 for turn in reversed(range(LENGTH))]
    return " ".join(all_words()[place] for place in [*places, check_of(places)])


def check_of(places: Sequence[int]) -> int:
    """Return the place of the check word.

    It is a polynomial over GF(2^10): any one wrong word, and any two that changed places, give another.
    """
    total = 0
    for place in places:
        total = _times_x(total ^ place)
    return total


def _times_x(value: int) -> int:
    # Modulo x^10 + x^3 + 1, which is primitive: the powers of x that weigh the words all differ.
    return (value << 1) ^ (0b10000001001 if value & 0b1000000000 else 0)


def read_words(typed: str) -> str:
    """Return typed words as they were given out: lower case, single spaces. Raises NotAReceipt with a sentence."""
    words = typed.lower().replace(",", " ").replace("-", " ").replace(".", " ").split()
    for word in words:
        if word not in _places():
            raise NotAReceipt(_not_a_word(word))
    if len(words) != LENGTH + 1:
        raise NotAReceipt(
            _("A receipt has %(all)d words; here are %(here)d. Write all of them, in their order.")
            % {"all": LENGTH + 1, "here": len(words)}
        )
    places = [_places()[word] for word in words]
    if check_of(places[:LENGTH]) != places[LENGTH]:
        raise NotAReceipt(_("One of these words is not right, or two have changed places. Check each word."))
    return " ".join(words)


def _not_a_word(word: str) -> str:
    near = get_close_matches(word, all_words(), n=1)
    said = _("“%(word)s” is not one of the words we use. Check its spelling.") % {"word": visible(word[:20])}
    return f"{said} {_('Did you mean “%(word)s”?') % {'word': near[0]}}" if near else said


def receipt_word(received_at: datetime, now: datetime) -> Word:
    """Return what a receipt says. It depends on the time since the report came in, and on nothing else."""
    age = now - received_at
    if age < WORKED_ON_AFTER:
        return Word.RECEIVED
    return Word.WORKED_ON if age < FINISHED_AFTER else Word.FINISHED


def next_change(received_at: datetime, now: datetime) -> datetime | None:
    """Return when the receipt will say the next word; None when it has said its last."""
    moments = (received_at + WORKED_ON_AFTER, received_at + FINISHED_AFTER)
    return next((moment for moment in moments if moment > now), None)
