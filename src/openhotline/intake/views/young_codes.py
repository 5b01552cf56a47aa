"""Codes that a young person makes of their own pictures on their own device: made, sent, and taken back."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.core.open_forms import open_form, overlook_missing, posted
from openhotline.intake.forms import WordsForm
from openhotline.intake.models.device_hash import LEAST_QUALITY, MOST
from openhotline.intake.models.young import next_step
from openhotline.intake.queries import help_for, script_digests
from openhotline.intake.services.keep_device_hash import keep_device_hash
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.withdraw_device_hash import withdraw_device_hash
from openhotline.intake.states import HelpPurpose, YoungEnd
from openhotline.intake.views import passes
from openhotline.intake.views.flood import judged
from openhotline.intake.views.words import found_by_words, status_of
from openhotline.intake.views.young import begin_again
from openhotline.intake.views.young_forms import CodesForm
from openhotline.intake.views.young_pages import give_own, is_own, read_answers, sign_answers, young_page

GET_AND_POST = ("GET", "HEAD", "POST")
SENT_OVER = _("This page can be shown for a day. With your six words you can still take the codes back.")
UNKNOWN = _("We do not have codes with these words: check each word.")
SENT_WITH = _("You got them when you sent the codes. Capital letters and extra spaces do not matter.")


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def young_keep(request: HttpRequest) -> HttpResponse:
    """Show the page on which a device makes codes: only after answers that say it is one's own picture."""
    if request.method != "POST":
        return redirect("young")
    answers = _own_picture(request)
    return begin_again(request) if answers is None else _keep_page(request, CodesForm(), answers=sign_answers(answers))


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def young_send(request: HttpRequest) -> HttpResponse:
    """Keep the codes that were sent, and lead to the receipt."""
    if request.method != "POST":
        return redirect("young")
    sent = posted(request)
    if not (settings.DEVICE_CODES and is_own(sent.fields.get("own", ""))):
        return begin_again(request)
    form = CodesForm(sent.fields)
    if sent.shown_again:
        return _keep_page(request, form if sent.fields.get("hashes") else CodesForm())
    if not form.is_valid():
        return _keep_page(request, form)
    moment = now()
    report = keep_device_hash(
        codes=form.cleaned_data["hashes"],
        idempotency=form.cleaned_data["sending"],
        practice=settings.PRACTICE,
        now=moment,
        over=judged(request, now=moment),
    )
    query = QueryDict(mutable=True)
    query["receipt"] = passes.give(report, purpose=passes.SENT)
    return HttpResponseRedirect(f"{reverse('young_sent')}?{query.urlencode()}")


@require_safe
def young_sent(request: HttpRequest) -> HttpResponse:
    """Show the words of codes that were just sent, and what to do now. The page can be loaded again for a day."""
    try:
        report = passes.take(request.GET.get("receipt", ""), purpose=passes.SENT).report
    except NotNow:
        return begin_again(request, SENT_OVER)
    return young_page(request, "intake/young_sent.html", {"words": words_of(report)})


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def young_undo(request: HttpRequest) -> HttpResponse:
    """Take codes back with the words of the receipt. The answer says nothing of whether a code was known."""
    if request.method != "POST":
        return _undo_page(request, WordsForm())
    sent = posted(request)
    form = WordsForm(sent.fields)
    if sent.shown_again:
        return _undo_page(request, overlook_missing(form))
    had = found_by_words(
        request, form, lambda words: withdraw_device_hash(words=words, now=now()), unknown=str(UNKNOWN)
    )
    return _undo_page(request, form, done=had is not None)


def _own_picture(request: HttpRequest) -> dict[str, str] | None:
    """Return the answers that a form carries when they lead to codes, and this hotline takes codes; else None."""
    answers = read_answers(posted(request).fields.get("answers", ""))
    leads = settings.DEVICE_CODES and answers is not None and next_step(answers).end == YoungEnd.CHOICE
    return answers if leads else None


def _undo_page(request: HttpRequest, form: WordsForm, *, done: bool = False) -> HttpResponse:
    form.fields["words"].help_text = SENT_WITH
    context = {"form": form, "done": done, "back_url": reverse("young")}
    return young_page(request, "intake/young_undo.html", context, status=status_of(form))


def _keep_page(request: HttpRequest, form: CodesForm, *, answers: str = "") -> HttpResponse:
    """Show the page that makes codes; ``answers``, signed, are only for the way back to a person."""
    context = {
        "form": form,
        "own": give_own(),
        "answers": answers,
        "keep_services": help_for(HelpPurpose.KEEP),
        "scripts": script_digests(),
        "most": MOST,
        "least_quality": LEAST_QUALITY,
    }
    return young_page(request, "intake/young_keep.html", context)
