"""The short way of ordinary lookups: from the web server to the operation and back, past Django's layers.

A page's session, language and templates are nothing to a machine with a key, and cost ten times the lookup. What is
not quite ordinary - no key or another one, a body that is not right, a dry run, a budget that is used up - is left to
the route `members_match`, which says what is wrong; what is answered here is answered there in the same words.
"""

import json
import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from django.urls import reverse
from pydantic import ValidationError

from openhotline.core.clock import now as clock_now
from openhotline.core.errors import Refusal
from openhotline.core.problems import MOST_BYTES
from openhotline.hashlists.api.asking import Caller
from openhotline.hashlists.api.routes import answers
from openhotline.hashlists.queries import Asker, member_shown
from openhotline.hashlists.schemas import MatchIn
from openhotline.hashlists.services.answer_lookups import answer_lookups
from openhotline.intake.states import Scope

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
BEARER = "Bearer "
ROUTE = "members_match"
KNOWN_SECONDS = 1.0
"""How long a key is answered without asking the database again: so late a revoked key is refused at the latest."""
MOST_KNOWN = 1_000
YEAR = 31_536_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """Who a key is of, and the clock and the machine's seconds when the database was asked."""

    caller: Caller
    seconds: float


class ShortWay:
    """Answers ordinary lookups itself and hands everything else on."""

    def __init__(self, long_way: Application) -> None:
        self.long_way = long_way
        self.path = reverse(ROUTE)
        self.known: dict[bytes, _Known] = {}
        self.headers = [("Content-Type", "application/json; charset=utf-8"), ("Cache-Control", "no-store")]
        self.headers.append(("X-Content-Type-Options", "nosniff"))
        if not settings.PRACTICE:
            self.headers.append(("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains"))

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        if environ["PATH_INFO"] != self.path or environ["REQUEST_METHOD"] != "POST":
            return self.long_way(environ, start)
        length = environ.get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or not 0 < int(length) <= MOST_BYTES:
            return self.long_way(environ, start)
        body = environ["wsgi.input"].read(int(length))
        said = self._answered(environ.get("HTTP_AUTHORIZATION", ""), body)
        if said is None:
            environ["wsgi.input"] = BytesIO(body)
            return self.long_way(environ, start)
        start("200 OK", [*self.headers, ("Content-Length", str(len(said)))])
        return [said]

    def _answered(self, shown: str, body: bytes) -> bytes | None:
        """Return the answer; None where the long way has to say something else."""
        try:
            sent = MatchIn.model_validate_json(body)
            if sent.dry_run or not shown.startswith(BEARER):
                return None
            caller = self._caller(shown.removeprefix(BEARER))
            asked = [one.asked() for one in sent.hashes]
            member, key = caller.asker.member, caller.asker.key
            told = answer_lookups(member=member, actor=key, asked=asked, now=caller.now)
        except (Refusal, ValidationError):
            return None
        except Exception:
            # The long way mends a connection that was lost, and answers for whatever else it is.
            log.exception("a lookup was not answered by the short way")
            return None
        return json.dumps({"answers": answers(told, member.agreed), "dry_run": False}).encode()

    def _caller(self, text: str) -> Caller:
        """Return who asks, as the database said within the last second. Raises what `member_shown` does."""
        name, seconds = sha256(text.encode()).digest(), time.monotonic()
        known = self.known.get(name)
        if known is not None and seconds - known.seconds < KNOWN_SECONDS:
            return Caller(known.caller.asker, known.caller.now + timedelta(seconds=seconds - known.seconds))
        close_old_connections()
        now = clock_now()
        asker: Asker = member_shown(text, Scope.MATCH, now=now)
        if len(self.known) >= MOST_KNOWN:
            self.known.clear()
        self.known[name] = _Known(Caller(asker, now), seconds)
        return Caller(asker, now)
