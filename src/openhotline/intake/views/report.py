"""Reporting: the address first, then what helps, then sending."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.core.open_forms import open_form, overlook_missing, posted
from openhotline.intake.forms import (
    NO_PICTURE,
    AddressForm,
    DetailsForm,
    MoreForm,
    NoAddressForm,
    ReportForm,
    texts,
)
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.save_details import save_details
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.intake.views import passes
from openhotline.intake.views.flood import judged

GET_AND_POST = ("GET", "HEAD", "POST")
# Each optional page: the form it shows, and its template. The way back from a later one is a button of its form.
PAGES = {
    "report_details": (DetailsForm, "intake/report_details.html"),
    "report_more": (MoreForm, "intake/report_more.html"),
}


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def report_address(request: HttpRequest) -> HttpResponse:
    """Ask for the address and save it on Continue, before anything else is asked."""
    return _started(request, AddressForm, "intake/report_address.html", back="home")


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def no_address(request: HttpRequest) -> HttpResponse:
    """Lead to who can act where there is no address, and take in words what there is to tell."""
    return _started(request, NoAddressForm, "intake/no_address.html", back="report_address")


def _started(request: HttpRequest, kind: type[AddressForm], template: str, *, back: str) -> HttpResponse:
    if request.method != "POST":
        return render(request, template, {"form": kind(), "back_url": reverse(back)})
    sent = posted(request)
    form = kind(sent.fields)
    if sent.picture:
        form.add_error(None, NO_PICTURE)
    if sent.shown_again or not form.is_valid():
        shown = overlook_missing(form) if sent.shown_again else form
        return render(request, template, {"form": shown, "back_url": reverse(back)})
    lines: list[str] = form.cleaned_data["addresses"]
    report, _ = start_report(
        addresses=lines,
        source=Source.PUBLIC,
        idempotency=form.cleaned_data["sending"],
        practice=settings.PRACTICE,
        now=now(),
        over=judged(request, now=now()),
    )
    onward = passes.give(report, purpose=passes.WRITING, saved=len(lines), odd=form.count_odd(), mail=form.count_mail())
    return _redirected("report_details", report=onward)


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def report_details(request: HttpRequest) -> HttpResponse:
    """Ask what it is and where; keep it and go on to the next page, or send as it is."""
    if request.method != "POST":
        held = passes.take(request.GET.get("report", ""), purpose=passes.WRITING)
        return _asking(request, "report_details", held, ReportForm())
    return _answered(request, "report_details")


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def report_more(request: HttpRequest) -> HttpResponse:
    """Ask how it was found and what else helps; keep it, and show all of it before it is sent.

    The page itself is shown by `report_details`, so a GET leads to the beginning.
    """
    return _answered(request, "report_more") if request.method == "POST" else redirect("report_address")


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
@open_form
def report_check(request: HttpRequest) -> HttpResponse:
    """Send what was shown. The page itself is shown by `report_more`, so a GET leads to the beginning."""
    return _answered(request, "report_check") if request.method == "POST" else redirect("report_address")


def _answered(request: HttpRequest, page: str) -> HttpResponse:
    """Take the answers that a page sent, and show the next one, or the one that holds a mistake."""
    sent = posted(request)
    try:
        held = passes.take(sent.fields.get("report", ""), purpose=passes.WRITING, sending=True)
    except NotNow as over:
        context = {"sentence": str(over), "written": texts(sent.fields.dict())}
        return render(request, "intake/report_over.html", context, status=409)
    form = ReportForm(sent.fields)
    if sent.picture:
        form.add_error(None, NO_PICTURE)
    if sent.shown_again:
        return _asking(request, page, held, form) if page in PAGES else _shown_again(request, held, form)
    wrong = _page_of_mistake(form, page)
    if wrong or ("change" in sent.fields and page in PAGES):
        return _asking(request, wrong or page, held, form)
    told: dict[str, Any] = {"details": form.details(), "contact": form.contact_details, "urgent": form.urgent}
    if page == "report_check":
        complete_report(report=held.report, now=now(), **told)
        return _redirected("receipt", receipt=passes.give(held.report, purpose=passes.SENT))
    save_details(report=held.report, now=now(), **told)
    if page == "report_details" and "last" not in sent.fields:
        # Nothing of the next page was asked yet, so nothing of it can be missing.
        return _asking(request, "report_more", held, form)
    return _checking(request, held, form)


def _shown_again(request: HttpRequest, held: passes.Pass, form: ReportForm) -> HttpResponse:
    """Show all of it before it is sent, once more; where something is wrong with it, the page that asks it."""
    wrong = _page_of_mistake(form, "report_check")
    return _asking(request, wrong, held, form) if wrong else _checking(request, held, form)


def _page_of_mistake(form: ReportForm, page: str) -> str:
    """Return the page to show again, empty when nothing has to be mended."""
    if form.is_valid():
        return ""
    if any(name in DetailsForm.base_fields for name in form.errors):
        return "report_details"
    return page if page in PAGES and not set(form.errors) & set(MoreForm.base_fields) else "report_more"


def _asking(request: HttpRequest, page: str, held: passes.Pass, form: ReportForm) -> HttpResponse:
    kind, template = PAGES[page]
    context = {
        "form": form,
        "shown": [form[name] for name in form.fields if name in kind.base_fields],
        "carried": [form[name] for name in form.fields if name not in kind.base_fields],
        "pass": passes.give(held.report, purpose=passes.WRITING, saved=held.saved, odd=held.odd, mail=held.mail),
        "held": held,
    }
    if page == "report_details":
        context["back_url"] = reverse("report_address")
    return render(request, template, context)


def _checking(request: HttpRequest, held: passes.Pass, form: ReportForm) -> HttpResponse:
    carried = passes.give(held.report, purpose=passes.WRITING, saved=held.saved, odd=held.odd, mail=held.mail)
    context = {"form": form, "pass": carried, "held": held, "answers": form.rows()}
    return render(request, "intake/report_check.html", context)


def _redirected(route: str, **query: str) -> HttpResponseRedirect:
    asked = QueryDict(mutable=True)
    asked.update(query)
    return HttpResponseRedirect(f"{reverse(route)}?{asked.urlencode()}")
