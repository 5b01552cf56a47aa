"""Removals: what was noticed, what is gone, what waits and why; holds, complaints and what receivers wrote."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.core.errors import Missing, NotNow
from openhotline.desk.queries import removing
from openhotline.desk.queries.later import removal_counts, removal_lines
from openhotline.desk.views.page import number_in, page, person_of
from openhotline.removal.models import Removal
from openhotline.removal.services.acknowledge_hold import acknowledge_hold
from openhotline.removal.services.answer_complaint import answer_complaint
from openhotline.removal.services.end_hold import end_hold
from openhotline.removal.services.extend_hold import extend_hold
from openhotline.removal.services.hold_removals import hold_removals
from openhotline.removal.services.note_letter_read import note_letter_read
from openhotline.removal.services.open_complaint import open_complaint
from openhotline.removal.services.record_origin import record_origin
from openhotline.removal.states import OVER, ComplaintEnd, HoldEnd, RemovalState

HOLD_ENDS = (
    (HoldEnd.POLICE_AGREED, "the police agree to a notice"),
    (HoldEnd.NO_ANSWER, "the police gave no answer in time"),
    (HoldEnd.IN_ERROR, "it was held in error"),
)


@require_safe
def removals(request: HttpRequest) -> HttpResponse:
    """Show what waits for a person, then removals by state and provider, without their addresses."""
    moment = now()
    context = {
        "holds": removing.hold_cards(moment),
        "hold_ends": [(one.value, words) for one, words in HOLD_ENDS],
        "complaints": removing.complaint_cards(moment),
        "letters": removing.letter_cards(),
        "may": person_of(request).may(Permission.KEEP_REMOVALS),
        "clock_headers": ("Clock", "Addresses", "Median", "Longest"),
        "clocks": removing.clock_rows(),
        "state_headers": ("State", "Addresses"),
        "counts_by_state": removal_counts(),
        "headers": ("Address", "State", "Provider", "Misses", "Why"),
        "rows": removal_lines(),
    }
    return page(request, "desk/removals.html", context, current="desk_removals")


@require_safe
def removal(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one removal whole: host, contacts, notices, holds, looks, both clocks. The address itself stays closed."""
    found = _found(public_id)
    context = {
        "clock_headers": ("Clock", "Begun", "Time", "State"),
        "fact_headers": ("What", "Is"),
        "contact_headers": ("Level", "Mail", "Provider", "State"),
        "notice_headers": ("Notice", "Level", "Provider", "Sent", "Of this kind"),
        "recheck_headers": ("When", "Seen", "File", "Why"),
        "answer_headers": ("When", "Asked", "Of", "Answer"),
        "address": found.address.public_id,
        "facts": removing.facts(found),
        "clocks": removing.clocks(found, now()),
        "contacts": removing.contact_rows(found),
        "notices": removing.notice_rows(found),
        "rechecks": removing.recheck_rows(found),
        "answers": removing.answer_rows(found),
        "holds": found.holds.order_by("-begun_at"),
        "may": person_of(request).may(Permission.KEEP_REMOVALS),
        "may_hold": found.state not in OVER and found.state not in {RemovalState.HELD, RemovalState.ABROAD},
    }
    return page(request, "desk/removal.html", context, current="desk_removals")


@require_POST
def begin_hold(request: HttpRequest, public_id: str) -> HttpResponse:
    """Hold one removal for the police."""
    found = _found(public_id)
    hold_removals(ids=[found.pk], hours=number_in(request, "hours"), actor=person_of(request), now=now())
    messages.success(request, "No notice goes out about this address until a person ends the hold.")
    return redirect("desk_removal", public_id)


@require_POST
def origin(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record who hosts the site behind a network that stands in front."""
    record_origin(
        address=_found(public_id).address.public_id,
        origin=_text(request, "origin"),
        actor=person_of(request),
        now=now(),
    )
    messages.success(request, "The origin is kept. Its host is asked for now.")
    return redirect("desk_removal", public_id)


@require_POST
def hold(request: HttpRequest) -> HttpResponse:
    """Acknowledge, extend or end a hold."""
    key, person, moment = number_in(request, "hold"), person_of(request), now()
    act = _text(request, "act")
    if act == "acknowledge":
        acknowledge_hold(hold=key, reference=_text(request, "reference"), actor=person, now=moment)
        messages.success(request, "It is kept that the police acknowledged.")
    elif act == "extend":
        extend_hold(hold=key, hours=number_in(request, "hours"), actor=person, now=moment)
        messages.success(request, "The hold runs on.")
    elif act in set(HoldEnd) - {HoldEnd.GONE}:
        end_hold(hold=key, end=HoldEnd(act), actor=person, now=moment)
        messages.success(request, "The hold has ended. Its host is asked for again, and then a notice goes out.")
    else:
        raise NotNow("Choose what to do with the hold.")
    return redirect("desk_removals")


@require_POST
def complaint_open(request: HttpRequest) -> HttpResponse:
    """Keep a complaint that came by letter or telephone."""
    about, text = _text(request, "about"), _text(request, "text")
    made = open_complaint(about=about, text=text, actor=person_of(request), now=now())
    messages.success(request, f"The complaint is kept. Answer it by {made.answer_by:%-d %B}.")
    return redirect("desk_removals")


@require_POST
def complaint_answer(request: HttpRequest) -> HttpResponse:
    """Close a complaint with the answer that was given."""
    end = _text(request, "end")
    if end not in set(ComplaintEnd):
        raise NotNow("Choose whether the complaint is upheld or rejected.")
    answer_complaint(
        complaint=_text(request, "complaint"),
        end=ComplaintEnd(end),
        answer=_text(request, "answer"),
        actor=person_of(request),
        now=now(),
    )
    messages.success(request, "The answer is kept. Send it by mail to whoever complained.")
    return redirect("desk_removals")


@require_POST
def letter_read(request: HttpRequest) -> HttpResponse:
    """Take what a receiver wrote off the list of what is unread."""
    letter, answer = number_in(request, "letter"), number_in(request, "answer")
    note_letter_read(letter=letter, answer=answer, actor=person_of(request), now=now())
    return redirect("desk_removals")


def _found(public_id: str) -> Removal:
    found = removing.removal_of(public_id.replace("\0", ""))
    if found is None:
        raise Missing("There is no removal of such an address.")
    return found


def _text(request: HttpRequest, name: str) -> str:
    # PostgreSQL takes no NUL, and nothing that is typed here has one.
    return request.POST.get(name, "").replace("\0", "")
