"""The first page of the public door, and the pages it leads to that ask nothing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Ask what somebody wants to do."""
    return render(request, "intake/home.html")


@require_safe
def parents(request: HttpRequest) -> HttpResponse:
    """Say to a parent or carer what to do now."""
    return render(request, "intake/parents.html", {"back_url": reverse("home")})
