"""Unusual looks, for the auditor: who, by which rule, how many; each a question to be asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.queries import people_by_id
from openhotline.core.clock import now
from openhotline.desk.views.page import page, person_of
from openhotline.exposure.queries import latest_alerts
from openhotline.exposure.services.note_alert_seen import note_alert_seen
from openhotline.exposure.states import RULE_WORDS, Rule


@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """List what nobody has seen yet, then the rest."""
    found = latest_alerts()
    people = people_by_id([name for one in found for name in (one.person, one.seen_by) if name])
    rows = [
        {
            "alert": one,
            "words": RULE_WORDS[Rule(one.rule)],
            "who": people[one.person].name if one.person in people else one.person,
            "seen_by": people[one.seen_by].name if one.seen_by in people else one.seen_by,
        }
        for one in found
    ]
    return page(request, "desk/alerts.html", {"rows": rows}, current="desk_alerts")


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """Note that this auditor has seen one."""
    note_alert_seen(alert=request.POST.get("alert", ""), actor=person_of(request), now=now())
    messages.success(request, "Noted. Ask the person before you ask anybody else.")
    return redirect("desk_alerts")
