"""Refusals become pages with a sentence."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from openhotline.core.errors import Missing, NotAllowed, Refusal


class _Refusals:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        status = 404 if isinstance(error, Missing) else 403 if isinstance(error, NotAllowed) else 409
        return render(request, "core/error.html", {"sentence": str(error), "status": status}, status=status)


def refusals(get_response: Callable[[HttpRequest], HttpResponseBase]) -> _Refusals:
    """Show what an operation refused as a sentence: 404 not there, 403 not you, 409 not now."""
    return _Refusals(get_response)
