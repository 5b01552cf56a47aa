"""The first page of the desk: what waits, and one button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from openhotline.accounts.queries import contacts_due, dates_running_out
from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.desk.queries import waiting
from openhotline.desk.queries.waiting import next_place
from openhotline.desk.views.page import meter_of, page, person_of
from openhotline.desk.views.people import SOON


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show what waits and, large, the next piece of work of this person."""
    person = person_of(request)
    counts = waiting(person, now())
    place = next_place(person, counts)
    rows = [
        ["Stacks for a sorting sheet", counts.stacks],
        ["Pictures to assess", counts.turns],
        ["Among them: second opinions", counts.second],
        ["Among them: opinions that settle a disagreement", counts.third],
        ["Reports for a person", counts.reports],
        ["Addresses not gone yet", counts.removals],
        ["Approvals for you", counts.approvals],
    ]
    if person.may(Permission.KEEP_REMOVALS):
        rows.append(["Contacts of providers for you to decide on", counts.providers])
        rows.append(["Police holds that have run out", counts.holds_over])
        rows.append(["Complaints to answer", counts.complaints])
    today = now().date()
    if person.may(Permission.KEEP_CONTACTS):
        rows.append(["Numbers to check in the directory", len(contacts_due(today))])
    if person.may(Permission.READ_PEOPLE):
        rows.append(["People whose vetting or training runs out within a month", len(dates_running_out(today + SOON))])
    context = {
        "headers": ("Work", "Waiting"),
        "rows": rows,
        "next_url": reverse(place) if place else "",
        "posts": place not in {"desk_approve", "desk_alerts"},
    }
    return page(request, "desk/home.html", context, current="desk_home")


@require_safe
def meter(request: HttpRequest) -> HttpResponse:
    """Return the exposure meter again, after a view has ended."""
    return render(request, "desk/_meter.html", {"meter": meter_of(person_of(request), now())})
