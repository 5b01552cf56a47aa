"""Receipts: shown once a report was sent, and looked up by their words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.formats import date_format
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from openhotline.core.clock import now
from openhotline.intake.forms import WordsForm
from openhotline.intake.models.receipt import NotAReceipt
from openhotline.intake.queries import ReceiptFacts, receipt_of, report_by_words
from openhotline.intake.services.start_report import words_of
from openhotline.intake.views import passes
from openhotline.intake.views.flood import check_tries, count_try

UNKNOWN = "We do not have a report with these words: check each word."
DAY = "j F Y"


@require_safe
def receipt(request: HttpRequest) -> HttpResponse:
    """Show the words of a report that was just sent. The page can be loaded again for a day."""
    held = passes.take(request.GET.get("receipt", ""), purpose=passes.SENT)
    shown = _shown(words_of(held.report), receipt_of(held.report, now()))
    return render(request, "intake/receipt.html", {"receipt": shown | {"href": reverse("receipt_look")}})


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def receipt_look(request: HttpRequest) -> HttpResponse:
    """Say one of three words for the words of a receipt, by a fixed timetable that depends on nothing we know."""
    form = WordsForm(request.POST) if request.method == "POST" else WordsForm()
    context = {"form": form, "back_url": reverse("home")}
    if form.is_valid():
        check_tries(request, now=now())
        words = form.cleaned_data["words"]
        try:
            facts = report_by_words(words, now())
        except NotAReceipt as error:
            form.add_error("words", str(error))
        else:
            if facts is None:
                count_try(request, now=now())
                form.add_error("words", UNKNOWN)
            else:
                context["receipt"] = _shown(" ".join(words.lower().split()), facts)
    return render(request, "intake/receipt_look.html", context)


def _shown(code: str, facts: ReceiptFacts) -> dict[str, Any]:
    turn = facts.next_change
    return {
        "code": code,
        "word": facts.word.value,
        "updated": date_format(now(), DAY),
        "next_update": date_format(turn, DAY) if turn else "",
    }
