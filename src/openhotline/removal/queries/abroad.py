"""Addresses that hotlines of other countries handed to us."""

from django.db.models import QuerySet

from openhotline.removal.models import HandedIn


def handed_in_open() -> "QuerySet[HandedIn]":
    """Return those on which nothing was noted yet, the oldest in front."""
    return HandedIn.objects.filter(action="").order_by("handover__taken_at", "pk")
