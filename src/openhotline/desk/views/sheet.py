"""The sorting sheet: small blurred tiles, set aside or kept by a person."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from openhotline.core.clock import now
from openhotline.desk.panels import media_link
from openhotline.desk.queries.sheets import held_sheet
from openhotline.desk.views.page import page, person_of
from openhotline.evidence.states import UNREADABLE_SENTENCES, UnreadableReason
from openhotline.triage.queries import tiles_of
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet that this person has taken, or offer one; a POST finishes it."""
    if request.method == "POST":
        return _finish(request)
    held = held_sheet(person_of(request).public_id)
    tiles = [
        {
            "position": tile.position,
            "number": tile.position + 1,
            "unread": reason and UNREADABLE_SENTENCES[UnreadableReason(reason)],
            "src": media_link("media_tile", tile.item, session=request.session.session_key or "", now=now()),
        }
        for tile in (tiles_of(held) if held else ())
        for reason in [tile.item.unreadable_reason]
    ]
    return page(request, "desk/sheet.html", {"sheet": held, "tiles": tiles}, current="desk_sheet")


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take a sheet, open its glimpse, and show it."""
    take_sheet(actor=person_of(request), now=now())
    return redirect("desk_sheet")


def _finish(request: HttpRequest) -> HttpResponse:
    aside = {int(place) for place in request.POST.getlist("aside") if place.isdigit()}
    done = request.POST.get("sheet", "")
    kept, out = finish_sheet(sheet=done, set_aside=aside, actor=person_of(request), now=now())
    messages.success(request, f"Sheet finished. Pictures kept for assessment: {kept}. Set aside: {out}.")
    return redirect(f"{reverse('desk_queue')}?after={done}")
