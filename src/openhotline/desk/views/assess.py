"""One item: text first, then the blurred picture, the facts, what follows, and the decision."""

import secrets

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openhotline.assessment.models import Assessment
from openhotline.assessment.queries import earlier_opinions, held_turn, queue_length
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.skip_turn import skip_turn
from openhotline.assessment.services.take_turn import take_turn
from openhotline.assessment.services.undo_assessment import undo_assessment
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.forms import facts_from
from openhotline.desk.panels import consequence_panel, consequences, facts_panel, opinions_panel, seal_of, tile_of
from openhotline.desk.queries import shown_item
from openhotline.desk.queries.sheets import on_the_way
from openhotline.desk.queries.undoing import undoable
from openhotline.desk.views.page import number_in, page, person_of
from openhotline.law.models import Facts
from openhotline.triage.queries import undoable_sheet

# Nobody is told whether theirs is a first or a second opinion: whoever knew would know what the first person found.
OPINION_WORDS = {"first": "", "second": "", "third": "Two people differed here. Your opinion settles it."}


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """Say how much waits; the order is by points, and nobody chooses."""
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
    turn = take_turn(actor=person_of(request), now=now())
    return redirect("desk_assess" if turn else "desk_queue")


@require_http_methods(["GET", "HEAD", "POST"])
def assess(request: HttpRequest) -> HttpResponse:
    """Show the turn that this person holds; a POST decides it, once what follows has been shown."""
    if request.method != "POST":
        return _turn_page(request, Facts(), secrets.token_urlsafe(24))
    facts = facts_from(request.POST)
    key = request.POST.get("idempotency", "")
    if "decide" not in request.POST or request.POST.get("shown") != seal_of(consequences(facts, now())):
        return _turn_page(request, facts, key, again="decide" in request.POST)
    made = assess_item(
        turn_id=number_in(request, "turn"), facts=facts, idempotency=key, actor=person_of(request), now=now()
    )
    messages.success(request, _said(made.asks is not None))
    take_turn(actor=person_of(request), now=now())
    return redirect("desk_assess")


def _said(more: bool) -> str:  # noqa: FBT001 - the fact itself
    return "Recorded. Another person now gives an opinion." if more else "Decided."


def _turn_page(request: HttpRequest, facts: Facts, key: str, *, again: bool = False) -> HttpResponse:
    person = person_of(request)
    turn = held_turn(person.public_id, now())
    if turn is None:
        return redirect("desk_queue")
    context = {
        "turn": turn,
        "opinion": OPINION_WORDS[turn.opinion],
        "shown": shown_item(turn.item),
        "tile": tile_of(turn.item, session=request.session.session_key or "", now=now()),
        "opinions": opinions_panel(earlier_opinions(turn)),
        "facts": facts_panel(facts),
        "consequence": consequence_panel(facts, now()),
        "idempotency": key,
        "again": again,
        "undo": undoable(person.public_id, now()),
    }
    return page(request, "desk/assess.html", context, current="desk_queue")


@require_POST
def consequence(request: HttpRequest) -> HttpResponse:
    """Return what the law says of the facts on the page; nothing is saved."""
    return HttpResponse(consequence_panel(facts_from(request.POST), now()))


@require_POST
def skip(request: HttpRequest) -> HttpResponse:
    """Pass the turn on and take the next, without a reason."""
    skip_turn(turn_id=number_in(request, "turn"), actor=person_of(request), now=now())
    messages.info(request, "Skipped. It does not come back to you.")
    return take_next(request)


@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last assessment and show its item again."""
    row = Assessment.objects.filter(public_id=request.POST.get("assessment", "")).first()
    if row is None:
        raise NotNow("There is nothing of yours here that can be undone.")
    undo_assessment(assessment_id=row.pk, actor=person_of(request), now=now())
    messages.info(request, "Taken back. Here it is again.")
    return redirect("desk_assess")
