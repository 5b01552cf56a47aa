"""Refusals of the API as application/problem+json: a sentence each, and nothing of what was sent."""

import json
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.parser import Parser
from pydantic_core import from_json

from openhotline.core.errors import Missing, NotAllowed, Refusal, TooMany
from openhotline.intake.errors import AnotherBody, HoldsPicture, XarfRefused

TYPE = "application/problem+json"
MOST_BYTES = 1_000_000
MOST_ERRORS = 20
TOO_LARGE = f"A request holds at most {MOST_BYTES:,} bytes. Send fewer reports at once. Nothing was kept."
NOT_JSON = "The body is not JSON that can be read (in UTF-8, at most 200 levels deep). Nothing was kept."
STATUS: dict[type[Refusal], HTTPStatus] = {
    Missing: HTTPStatus.NOT_FOUND,
    NotAllowed: HTTPStatus.FORBIDDEN,
    TooMany: HTTPStatus.TOO_MANY_REQUESTS,
    AnotherBody: HTTPStatus.UNPROCESSABLE_ENTITY,
    HoldsPicture: HTTPStatus.UNPROCESSABLE_ENTITY,
    XarfRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
}


class StrictJson(Parser):
    """JSON without NaN, lone surrogates or bottomless nesting; the size is looked at before anything is read."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the body. Raises ValueError, which Ninja turns into its own refusal."""
        found: dict[str, Any] = from_json(request.body, allow_inf_nan=False, cache_strings=False)
        return found


class Unauthorised(Exception):  # noqa: N818 - the fact itself
    """No key was shown, or one that opens nothing."""


class Unreadable(Exception):  # noqa: N818 - the fact itself
    """The request cannot be read at all."""


def problem(
    status: HTTPStatus, detail: str, errors: Sequence[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """Return one refusal."""
    body = {"type": "about:blank", "title": status.phrase, "status": status, "detail": detail, "errors": list(errors)}
    return HttpResponse(json.dumps(body), status=status, content_type=TYPE, headers=dict(headers or {}))


def install(api: NinjaAPI) -> None:
    """Let the API answer every refusal as a problem."""
    api.add_exception_handler(Refusal, _refused)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(Unauthorised, _unauthorised)
    api.add_exception_handler(RequestDataTooBig, lambda *_: problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE))
    api.add_exception_handler(HttpError, lambda *_: problem(HTTPStatus.BAD_REQUEST, NOT_JSON))
    api.add_exception_handler(Unreadable, lambda _, error: problem(HTTPStatus.BAD_REQUEST, str(error)))
    api.add_exception_handler(Http404, lambda *_: problem(HTTPStatus.NOT_FOUND, "There is nothing here."))


def _refused(_request: HttpRequest, error: Any) -> HttpResponse:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), HTTPStatus.CONFLICT)
    wait = {"Retry-After": "60"} if status == HTTPStatus.TOO_MANY_REQUESTS else None
    return problem(status, str(error), headers=wait)


def _unauthorised(_request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.UNAUTHORIZED, str(error), headers={"WWW-Authenticate": "Bearer"})


def _invalid(_request: HttpRequest, error: Any) -> HttpResponse:
    found = [
        {"where": _where(one["loc"]), "sentence": f"{_where(one['loc'])}: {_words(one)}"}
        for one in error.errors[:MOST_ERRORS]
    ]
    first = found[0]["sentence"] if found else "The request cannot be understood."
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{first} Nothing was kept.", found)


def _where(steps: Sequence[object]) -> str:
    # The first step is Ninja's word for body, query or path, the second the name of the argument.
    return "/".join(str(step)[:80] for step in steps[2:]) or "/".join(str(step)[:80] for step in steps[1:]) or "body"


def _words(one: Mapping[str, Any]) -> str:
    said = str(one.get("msg", "is not right")).removeprefix("Value error, ")
    return f"{said[:1].lower()}{said[1:300]}."


def refuse(sentence: str) -> NoReturn:
    """Refuse a request that cannot be read."""
    raise Unreadable(sentence)
