"""The sorting sheet: small blurred tiles, set aside for a reason or kept by a person, with preview and undo."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from openhotline.core.clock import now
from openhotline.desk.panels import media_link
from openhotline.desk.queries.sheets import held_sheet
from openhotline.desk.views.page import page, person_of
from openhotline.evidence.states import UNREADABLE_SENTENCES, UNREADABLE_WORDS, UnreadableReason
from openhotline.triage.models import SortingSheet
from openhotline.triage.policies import sheet_reason
from openhotline.triage.queries import noted_reasons, preview_of, sheet_of, tiles_of, undoable_sheet
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet
from openhotline.triage.services.undo_sheet import undo_sheet
from openhotline.triage.states import SHEET_REASONS, SORTED_ASIDE, Reason


@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest) -> HttpResponse:
    """Show the sheet that this person has taken, or offer one; a POST finishes it, or shows what that would do."""
    if request.method == "POST" and "preview" not in request.POST:
        return _finish(request)
    person = person_of(request).public_id
    held = held_sheet(person)
    chosen = _chosen(request.POST)
    tiles = _tiles(request, held, chosen) if held else []
    context = {
        "sheet": held,
        "tiles": tiles,
        "no_pictures": any(tile["no_picture"] for tile in tiles),
        "some_unread": any(tile["unread"] for tile in tiles),
        "not_opened": SORTED_ASIDE[Reason.NOT_OPENED],
        "reasons": SHEET_REASONS,
        "reason": sheet_reason(request.POST.get("reason", "")),
        "follows": _follows(held, chosen) if held else None,
        "undo_sheet": None if held else undoable_sheet(person, now()),
    }
    return page(request, "desk/sheet.html", context, current="desk_sheet")


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take a sheet, open its glimpse, and show it."""
    take_sheet(actor=person_of(request), now=now())
    return redirect("desk_sheet")


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Return what finishing the sheet as it stands on the page would do; nothing is saved."""
    held = sheet_of(request.POST.get("sheet", ""), person_of(request).public_id)
    return render(request, "desk/_sheet_follows.html", {"follows": _follows(held, _chosen(request.POST))})


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back what the last sheet set aside, and show those tiles again."""
    undo_sheet(actor=person_of(request), now=now())
    messages.info(request, "Taken back. These are the tiles that you had set aside; what you kept stays in the queue.")
    return redirect("desk_sheet")


def _tiles(request: HttpRequest, held: SortingSheet, chosen: Mapping[int, Reason]) -> list[dict[str, object]]:
    tiles = tiles_of(held)
    kept = noted_reasons(tiles, chosen)
    return [
        {
            "position": tile.position,
            "number": tile.position + 1,
            "reason": chosen.get(tile.position, ""),
            "why": SORTED_ASIDE[kept[tile.position]] if tile.position in kept else "",
            "no_picture": reason == UnreadableReason.UNKNOWN_FORMAT,
            "unread": reason and UNREADABLE_SENTENCES[UnreadableReason(reason)],
            "words": reason and UNREADABLE_WORDS[UnreadableReason(reason)],
            "src": media_link("media_tile", tile.item, session=request.session.session_key or "", now=now()),
        }
        for tile in tiles
        for reason in [tile.item.unreadable_reason]
    ]


def _chosen(posted: QueryDict) -> dict[int, Reason]:
    """Return {position: reason} of what a form sets aside: the tile's own reason, else the one of the page."""
    usual = sheet_reason(posted.get("reason", ""))
    aside = [int(place) for place in posted.getlist("aside") if place.isascii() and place.isdigit() and len(place) < 9]
    return {place: sheet_reason(word) if (word := posted.get(f"because-{place}", "")) else usual for place in aside}


def _follows(held: SortingSheet, chosen: Mapping[int, Reason]) -> dict[str, object]:
    found = preview_of(held, chosen)
    aside = [(SORTED_ASIDE[reason], tiles, items) for reason, (tiles, items) in found.aside.items()]
    return {"kept": found.kept, "kept_items": found.kept_items, "aside_items": found.aside_items, "aside": aside}


def _finish(request: HttpRequest) -> HttpResponse:
    chosen = _chosen(request.POST)
    done = request.POST.get("sheet", "")
    kept, out = finish_sheet(sheet=done, set_aside=chosen, reasons=chosen, actor=person_of(request), now=now())
    messages.success(request, f"Sheet finished. Pictures kept for assessment: {kept}. Set aside: {out}.")
    return redirect(f"{reverse('desk_queue')}?after={done}")
