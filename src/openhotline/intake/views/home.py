"""The first page of the public door."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what somebody wants to do."""
    return render(request, "intake/home.html")
