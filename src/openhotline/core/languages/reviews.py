"""How far a translation was looked at: a line beside it, as ``# review: human 2026-11-27 5d41402abc4b``.

The last word is a mark of exactly the two texts that were looked at. `extract` writes it; whoever changes either text
afterwards loses the review, since the mark no longer fits.
"""

import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date

from babel.messages.catalog import Message

from openhotline.core.languages.states import BY_HAND, ORDER, Review

_LINE = re.compile(r"review:\s*(?P<state>\S+)(?:\s+(?P<date>\d{4}-\d{2}-\d{2}))?(?:\s+(?P<mark>[0-9a-f]{12}))?\s*")


class CatalogueInvalid(Exception):  # noqa: N818 - names the thing that is wrong, as elsewhere
    """A catalogue cannot be used as it is; the sentence says where, what is allowed and what to do."""


def texts(either: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the text, or all plural forms, of one side of a message."""
    return (either,) if isinstance(either, str) else tuple(either or ())


def is_translated(message: Message) -> bool:
    """Say whether every form of a message has a text that somebody meant for exactly this source."""
    said = texts(message.string)
    return bool(said) and all(said) and not message.fuzzy


def review_of(message: Message) -> Review:
    """Return how far a translation was looked at; a review of other texts than these counts for nothing."""
    if not is_translated(message):
        return Review.MISSING
    found = _read(message)
    return found[0] if found and found[2] == mark_of(message) else Review.MACHINE


def lowest(reviews: Sequence[Review]) -> Review:
    """Return the least of these; of nothing, `MISSING`."""
    return min(reviews, key=ORDER.index, default=Review.MISSING)


def raise_review(message: Message, to: Review, on: date) -> bool:
    """Write that a translation was looked at. Return False, and write nothing, unless it stood one step below."""
    if ORDER.index(review_of(message)) != ORDER.index(to) - 1 or to not in BY_HAND:
        return False
    _write(message, f"review: {to} {on:%Y-%m-%d} {mark_of(message)}")
    return True


def settle(message: Message) -> bool:
    """Put the mark on a review that was written by hand, and take a review away that fits its texts no longer.

    Return whether one was taken away. Raises CatalogueInvalid for a word that is no state.
    """
    found = _read(message)
    if not is_translated(message) or found is None or found[0] is Review.MACHINE:
        _write(message, "review: machine")
        return found is not None and found[0] is not Review.MACHINE
    state, day, mark = found
    if mark and mark != mark_of(message):
        _write(message, "review: machine")
        return True
    _write(message, " ".join(filter(None, (f"review: {state}", day, mark_of(message)))))
    return False


def mark_of(message: Message) -> str:
    """Return twelve hex digits that stand for a source and its translation as they are now."""
    both = json.dumps([message.context or "", texts(message.id), texts(message.string)], ensure_ascii=False)
    return hashlib.sha256(both.encode()).hexdigest()[:12]


def _read(message: Message) -> tuple[Review, str, str] | None:
    for comment in message.user_comments:
        if not comment.startswith("review:"):
            continue
        found = _LINE.fullmatch(comment)
        if found is None or found["state"] not in BY_HAND:
            raise CatalogueInvalid(
                f"{comment!r} stands beside {texts(message.id)[0]!r}. Write one of: review: {', '.join(BY_HAND)}; "
                "then, if you like, the day as 2026-11-27."
            )
        return Review(found["state"]), found["date"] or "", found["mark"] or ""
    return None


def _write(message: Message, line: str) -> None:
    others = [comment for comment in message.user_comments if not comment.startswith("review:")]
    message.user_comments = [line, *others]
