"""Receipts: shown once a report was sent, and looked up by their words; questions and answers without a name."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openhotline.core.clock import now
from openhotline.core.errors import NotNow, Refusal
from openhotline.core.open_forms import open_form, overlook_missing, posted
from openhotline.intake.forms import NO_PICTURE, AnswerForm, WordsForm
from openhotline.intake.models import Report
from openhotline.intake.queries import ReceiptFacts, questions_shown, receipt_of, report_with_words
from openhotline.intake.services.answer_question import answer_question
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.withdraw_contact import withdraw_contact
from openhotline.intake.views import passes
from openhotline.intake.views.words import found_by_words, status_of

DAY = "j F Y"


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the words of a report that was just sent. The page can be loaded again for a day."""
    held = passes.take(request.GET.get("receipt", ""), purpose=passes.SENT)
    shown = _shown(words_of(held.report), receipt_of(held.report, now()))
    return render(request, "intake/receipt.html", {"receipt": shown | {"href": reverse("receipt_look")}})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@open_form
def receipt_look(request: HttpRequest) -> HttpResponse:
    """Say one of three words for the words of a receipt, by a fixed timetable that depends on nothing we know."""
    if request.method != "POST":
        return _asking(request, WordsForm())
    sent = posted(request)
    form = WordsForm(sent.fields)
    if sent.shown_again:
        return _asking(request, overlook_missing(form))
    unknown = _("We do not have a report with these words: check each word.")
    report = found_by_words(request, form, report_with_words, unknown=unknown)
    return _asking(request, form) if report is None else _held(request, report, kept=form.cleaned_data["kept"])


@require_POST
@sensitive_post_parameters()
@open_form
def receipt_answer(request: HttpRequest) -> HttpResponse:
    """Take an answer to a question. When the page is too old, ask for the words again and keep what was written."""
    sent = posted(request)
    try:
        report = passes.take(sent.fields.get("held", ""), purpose=passes.HELD).report
    except NotNow as over:
        return _asking(request, WordsForm(initial={"kept": sent.fields.get("text", "")}), notice=str(over))
    question = sent.fields.get("question", "")
    form = AnswerForm(sent.fields, auto_id=_ids_of(question))
    if sent.picture:
        form.add_error(None, NO_PICTURE)
    if sent.shown_again:
        return _held(request, report, wrong=(question, overlook_missing(form)))
    if form.is_valid():
        text, sending = form.cleaned_data["text"], form.cleaned_data["sending"]
        try:
            answer_question(report=report, question=question, text=text, sending=sending, now=now())
        except Refusal as refused:
            form.add_error(None, str(refused))
        else:
            return _held(request, report, notice=_("Your answer was sent. Only our staff can read it."))
    return _held(request, report, wrong=(question, form))


@require_POST
@sensitive_post_parameters()
@open_form
def receipt_withdraw(request: HttpRequest) -> HttpResponse:
    """Take the contact details away; the report stays."""
    try:
        report = passes.take(posted(request).fields.get("held", ""), purpose=passes.HELD).report
    except NotNow as over:
        return _asking(request, WordsForm(), notice=str(over))
    withdraw_contact(report=report, now=now())
    return _held(request, report, notice=_("We no longer have your contact details. Your report stays."))


def _asking(request: HttpRequest, form: WordsForm, *, notice: str = "") -> HttpResponse:
    context = {"form": form, "notice": notice, "back_url": reverse("home")}
    return render(request, "intake/receipt_look.html", context, status=status_of(form))


def _held(
    request: HttpRequest,
    report: Report,
    *,
    notice: str = "",
    kept: str = "",
    wrong: tuple[str, AnswerForm] | None = None,
) -> HttpResponse:
    """Show the page of a receipt to somebody who has brought its words; ``kept``: an answer written before."""
    words, moment = words_of(report), now()
    context = {
        "receipt": _shown(words, receipt_of(report, moment)),
        "questions": [
            {"asked": one, "form": _form_for(one.name, kept, wrong)}
            for one in questions_shown(report, words=words, now=moment)
        ],
        "form": wrong[1] if wrong else None,
        "held": passes.give(report, purpose=passes.HELD),
        "notice": notice,
        "back_url": reverse("receipt_look"),
    }
    return render(request, "intake/receipt_held.html", context)


def _form_for(question: str, kept: str, wrong: tuple[str, AnswerForm] | None) -> AnswerForm:
    if wrong is not None and wrong[0] == question:
        return wrong[1]
    return AnswerForm(auto_id=_ids_of(question), initial={"text": kept} if kept else None)


def _ids_of(question: str) -> str:
    """Return how the fields of a question's form are named in the page: its outside id keeps two forms apart."""
    return f"{question.replace('%', '')}_%s"


def _shown(code: str, facts: ReceiptFacts) -> dict[str, Any]:
    turn = facts.next_change
    return {
        "code": code,
        "word": facts.word.value,
        "updated": date_format(now(), DAY),
        "next_update": date_format(turn, DAY) if turn else "",
    }
