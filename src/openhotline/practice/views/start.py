"""The practice page: sign in with one button, report an example, and watch the eleven steps."""

import secrets
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.models import Person
from openhotline.assessment.services.take_turn import take_turn
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.panels import steps_panel
from openhotline.desk.queries import steps_of
from openhotline.desk.queries.steps import NOW
from openhotline.intake.models import Report
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.start_report import start_report, words_of
from openhotline.intake.states import Source
from openhotline.practice.seeding import SIGN_INS
from openhotline.practice.views.example import example_page, example_picture
from openhotline.triage.services.take_sheet import take_sheet

SAYS = {
    "analyst": ("Analyst", "Sorts, looks and decides."),
    "senior": ("Senior analyst", "Gives second opinions, settles disagreements, approves."),
    "manager": ("Manager", "Approves lists and referrals, reads the numbers."),
    "auditor": ("Auditor", "Asks about unusual looks, verifies the log."),
    "operator": ("Operator", "Keeps the machine, is the second to sign for roles and keys."),
}

ANALYST = "analyst"
AT_HAND = {"Triaged", "Assessed"}


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show one address to report, the way of the newest report, and the sign-ins."""
    context = {
        "sign_ins": sign_ins(),
        "picture": example_picture(),
        "page": example_page(),
        "sending": secrets.token_urlsafe(24),
    }
    return render(request, "practice/start.html", context | _journey())


def sign_ins() -> list[dict[str, str]]:
    """Return the people a visitor can be."""
    return [{"username": name, "label": SAYS[name][0], "words": SAYS[name][1]} for name, _ in SIGN_INS]


@require_safe
def journey(request: HttpRequest) -> HttpResponse:
    """Return the way of the newest report again."""
    return render(request, "practice/_journey.html", _journey())


@require_POST
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the practice people, without a password, and go to their work."""
    _become(request, request.POST.get("role", ""))
    place = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()})
    return redirect(place if safe else "desk_home")


@require_POST
def work(request: HttpRequest) -> HttpResponse:
    """Sign in as the analyst and take the work in which the newest report waits."""
    analyst = _become(request, ANALYST)
    newest = _newest()
    here = next((step.label for step in steps_of(newest, now()) if step.state == NOW), "") if newest else ""
    if here == "Triaged" and take_sheet(actor=analyst, now=now()):
        return redirect("desk_sheet")
    if here == "Assessed" and take_turn(actor=analyst, now=now()):
        return redirect("desk_assess")
    return redirect("desk_report", public_id=newest.public_id) if newest else redirect("desk_home")


@require_POST
def report(_request: HttpRequest) -> HttpResponse:
    """Report the example with the operations of the public form, as urgent so that it comes first."""
    address = example_picture() or example_page()
    if not address:
        raise Missing("There is nothing left to report here. Make a collection with: openhotline practice generate")
    made, _ = start_report(addresses=[address], source=Source.PUBLIC, idempotency=None, practice=True, now=now())
    complete_report(report=made, details={}, urgent=True, now=now())
    return redirect(f"{reverse('practice_start')}#journey")


def _become(request: HttpRequest, username: str) -> Person:
    person = Person.objects.filter(username=username, practice=True).first()
    if person is None or person.username not in SAYS or not settings.PRACTICE:
        raise Missing("There is no such practice sign-in. Load the practice page again.")
    login(request, person)
    return person


def _newest() -> Report | None:
    return Report.objects.filter(practice=True, source=Source.PUBLIC).order_by("-pk").first()


def _journey() -> dict[str, Any]:
    newest = _newest()
    if newest is None:
        return {"report": None}
    steps = steps_of(newest, now())
    at_hand = any(step.state == NOW and step.label in AT_HAND for step in steps)
    return {
        "report": newest,
        "words": words_of(newest),
        "steps": steps_panel(newest, steps),
        "at_hand": at_hand,
    }
