"""It is me, or someone I know, in the picture: a question a page, and then who can help."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from openhotline.core.open_forms import open_form, overlook_missing, posted
from openhotline.intake.models.young import ALLOWED, is_child_now, next_step
from openhotline.intake.queries import help_for
from openhotline.intake.states import HelpPurpose, YoungEnd
from openhotline.intake.views.young_forms import AnswerForm
from openhotline.intake.views.young_pages import read_answers, sign_answers, young_page

OVER = _(
    "This page was open for too long, so the answers are gone. Nothing was kept. Please begin again: it takes a minute."
)
TEMPLATES = {
    YoungEnd.CHOICE: "intake/young_choice.html",
    YoungEnd.ADULT_PICTURE: "intake/young_adult.html",
    YoungEnd.SOMEONE: "intake/young_someone.html",
}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@open_form
def young(request: HttpRequest) -> HttpResponse:
    """Ask the next question, or show where the answers lead. A GET asks the first."""
    if request.method != "POST":
        return _ask(request, {}, AnswerForm("who"))
    sent = posted(request)
    answers = read_answers(sent.fields.get("answers", ""))
    if answers is None:
        return begin_again(request)
    if "back" in sent.fields:
        return _go_back(request, answers)
    question = next_step(answers).question
    if question:
        form = AnswerForm(question, sent.fields)
        if sent.shown_again:
            return _ask(request, answers, overlook_missing(form))
        if not form.is_valid():
            return _ask(request, answers, form)
        answers[question] = form.cleaned_data[question]
    return _show(request, answers)


def begin_again(request: HttpRequest, why: object = OVER) -> HttpResponse:
    """Ask the first question, and say why: by default that the answers that came are not ours or too old."""
    return _ask(request, {}, AnswerForm("who"), over=why)


def _go_back(request: HttpRequest, answers: dict[str, str]) -> HttpResponse:
    given = [name for name in ALLOWED if name in answers]
    if not given:
        return redirect("home")
    before = {name: answers[name] for name in given[:-1]}
    return _ask(request, before, AnswerForm(given[-1]))


def _show(request: HttpRequest, answers: dict[str, str]) -> HttpResponse:
    step = next_step(answers)
    if step.end is None:
        return _ask(request, answers, AnswerForm(step.question))
    context: dict[str, Any] = {"answers": sign_answers(answers)}
    if step.end == YoungEnd.CHOICE:
        context["take_down"] = help_for(HelpPurpose.TAKE_DOWN) if is_child_now(answers) else []
        context["codes_here"] = settings.DEVICE_CODES
        context["keep_services"] = help_for(HelpPurpose.KEEP)
    if step.end == YoungEnd.ADULT_PICTURE:
        context["adult_picture"] = help_for(HelpPurpose.ADULT_PICTURE)
    return young_page(request, TEMPLATES[step.end], context)


def _ask(request: HttpRequest, answers: dict[str, str], form: AnswerForm, *, over: object = "") -> HttpResponse:
    context = {"form": form, "answers": sign_answers(answers), "first": not answers, "over": over}
    if not answers:
        context["back_url"] = reverse("home")
    return young_page(request, "intake/young_question.html", context)


@require_safe
def worried(request: HttpRequest) -> HttpResponse:
    """Say who talks with somebody who is worried about their own thoughts or behaviour; nothing is asked."""
    context = {
        "worried_young": help_for(HelpPurpose.WORRIED_YOUNG),
        "worried_adult": help_for(HelpPurpose.WORRIED_ADULT),
        "back_url": reverse("home"),
    }
    return young_page(request, "intake/young_worried.html", context)
