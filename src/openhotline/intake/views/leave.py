"""Leaving in a hurry: what this site left in the browser is taken away first, then a page of everyday life comes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

CLEARED = '"cache", "cookies", "storage"'


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """End the session if there is one, have the browser forget cookies, storage and copies of pages, and lead away."""
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        request.session.flush()
    response = HttpResponseRedirect(settings.EXIT_URL)
    # Said twice: the header clears more, and browsers take it over https only.
    response.headers["Clear-Site-Data"] = CLEARED
    for name in request.COOKIES:
        response.delete_cookie(name)
    return response


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    """Say what the way out does, what it cannot do, and what is kept."""
    return render(request, "intake/safety.html", {"back_url": reverse("home")})
