"""Reports in quarantine: a flood waits here until somebody lets it go on, or sets it aside."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from openhotline.core.clock import now
from openhotline.desk.views.page import page, person_of
from openhotline.intake.models import Quarantined, Report
from openhotline.intake.services.release_quarantine import release_quarantine
from openhotline.intake.services.set_aside_quarantine import set_aside_quarantine
from openhotline.intake.states import WHY_WORDS, ReportState, Why

PAGE = 20
MOST_GROUPS = 200
ACTS = {"release": (release_quarantine, "released"), "set_aside": (set_aside_quarantine, "set aside")}


@require_safe
def quarantine(request: HttpRequest) -> HttpResponse:
    """Show what waits by limit and sender, single reports first, and what was set aside."""
    found = Quarantined.objects.groups(MOST_GROUPS)
    limits = [
        {"why": why, "words": words, "goes_on": why == Why.DOOR, "groups": [one for one in found if one.why == why]}
        for why, words in WHY_WORDS.items()
    ]
    set_aside = Report.objects.filter(state=ReportState.SET_ASIDE).order_by("-received_at", "-pk")
    aside = Paginator(set_aside, PAGE).get_page(request.GET.get("page"))
    until = max((one.last for one in found), default=None)
    context = {"limits": limits, "aside": aside, "any": bool(found), "until": until.isoformat() if until else ""}
    return page(request, "desk/quarantine.html", context, current="desk_quarantine")


@require_POST
def sort(request: HttpRequest) -> HttpResponse:
    """Release or set aside one report, what one sender sent, or all that went over a limit: up to 500 at once.

    Of many, only what the page had shown: what came in since waits for somebody to see it.
    """
    # PostgreSQL takes no NUL, and no name of ours has one.
    posted = {name: value.replace("\0", "") for name, value in request.POST.items() if isinstance(value, str)}
    single = posted.get("report", "")
    chosen = [single] if single else _shown(posted)
    act, words = ACTS["set_aside" if posted.get("act") == "set_aside" else "release"]
    many = act(reports=chosen, actor=person_of(request), now=now())
    messages.success(request, f"{many} {'report was' if many == 1 else 'reports were'} {words}.")
    return redirect(reverse("desk_quarantine"))


def _shown(posted: dict[str, str]) -> list[str]:
    """Return the outside ids of what a group held when the page was shown; none where the form does not say when."""
    try:
        until = datetime.fromisoformat(posted.get("until", ""))
    except ValueError:
        return []
    if until.tzinfo is None:
        return []
    return Quarantined.objects.names(sender=posted.get("sender", ""), why=posted.get("why", ""), until=until)
