"""The short way of ordinary lookups: from the web server to the operation and back, past Django's layers.

A page's session, language and templates are nothing to a machine with a key, and cost ten times the lookup. What is
not quite ordinary - no key or another one, a request that is not right, a dry run, banks by name, a budget that is
used up - is left to the route, which says what is wrong; what is answered here is answered there in the same words.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any

from django.conf import settings
from django.db import close_old_connections, connection
from django.urls import reverse
from pydantic import ValidationError

from openhotline.core.clock import now as clock_now
from openhotline.core.errors import Refusal
from openhotline.core.problems import MOST_BYTES
from openhotline.hashlists.api import hma
from openhotline.hashlists.api.asking import Caller
from openhotline.hashlists.api.routes import answers_in_json
from openhotline.hashlists.queries import Asker, member_shown
from openhotline.hashlists.schemas import MatchIn
from openhotline.hashlists.services.answer_lookups import answer_lookups
from openhotline.intake.states import Scope

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
Way = Callable[[dict[str, Any], "Shown"], bytes | None]
Shown = Callable[[], Caller]
BEARER = "Bearer "
ROUTE = "members_match"
KNOWN_SECONDS = 1.0
"""How long a key is answered without asking the database again: so late a revoked key is refused at the latest."""
MOST_KNOWN = 1_000
AT_ONCE = {"sqlite": 1}
"""How many lookups a process answers at once: two where the database is another process."""
YEAR = 31_536_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Known:
    """Who a key is of, and the clock and the machine's seconds when the database was asked."""

    caller: Caller
    seconds: float


class ShortWay:
    """Answers ordinary lookups itself and hands everything else on.

    Threads take turns: they share one interpreter, and without turns hand it on, and wait for a processor, at each call
    that leaves it - a dozen times a lookup. While one waits for a database at the end of a wire another has its turn.
    """

    def __init__(self, long_way: Application) -> None:
        self.long_way = long_way
        self.known: dict[bytes, _Known] = {}
        self.turn = threading.Semaphore(AT_ONCE.get(connection.vendor, 2))
        plain = _headers("application/json")
        self.ways: Mapping[tuple[str, str], tuple[Way, list[tuple[str, str]]]] = {
            ("POST", reverse(ROUTE)): (_matched, _headers("application/json; charset=utf-8")),
            ("GET", reverse("hma_lookup")): (_looked_up, plain),
            ("GET", reverse("hma_raw_lookup")): (_looked_up_raw, plain),
        }

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Answer one request."""
        found = self.ways.get((environ["REQUEST_METHOD"], environ["PATH_INFO"]))
        if found is None:
            return self.long_way(environ, start)
        way, headers = found
        said = self._answered(way, environ)
        if said is None:
            return self.long_way(environ, start)
        start("200 OK", [*headers, ("Content-Length", str(len(said)))])
        return [said]

    def _answered(self, way: Way, environ: dict[str, Any]) -> bytes | None:
        """Return the answer; None where the long way has to say something else."""
        shown = environ.get("HTTP_AUTHORIZATION", "")
        if not shown.startswith(BEARER):
            return None
        try:
            with self.turn:
                return way(environ, lambda: self._caller(shown.removeprefix(BEARER)))
        except (Refusal, ValidationError):
            return None
        except Exception:
            # The long way mends a connection that was lost, and answers for whatever else it is.
            log.exception("a lookup was not answered by the short way")
            return None

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


def _headers(content: str) -> list[tuple[str, str]]:
    headers = [("Content-Type", content), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    if not settings.PRACTICE:
        headers.append(("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains"))
    return headers


def _matched(environ: dict[str, Any], shown: Shown) -> bytes | None:
    """Answer `POST match`; the body is there for the long way if it is left to that."""
    length = environ.get("CONTENT_LENGTH") or ""
    if not length.isdecimal() or not 0 < int(length) <= MOST_BYTES:
        return None
    body = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    sent = MatchIn.model_validate_json(body)
    if sent.dry_run:
        return None
    caller = shown()
    asked = [one.asked() for one in sent.hashes]
    told = answer_lookups(member=caller.asker.member, actor=caller.asker.key, asked=asked, now=caller.now)
    return answers_in_json(told, caller.terms)


def _looked_up(environ: dict[str, Any], shown: Shown) -> bytes | None:
    """Answer `m/lookup` of a hash."""
    said = _parameters(environ, {"signal_type", "signal"})
    return None if said is None else hma.by_bank_in_json(shown(), said)


def _looked_up_raw(environ: dict[str, Any], shown: Shown) -> bytes | None:
    """Answer `m/raw_lookup` of a hash."""
    said = _parameters(environ, {"signal_type", "signal", "include_distance"})
    return None if said is None else hma.raw_in_json(shown(), said)


def _parameters(environ: dict[str, Any], allowed: set[str]) -> dict[str, str] | None:
    """Return what stands in the address; None where that is not plain: twice, escaped, or what is not asked here."""
    text: str = environ.get("QUERY_STRING", "")
    if not text.isascii() or "%" in text or "+" in text or environ.get("CONTENT_LENGTH") not in {None, "", "0"}:
        return None
    pairs = [one.partition("=") for one in text.split("&")]
    said = {name: value for name, _, value in pairs}
    return said if len(said) == len(pairs) and said.keys() <= allowed else None
