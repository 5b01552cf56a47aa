"""Sweeps: lists of addresses that are looked at again and again; two people agree on each."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.forms import SweepForm
from openhotline.desk.queries.seen_whole import files_of_sweep, seen_whole
from openhotline.desk.queries.sweeps import PAGE_HEADERS, sweep_card, sweep_cards
from openhotline.desk.views.page import page, person_of
from openhotline.intake.models import Sweep
from openhotline.intake.services.begin_sweep import begin_sweep
from openhotline.intake.services.draft_sweep import draft_sweep
from openhotline.intake.services.end_sweep import end_sweep
from openhotline.triage.queries import overview


@require_safe
def sweeps(request: HttpRequest) -> HttpResponse:
    """Show sweeps with their authority, their pages and how often each is visited, and why."""
    return _page(request)


@require_safe
def sweep(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one sweep: its pages, and the files found there seen whole."""
    found = _named(public_id)
    context = {
        "row": sweep_card(found, now()),
        "headers": PAGE_HEADERS,
        "view": seen_whole(overview(files_of_sweep(found))),
    }
    return page(request, "desk/sweep.html", context, current="desk_sweeps")


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Draft a sweep and ask for the second signature on exactly this."""
    form = SweepForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    sweep = draft_sweep(
        name=form.cleaned_data["name"],
        addresses=form.cleaned_data["addresses"],
        every_hours=form.cleaned_data["every_hours"],
        authority=form.authority(),
        actor=person_of(request),
        now=now(),
    )
    messages.success(request, f"{sweep.name} is drafted. Another person has to approve it.")
    return redirect("desk_sweeps")


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a sweep that two people agreed on."""
    sweep = begin_sweep(sweep_id=_found(request).pk, actor=person_of(request), now=now())
    messages.success(request, f"{sweep.name} has begun.")
    return redirect("desk_sweeps")


@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """End a sweep at once."""
    sweep = end_sweep(sweep_id=_found(request).pk, actor=person_of(request), now=now())
    messages.success(request, f"{sweep.name} has ended.")
    return redirect("desk_sweeps")


def _page(request: HttpRequest, form: SweepForm | None = None) -> HttpResponse:
    context = {"rows": sweep_cards(now()), "headers": PAGE_HEADERS, "form": form or SweepForm()}
    return page(request, "desk/sweeps.html", context, current="desk_sweeps")


def _found(request: HttpRequest) -> Sweep:
    return _named(request.POST.get("sweep", ""))


def _named(public_id: str) -> Sweep:
    # PostgreSQL takes no NUL, and no id of ours has one.
    found = Sweep.objects.filter(public_id=public_id.replace("\0", "")).first()
    if found is None:
        raise Missing("There is no such sweep.")
    return found
