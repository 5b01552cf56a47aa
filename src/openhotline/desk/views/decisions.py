"""One's own decisions: what came of them, what was a check, and how to have one decided again. No pictures."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.assessment.policies import check_asks_for_correction
from openhotline.assessment.queries.golden import checks_of
from openhotline.assessment.queries.reviews import decided_by, decision_by_id, gave_opinion_on
from openhotline.assessment.services.ask_reassessment import ask_reassessment
from openhotline.assessment.states import Source
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.panels import outcome_words
from openhotline.desk.queries.outcomes import DAYS, came_of
from openhotline.desk.views.page import page, person_of

CHECK_HEADERS = ("When (UTC)", "You recorded", "Known before", "The same in law")


@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    """List a person's newest decisions, what came of their work, and the checks among it."""
    person = person_of(request)
    rows = [
        {
            "id": one.decision.public_id,
            "at": one.decided_at,
            "words": outcome_words(one.outcome.kind, one.outcome.category) if one.outcome else "Not decided here",
            "in_question": one.in_question,
        }
        for one in decided_by(person.public_id, settings.JURISDICTION)
    ]
    checks = [
        [
            f"{one.at:%-d %b %Y, %H:%M}",
            outcome_words(one.mine.kind, one.mine.category),
            outcome_words(one.known.kind, one.known.category),
            {"text": "Yes", "tag": "done"} if one.same else {"text": "No", "tag": "waiting"},
        ]
        for one in checks_of(person.public_id, now())
    ]
    context = {
        "rows": rows,
        "came": came_of(person.public_id, now()),
        "days": DAYS,
        "check_headers": CHECK_HEADERS,
        "checks": checks,
    }
    return page(request, "desk/decisions.html", context, current="desk_decisions")


@require_POST
def correct(request: HttpRequest) -> HttpResponse:
    """Ask for a decision to be made again, by somebody else."""
    person, decision = person_of(request), decision_by_id(request.POST.get("decision", ""))
    if decision is None:
        raise Missing("There is no such decision, or another has taken its place. Load the page again.")
    check_asks_for_correction(gave=gave_opinion_on(person.public_id, decision), person=person)
    asked = ask_reassessment(
        item_ids=[decision.item_id],
        source=Source.STAFF,
        actor=person.public_id,
        note=request.POST.get("note", ""),
        now=now(),
    )
    if asked:
        messages.success(request, "Asked. A senior analyst who has not seen it decides again; until then it stands.")
    else:
        messages.info(request, "It is in question already. A senior analyst decides again.")
    return redirect("desk_decisions")
