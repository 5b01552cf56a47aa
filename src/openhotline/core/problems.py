"""Refusals of an API as application/problem+json: a sentence each, and nothing of what was sent."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from pydantic_core import from_json

from openhotline.core.errors import Missing, NotAllowed, Refusal, TooMany, Unauthorised

TYPE = "application/problem+json"
MOST_BYTES = 1_000_000
MOST_ERRORS = 20
TOO_LARGE = f"A request holds at most {MOST_BYTES:,} bytes. Send fewer reports at once. Nothing was kept."
NOT_JSON = "The body is not JSON that can be read (in UTF-8, at most 200 levels deep). Nothing was kept."
TITLES = {
    400: "Bad request",
    401: "Not signed in",
    403: "Not allowed",
    404: "Not found",
    409: "Not now",
    413: "Too large",
    422: "Not right",
    429: "Too often",
}
STATUS: dict[type[Refusal], int] = {
    Missing: 404,
    NotAllowed: 403,
    TooMany: 429,
}


class StrictJson(Parser):
    """JSON without NaN, lone surrogates or bottomless nesting; the size is looked at before anything is read."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body. Raises ValueError, which Ninja turns into its own refusal."""
        found: dict[str, Any] = from_json(request.body, allow_inf_nan=False, cache_strings=False)
        return found


class Unreadable(Exception):  # noqa: N818 - the fact itself
    """The request cannot be read at all."""


def problem(
    status: int, detail: str, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return one refusal."""
    body = {"type": "about:blank", "title": TITLES[status], "status": status, "detail": detail, "errors": list(errors)}
    return HttpResponse(json.dumps(body), status=status, content_type=TYPE, headers=dict(headers or {}))


def install(api: NinjaAPI, unread: Collection[type[Refusal]] = ()) -> None:
    """Let the API answer every refusal as a problem; ``unread`` are those of a body that is not right (422)."""
    api.add_exception_handler(Refusal, lambda _, error: refused(error, unread))
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Unauthorised, _unauthorised)
    api.add_exception_handler(RequestDataTooBig, lambda *_: problem(413, TOO_LARGE))
    api.add_exception_handler(HttpError, lambda *_: problem(400, NOT_JSON))
    api.add_exception_handler(Unreadable, lambda _, error: problem(400, str(error)))
    api.add_exception_handler(Http404, lambda *_: problem(404, "There is nothing here."))


def status_of(error: Refusal, unread: Collection[type[Refusal]] = ()) -> int:
    """Return the status of a refusal."""
    statuses = STATUS | dict.fromkeys(unread, 422)
    return next((status for kind, status in statuses.items() if isinstance(error, kind)), 409)


def refused(error: Any, unread: Collection[type[Refusal]] = ()) -> HttpResponse:
    """Return the answer to what was refused."""
    status = status_of(error, unread)
    wait = {"Retry-After": "60"} if status == 429 else None
    return problem(status, str(error), headers=wait)


def _unauthorised(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(401, str(error), headers={"WWW-Authenticate": "Bearer"})


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    found = [
        {"where": _where(one["loc"]), "sentence": f"{_where(one['loc'])}: {_words(one)}"}
        for one in error.errors[:MOST_ERRORS]
    ]
    first = found[0]["sentence"] if found else "The request cannot be understood."
    return problem(422, f"{first} Nothing was kept.", found)


def _where(steps: Sequence[object]) -> str:
    # The first step is Ninja's word for body, query or path, the second the name of the argument.
    return "/".join(str(step)[:80] for step in steps[2:]) or "/".join(str(step)[:80] for step in steps[1:]) or "body"


def _words(one: Mapping[str, Any]) -> str:
    said = str(one.get("msg", "is not right")).removeprefix("Value error, ")
    return f"{said[:1].lower()}{said[1:300]}."


def refuse(sentence: str) -> NoReturn:
    """Refuse a request that cannot be read."""
    raise Unreadable(sentence)
