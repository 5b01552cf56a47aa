"""The hotline, dying at named moments: between an object and its flush, before and after a commit, before an answer.

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


def perhaps_die(moment: str) -> None:
    """Note the moment and end at once without any clean-up, by chance."""
    if _CHANCE.random() >= RATE:
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


def install() -> None:
    """Put the moments into this process."""
    from django.core.handlers.base import BaseHandler
    from django.db.backends.base.base import BaseDatabaseWrapper

    from openhotline.core.blobs import BlobStore
    from openhotline.core.net import mail
    from openhotline.hashlists.services import publish_release

    places: tuple[tuple[Any, str, str, str], ...] = (
        (BlobStore, "put", "", "an object is written"),
        (BlobStore, "flush", "before objects are flushed", "objects are flushed"),
        (BaseDatabaseWrapper, "_commit", "before a commit", "after a commit"),
        (BaseHandler, "get_response", "", "before an answer"),
        (publish_release, "write_release", "", "a release is written"),
        (publish_release, "put_in_place", "", "a release is in its place"),
        (mail, "send", "", "a mail is handed in"),
    )
    for owner, name, before, after in places:
        setattr(owner, name, dying(getattr(owner, name), before=before, after=after))


if __name__ == "__main__":
    from openhotline.config import cli

    install()
    cli.main()
