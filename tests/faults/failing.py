"""The hotline, dying at named moments: between key, object and flush, around a commit, before an answer, after a mail.

Every time one of the moments is reached the process may kill itself with SIGKILL, with the probability in
OPENHOTLINE_FAIL_RATE; its name is noted first in the file OPENHOTLINE_FAIL_LOG. The hotline's own code knows
nothing of this.

python failing.py serve --port 8000
"""

import os
import random
import signal
from collections.abc import Callable
from typing import Any

RATE = float(os.environ.get("OPENHOTLINE_FAIL_RATE", "0"))
# A child forked from this process would draw the same numbers again: system randomness is never shared.
_CHANCE = random.SystemRandom()
SELDOM = frozenset(
    {
        "data keys are made",
        "an object is written",
        "before objects are flushed",
        "objects are flushed",
        "a mail is handed in",
    }
)
"""Of these a worker has one for a hundred commits."""
OFTEN = 25.0
likelier: dict[str, float] = {}
"""How many times likelier than the rate a death is at a moment, where it is not as likely."""


def perhaps_die(moment: str) -> None:
    """Note the moment and end at once without any clean-up, by chance."""
    if _CHANCE.random() >= RATE * likelier.get(moment, 1.0):
        return
    log = os.open(os.environ["OPENHOTLINE_FAIL_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(log, f"{moment}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)


def dying(function: Callable[..., Any], *, before: str = "", after: str = "") -> Callable[..., Any]:
    """Return the function with moments before and after it."""

    def with_moments(*args: Any, **named: Any) -> Any:
        if before:
            perhaps_die(before)
        answer = function(*args, **named)
        if after:
            perhaps_die(after)
        return answer

    return with_moments


def places() -> tuple[tuple[Any, str, str, str], ...]:
    """Return what has moments: whose function, its name, and what the moments before and after it are called."""
    from django.core.handlers.base import BaseHandler
    from django.db.backends.base.base import BaseDatabaseWrapper

    from openhotline.core.blobs import LocalFolder
    from openhotline.core.datakeys import DataKeys
    from openhotline.core.net import mail
    from openhotline.hashlists.services import publish_release

    return (
        (DataKeys, "make", "", "data keys are made"),
        (LocalFolder, "put", "", "an object is written"),
        (LocalFolder, "flush", "before objects are flushed", "objects are flushed"),
        (BaseDatabaseWrapper, "_commit", "before a commit", "after a commit"),
        (BaseHandler, "get_response", "", "before an answer"),
        (publish_release, "write_release", "", "a release is written"),
        (publish_release, "put_in_place", "", "a release is in its place"),
        (mail, "send", "", "a mail is handed in"),
    )


def install() -> None:
    """Put the moments into this process."""
    for owner, name, before, after in places():
        setattr(owner, name, dying(getattr(owner, name), before=before, after=after))


if __name__ == "__main__":
    from openhotline.config import cli

    likelier.update(dict.fromkeys(SELDOM, OFTEN))
    install()
    cli.main()
