"""What one has seen and was spared, for oneself; a team's medians; one person's, for the welfare lead with consent."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openhotline.accounts.queries import everybody, people_by_id
from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.core.errors import Missing, NotNow
from openhotline.desk.forms import WellbeingForm
from openhotline.desk.panels import duration
from openhotline.desk.queries.spared import settled_unseen
from openhotline.desk.views.page import page, person_of
from openhotline.exposure.queries import FEWEST_IN_A_MEDIAN, Exposure, days_of, medians_of, wellbeing_of
from openhotline.exposure.services.read_exposure import read_exposure
from openhotline.exposure.services.set_wellbeing import set_wellbeing

DAY = "%a %-d %b"
HEADERS = ("Day (UTC)", "Seen", "Shown unblurred", "Glimpsed small and blurred", "Settled by that alone", "Saved")
TEAM_HEADERS = ("Day (UTC)", "People", "Median seen", "Median shown unblurred")


@require_http_methods(["GET", "HEAD", "POST"])
def exposure(request: HttpRequest) -> HttpResponse:
    """Show one's own days, and what one has said of how one wants to look; a POST says it."""
    person = person_of(request)
    row = wellbeing_of(person.public_id)
    form = WellbeingForm(request.POST if request.method == "POST" else None, said=row, now=now())
    if form.is_bound and form.is_valid():
        try:
            set_wellbeing(
                shift_ends_at=form.ends_at(),
                takes_heavy=form.cleaned_data["takes_heavy"],
                consents=form.cleaned_data["consents"],
                actor=person,
                now=now(),
            )
        except NotNow as refusal:
            form.add_error("shift_ends", str(refusal))
        else:
            messages.success(request, "Kept. You can change it here at any time.")
            return redirect("desk_exposure")
    days = days_of(person, now(), settled=settled_unseen)
    context = {
        "form": form,
        "assesses": person.may(Permission.ASSESS),
        "headers": HEADERS,
        "rows": rows_of(days),
        "bars": bars_of(days),
        "most": most_of(days),
        "saved": duration(sum(one.saved for one in days)),
    }
    return page(request, "desk/exposure.html", context, current="desk_exposure")


@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Show a team's medians by day, of nobody alone; and to the welfare lead, whom they may ask to read."""
    found = medians_of(now())
    reads = person_of(request).may(Permission.READ_EXPOSURE)
    consenting = [one for one in everybody() if one.may(Permission.ASSESS) and wellbeing_of(one.public_id).consents]
    context = {
        "headers": TEAM_HEADERS,
        "rows": [
            [f"{one.on:{DAY}}", one.people, duration(one.seconds), f"{one.reveals or 0:g}"]
            if one.seconds is not None
            else [f"{one.on:{DAY}}", f"fewer than {FEWEST_IN_A_MEDIAN}", "", ""]
            for one in found
        ],
        "bars": [
            {"label": f"{one.on:{DAY}}", "value": round((one.seconds or 0) / 60), "text": duration(one.seconds or 0)}
            for one in reversed(found)
            if one.seconds is not None
        ],
        "most": max((round((one.seconds or 0) / 60) for one in found), default=0) or 1,
        "fewest": FEWEST_IN_A_MEDIAN,
        "reads": reads,
        "people": consenting if reads else [],
    }
    return page(request, "desk/team_exposure.html", context, current="desk_team_exposure")


@require_POST
def of_person(request: HttpRequest) -> HttpResponse:
    """Show one person's days to the welfare lead. It is a POST: every reading is an entry of the log."""
    found = people_by_id([request.POST.get("person", "")])
    if not found:
        raise Missing("There is no such person.")
    person = next(iter(found.values()))
    days = read_exposure(person=person, settled=settled_unseen, actor=person_of(request), now=now())
    context = {"of": person, "headers": HEADERS, "rows": rows_of(days), "bars": bars_of(days), "most": most_of(days)}
    return page(request, "desk/person_exposure.html", context, current="desk_team_exposure")


def rows_of(days: Sequence[Exposure]) -> list[list[object]]:
    """Return a person's days as rows of a table."""
    return [
        [f"{one.on:{DAY}}", duration(one.seconds), one.reveals, one.glimpsed, one.unseen, duration(one.saved)]
        for one in days
    ]


def bars_of(days: Sequence[Exposure]) -> list[dict[str, object]]:
    """Return a person's days as bars in minutes, oldest first."""
    return [
        {"label": f"{one.on:{DAY}}", "value": round(one.seconds / 60), "text": duration(one.seconds)}
        for one in reversed(days)
    ]


def most_of(days: Sequence[Exposure]) -> int:
    """Return the minutes of the longest day: a full bar."""
    return max((round(one.seconds / 60) for one in days), default=0) or 1
