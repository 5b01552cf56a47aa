"""The navigator: where do you work, what is it about, one question a page, and what to do now."""

import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from openhotline.core.clock import now
from openhotline.core.open_forms import AGAIN
from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.forms import AnswerForm
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.paths import Path
from openhotline.guidance.policies.moves import Place, answered, back, before, flows_for, path_of, settled
from openhotline.guidance.queries.content import current
from openhotline.guidance.queries.shown import say, shown_outcome
from openhotline.guidance.queries.versions import PresentVersion, present_version
from openhotline.guidance.states import LINKS, NATION
from openhotline.guidance.views import carried
from openhotline.guidance.views.answering import GOING_BACK, filling, page

log = logging.getLogger("openhotline.guidance")
SHEETS = {"print": "guidance/sheet.html", "check": "guidance/check.html"}


@page
def guide(request: HttpRequest) -> HttpResponse:
    """Show the page for where the reader stands. All of that comes with the form; a GET is a beginning."""
    response = _answer(request, current())
    response.headers["Cache-Control"] = GOING_BACK
    return response


def _answer(request: HttpRequest, guidance: Guidance) -> HttpResponse:
    if request.method != "POST" or "carried" not in request.POST:
        return _page(request, guidance, Place())
    held = carried.take(request.POST["carried"])
    place, notices = settled(held.place, guidance), _notices(held, guidance)
    answer, wanted = request.POST.get("answer", ""), request.POST.get("do", "")
    if again := request.POST.get(AGAIN, ""):
        return _page(request, guidance, place, chosen=answer, notices=notices, sheet=SHEETS.get(again, ""))
    if wanted in {"again", "back", "nation"}:
        moved = {"again": Place(), "back": back(place), "nation": Place("", place.flow, place.answers)}[wanted]
        chosen = {"again": "", "back": before(place), "nation": place.nation}[wanted]
        return _page(request, guidance, moved, chosen=chosen, notices=notices)
    if wanted in {"stay", *SHEETS} or held.late:
        return _page(request, guidance, place, chosen=answer, notices=notices, sheet=SHEETS.get(wanted, ""))
    reached = answered(place, answer, guidance)
    if reached is None:
        return _page(request, guidance, place, wrong={"answer": answer}, notices=notices)
    return _page(request, guidance, reached, notices=notices)


def _notices(held: carried.Carried, guidance: Guidance) -> list[str]:
    notices = []
    if held.late:
        notices.append(
            gettext("This page was open for more than a day. Your answers are kept. Look at them, and go on.")
        )
    if held.digest != guidance.digest:
        notices.append(gettext("The guidance was changed while this page was open. What you see now is the new text."))
    return notices


def _page(
    request: HttpRequest,
    guidance: Guidance,
    place: Place,
    *,
    chosen: str = "",
    wrong: dict[str, str] | None = None,
    notices: list[str] | None = None,
    sheet: str = "",
) -> HttpResponse:
    path = path_of(place, guidance)
    context: dict[str, Any] = {
        "carried": carried.give(place, guidance.digest),
        "notices": notices or [],
        "place": place,
        "nation": gettext(guidance.nations[place.nation].name) if place.nation else "",
        "can_go_back": bool(place.nation),
    }
    if not place.nation:
        context["form"] = _nation_form(guidance, wrong, chosen)
        return render(request, "guidance/nation.html", context)
    if path is None:
        context["form"] = _flow_form(guidance, place.nation, wrong, chosen)
        return render(request, "guidance/flows.html", context)
    context["flow"] = say(path.flow.title, filling())
    if path.outcome is None:
        context["form"] = _question_form(path, wrong, chosen)
        return render(request, "guidance/question.html", context)
    return render(request, sheet or "guidance/outcome.html", context | _outcome(path, guidance))


def _nation_form(guidance: Guidance, wrong: dict[str, str] | None, chosen: str) -> AnswerForm:
    return AnswerForm(
        wrong,
        label=gettext("Where do you work?"),
        hint=gettext("Some names and duties differ. Nothing you choose here is kept."),
        offered=[(one.id, gettext(one.name)) for one in guidance.nations.values()],
        chosen=chosen,
    )


def _flow_form(guidance: Guidance, nation: str, wrong: dict[str, str] | None, chosen: str) -> AnswerForm:
    return AnswerForm(
        wrong,
        label=gettext("What is it about?"),
        hint="",
        offered=[(one.id, say(one.title, filling())) for one in flows_for(nation, guidance)],
        chosen=chosen,
    )


def _question_form(path: Path, wrong: dict[str, str] | None, chosen: str) -> AnswerForm:
    question = path.flow.questions[path.at]
    return AnswerForm(
        wrong,
        label=say(question.text, filling()),
        hint=say(question.help, filling()),
        offered=[(name, say(text, filling())) for name, text in question.answers.items()],
        chosen=chosen,
    )


def _outcome(path: Path, guidance: Guidance) -> dict[str, Any]:
    today = now().date()
    assert path.outcome is not None
    return {
        "shown": shown_outcome(path, guidance, filling(), today),
        "outcome": path.outcome,
        "overdue": path.outcome.next_review < today,
        "version": _version(path, guidance),
        "links": {name: reverse(route) for name, route in LINKS.items()},
        "rows": [
            (gettext("Where do you work?"), gettext(guidance.nations[path.nation].name), f"{NATION}={path.nation}")
        ]
        + [_row(path, question, answer) for question, answer in path.answers.items()],
        "facts": [
            name.replace("_", " ") for name, when in path.flow.facts.items() if path.flow.holds(when, path.known)
        ],
    }


def _row(path: Path, question: str, answer: str) -> tuple[str, str, str]:
    asked = path.flow.questions[question]
    return say(asked.text, filling()), say(asked.answers[answer], filling()), f"{question}={answer}"


def _version(path: Path, guidance: Guidance) -> PresentVersion | None:
    """The version of the flow, or None when the kept versions are damaged: what to do now is shown all the same."""
    try:
        return present_version(path.flow, guidance)
    except GuidanceInvalid:
        log.exception("the kept versions of the guidance cannot be read")
        return None
