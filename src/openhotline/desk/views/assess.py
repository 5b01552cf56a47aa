"""One item: text first, then the blurred picture, the facts, what follows, and the decision."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openhotline.assessment.models import Assessment, Reassessment, Turn
from openhotline.assessment.policies import LONGEST_NOTE, RESERVED
from openhotline.assessment.queries import earlier_opinions, held_turn, queue_length
from openhotline.assessment.queries.golden import check_of
from openhotline.assessment.queries.reviews import why_in_question
from openhotline.assessment.services.assess_item import Assessed, assess_item
from openhotline.assessment.services.reserve_turns import reserve_turns
from openhotline.assessment.services.skip_turn import skip_turn
from openhotline.assessment.services.swap_turn import swap_turn
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.assessment.states import SETTLING, Opinion, Source
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.forms import facts_from
from openhotline.desk.panels import (
    consequence_panel,
    consequences,
    facts_panel,
    media_link,
    nav_panel,
    opinions_panel,
    outcome_words,
    seal_of,
    tile_of,
)
from openhotline.desk.queries import shown_item, waiting
from openhotline.desk.queries.sheets import on_the_way
from openhotline.desk.queries.undoing import undoable
from openhotline.desk.states import SOURCE_WORDS
from openhotline.desk.views.page import number_in, page, person_of
from openhotline.law.models import Facts
from openhotline.triage.queries import undoable_sheet

# Nobody is told whether theirs is a first or a second opinion: whoever knew would know what the first person found.
OPINION_WORDS = {
    "third": "Two people differed here. Your opinion settles it.",
    "review": "This decision is in question. Yours takes its place.",
}
OPINIONS_TITLES = {"third": "Two people differed", "review": "What was recorded before"}
# The desk's script asks with this header: it puts the next page in the place of this one, without a way in between.
IN_PLACE = "X-In-Place"


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Say how much waits; the order is by points, and nobody chooses."""
    return _queue_page(request)


def _queue_page(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    after = request.GET.get("after", "")
    context = {
        "after": after,
        "on_the_way": on_the_way(after, person.public_id) if after else 0,
        "length": queue_length(),
        "held": held_turn(person.public_id, now()),
        "undo": undoable(person.public_id, now()),
        "undo_sheet": undoable_sheet(person.public_id, now()),
    }
    return page(request, "desk/queue.html", context, current="desk_queue")


@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """Take the next turn, and show it."""
    return _next(request)


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest) -> HttpResponse:
    """Show the turn that this person holds; a POST decides it, once what follows has been shown."""
    if request.method != "POST":
        return _turn_page(request, Facts(), secrets.token_urlsafe(24))
    at, facts, key = now(), facts_from(request.POST), request.POST.get("idempotency", "")
    if "decide" not in request.POST or request.POST.get("shown") != seal_of(consequences(facts, at)):
        return _turn_page(request, facts, key, again="decide" in request.POST)
    made = assess_item(
        turn_id=number_in(request, "turn"),
        facts=facts,
        idempotency=key,
        heavy="heavy" in request.POST,
        note=request.POST.get("note", ""),
        actor=person_of(request),
        now=at,
    )
    messages.success(request, _said(made, at))
    return _next(request)


def _said(made: Assessed, at: datetime) -> str:
    if check := check_of(made.assessment, at):
        known = outcome_words(check.known.kind, check.known.category)
        same = "You found the same." if check.same else f"Two people had agreed on: {known}."
        return f"Recorded. This was a check, whose answer was known. {same} It changes nothing."
    return "Recorded. Another person now gives an opinion." if made.asks is not None else "Decided."


def _next(request: HttpRequest) -> HttpResponse:
    """Take the next turn and lead to it; to the queue, which says why, where there is none or a break is due."""
    at = now()
    try:
        turn = take_turn(actor=person_of(request), now=at)
    except NotNow:
        turn = None
    if IN_PLACE in request.headers:
        return _page_of(request, turn, Facts(), secrets.token_urlsafe(24), at) if turn else _queue_page(request)
    return redirect("desk_assess" if turn else "desk_queue")


def _turn_page(request: HttpRequest, facts: Facts, key: str, *, again: bool = False) -> HttpResponse:
    at = now()
    turn = held_turn(person_of(request).public_id, at)
    return redirect("desk_queue") if turn is None else _page_of(request, turn, facts, key, at, again=again)


def _page_of(
    request: HttpRequest,
    turn: Turn,
    facts: Facts,
    key: str,
    at: datetime,
    *,
    again: bool = False,
    ahead: bool = False,
) -> HttpResponse:
    context = {
        "ahead": ahead,
        "turn": turn,
        "opinion": OPINION_WORDS.get(turn.opinion, ""),
        "shown": shown_item(turn.item),
        "tile": tile_of(turn.item, session=request.session.session_key or "", now=at),
        "opinions": opinions_panel(earlier_opinions(turn), OPINIONS_TITLES.get(turn.opinion, "")),
        "asked": [(SOURCE_WORDS[Source(one.source)], one.note or "") for one in _asked(turn)],
        "heavy": "heavy" in request.POST and again,
        "note": request.POST.get("note", "") if again else "",
        "longest_note": LONGEST_NOTE,
        "facts": facts_panel(facts, video=hasattr(turn.item, "video")),
        "consequence": consequence_panel(facts, at),
        "idempotency": key,
        "again": again,
        "undo": None if ahead else undoable(person_of(request).public_id, at),
    }
    # What stands around it is brought by the answer of `ahead`, while the picture is looked at.
    return page(request, "desk/assess.html", context, current="desk_queue", bare=IN_PLACE in request.headers)


def _asked(turn: Turn) -> list[Reassessment]:
    """Why a decision is in question, for the one person who reviews it."""
    return why_in_question(turn.item_id) if turn.opinion == Opinion.REVIEW else []


@require_POST
def ahead(request: HttpRequest) -> JsonResponse:
    """Reserve what comes next for this person, and return its page and where its blurred tiles are; nothing in a break.

    With it come the links of the desk with what waits now, as the page in hand was sent without them.
    """
    person, at = person_of(request), now()
    try:
        turns = reserve_turns(actor=person, now=at)
    except NotNow:
        turns = []
    session = request.session.session_key or ""
    tiles = [media_link("media_tile", turn.item, session=session, now=at) for turn in turns]
    nav = nav_panel(person, waiting(person, at), "desk_queue")
    return JsonResponse({"tiles": tiles, "nav": nav, "next": _made_ahead(request, turns, at)})


def _made_ahead(request: HttpRequest, turns: Sequence[Turn], at: datetime) -> dict[str, Any] | None:
    """Return the page of what comes first, and for how many seconds it stays reserved; None where nothing does.

    It gives nothing: whose turn it is says `take_turn`, after the decision. On the page of a turn that settles stand
    other people's opinions; it is made when the turn is taken, and not before.
    """
    if not turns or turns[0].opinion in SETTLING:
        return None
    made = _page_of(request, turns[0], Facts(), secrets.token_urlsafe(24), at, ahead=True)
    return {"turn": turns[0].pk, "page": made.content.decode(), "seconds": RESERVED.total_seconds()}


@require_POST
def consequence(request: HttpRequest) -> HttpResponse:
    """Return what the law says of the facts on the page; nothing is saved."""
    return HttpResponse(consequence_panel(facts_from(request.POST), now()))


@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """Pass the turn on and take the next, without a reason."""
    skip_turn(turn_id=number_in(request, "turn"), actor=person_of(request), now=now())
    messages.info(request, "Skipped. It does not come back to you.")
    return _next(request)


@require_POST
def swap(request: HttpRequest) -> HttpResponse:
    """Put the turn back for an hour and take another, without a reason."""
    swap_turn(turn_id=number_in(request, "turn"), actor=person_of(request), now=now())
    messages.info(request, "Swapped. It does not come to you within the next hour.")
    return _next(request)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last assessment and show its item again."""
    row = Assessment.objects.filter(public_id=request.POST.get("assessment", "")).first()
    if row is None:
        raise NotNow("There is nothing of yours here that can be undone.")
    undo_assessment(assessment_id=row.pk, actor=person_of(request), now=now())
    messages.info(request, "Taken back. Here it is again.")
    return redirect("desk_assess")
