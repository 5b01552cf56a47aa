"""What stands around every page of the desk."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from openhotline.accounts.models import Person
from openhotline.accounts.queries import key_choice
from openhotline.core.clock import now as clock_now
from openhotline.core.crypto import lookup
from openhotline.core.errors import NotAllowed
from openhotline.desk.panels import duration, nav_of
from openhotline.desk.queries import waiting
from openhotline.desk.queries.spared import settled_unseen
from openhotline.exposure.queries import exposure_of, why_not_now

MOST_DIGITS = 19


def person_of(request: HttpRequest) -> Person:
    """Return who is signed in. The access rules let nobody else come this far."""
    if not isinstance(request.user, Person):
        raise NotAllowed("Sign in first.")
    return request.user


def number_in(request: HttpRequest, name: str) -> int:
    """Return a number that a form carries; 0, which names nothing, for whatever is none."""
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 0


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, current: str, bare: bool = False
) -> HttpResponse:
    """Render a page of the desk with the links, the meter and the person; ``current`` is the route of its link.

    ``bare`` leaves out the links with their counts and the meter: for a page of which only the main part is used.
    """
    person = person_of(request)
    now = clock_now()
    around = {"pause": why_not_now(person.public_id, now)} | ({} if bare else _around(person, current, now))
    return render(request, template, around | dict(context))


def _around(person: Person, current: str, now: datetime) -> dict[str, Any]:
    counts = waiting(person, now)
    choice = key_choice(person)
    return {
        "person": {"name": person.name, "role": person.role_name},
        "signout_url": reverse("sign_out"),
        "ways_in_url": reverse("mfa_index"),
        "keys": "on" if choice.on else "off",
        "keymap": json.dumps(choice.keys),
        "keys_url": reverse("desk_keys"),
        "keys_switch_url": reverse("desk_keys_switch"),
        # Under which the browser keeps a decision that it has not sent yet: the same for every session of one person.
        "keep": lookup("not sent yet", person.public_id),
        "nav": nav_of(person, counts, current),
        "meter": meter_of(person, now),
        "counts": counts,
    }


def meter_of(person: Person, now: datetime) -> dict[str, Any]:
    """Return what this person has seen today and was spared, for their own eyes."""
    day = exposure_of(person, now, settled=settled_unseen)
    total = day.seconds + day.left
    text = f"{duration(day.seconds)} of {duration(total)}; {duration(day.saved)} saved"
    return {"used": round(day.seconds), "of": round(total) or 1, "text": text}
