"""Addresses that went to hotlines of other countries and came from them, with what was done about each, both ways."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.queries.abroad import came_in, went_out
from openhotline.desk.views.page import page, person_of
from openhotline.removal.services.note_action import note_action
from openhotline.removal.states import ACTION_WORDS, NEEDS_REASON, HandoverAction


@require_safe
def abroad(request: HttpRequest) -> HttpResponse:
    """Show handovers out and in, without their addresses."""
    context = {
        "headers": ("Address", "Handover", "Hotline", "Handed over", "What they did", "Why", "Said", "Stands here"),
        "out": went_out(),
        "came_in": came_in(),
        "actions": [(one.value, words) for one, words in ACTION_WORDS.items()],
        "with_reason": ", ".join(words for one, words in ACTION_WORDS.items() if one in NEEDS_REASON),
        "may": person_of(request).may(Permission.KEEP_REMOVALS),
    }
    return page(request, "desk/abroad.html", context, current="desk_abroad")


@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """Keep what we did with an address that was handed to us."""
    said = {name: request.POST.get(name, "").replace("\0", "") for name in ("report", "action", "reason")}
    if said["action"] not in set(HandoverAction):
        raise NotNow("Choose what was done with the address.")
    note_action(
        report=said["report"],
        action=HandoverAction(said["action"]),
        reason=said["reason"],
        actor=person_of(request),
        now=now(),
    )
    messages.success(request, "It is kept, and goes back with the next file of actions.")
    return redirect("desk_abroad")
