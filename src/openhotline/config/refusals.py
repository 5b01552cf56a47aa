"""Refusals become pages with a sentence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from openhotline.core.errors import Missing, NotAllowed, Refusal, TooMany

STATUS = {Missing: 404, NotAllowed: 403, TooMany: 429}


class _Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 409)
        return render(request, "core/error.html", {"sentence": str(error), "status": status}, status=status)


def refusals(get_response: Callable[[HttpRequest], HttpResponseBase]) -> _Refusals:
    """Show what an operation refused as a sentence: 404 not there, 403 not you, 429 too often, 409 not now."""
    return _Refusals(get_response)
