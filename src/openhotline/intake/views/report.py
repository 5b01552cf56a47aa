"""Reporting: the address first, then what helps, then sending."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openhotline.core.clock import now
from openhotline.intake.forms import AddressForm, DetailsForm, NoAddressForm
from openhotline.intake.services.complete_report import complete_report
from openhotline.intake.services.save_details import save_details
from openhotline.intake.services.start_report import start_report
from openhotline.intake.states import Source
from openhotline.intake.views import passes
from openhotline.intake.views.flood import judged

GET_AND_POST = ("GET", "HEAD", "POST")


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
def report_address(request: HttpRequest) -> HttpResponse:
    """Ask for the address and save it on Continue, before anything else is asked."""
    if request.method != "POST":
        return render(request, "intake/report_address.html", {"form": AddressForm(), "back_url": reverse("home")})
    form = NoAddressForm(request.POST) if "no_address" in request.POST else AddressForm(request.POST)
    if not form.is_valid():
        shown = AddressForm(request.POST)
        return render(request, "intake/report_address.html", {"form": shown, "back_url": reverse("home")})
    lines: list[str] = form.cleaned_data.get("addresses", [])
    report, _ = start_report(
        addresses=lines,
        source=Source.PUBLIC,
        idempotency=form.cleaned_data["sending"],
        practice=settings.PRACTICE,
        now=now(),
        over=judged(request, now=now()),
    )
    onward = passes.give(report, purpose=passes.WRITING, saved=len(lines), odd=form.count_odd())
    return _redirected("report_details", report=onward)


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
def report_details(request: HttpRequest) -> HttpResponse:
    """Ask what helps; keep it, and show all of it before it is sent."""
    if request.method != "POST":
        return _details_page(request, request.GET.get("report", ""), DetailsForm())
    carried = request.POST.get("report", "")
    held = passes.take(carried, purpose=passes.WRITING)
    form = DetailsForm(request.POST)
    if not form.is_valid() or "change" in request.POST:
        return _details_page(request, carried, form)
    save_details(report=held.report, details=form.cleaned_data, urgent=form.urgent, now=now())
    context = {"form": form, "pass": carried, "held": held, "answers": form.answers()}
    return render(request, "intake/report_check.html", context)


def _details_page(request: HttpRequest, carried: str, form: DetailsForm) -> HttpResponse:
    held = passes.take(carried, purpose=passes.WRITING)
    context = {"form": form, "pass": carried, "held": held, "back_url": reverse("report_address")}
    return render(request, "intake/report_details.html", context)


@require_http_methods(GET_AND_POST)
@sensitive_post_parameters()
def report_check(request: HttpRequest) -> HttpResponse:
    """Send what was shown. The page itself is shown by `report_details`, so a GET leads there."""
    if request.method != "POST":
        return redirect("report_address")
    carried = request.POST.get("report", "")
    held = passes.take(carried, purpose=passes.WRITING)
    form = DetailsForm(request.POST)
    if not form.is_valid():
        return _details_page(request, carried, form)
    complete_report(report=held.report, details=form.cleaned_data, urgent=form.urgent, now=now())
    return _redirected("receipt", receipt=passes.give(held.report, purpose=passes.SENT))


def _redirected(route: str, **query: str) -> HttpResponseRedirect:
    asked = QueryDict(mutable=True)
    asked.update(query)
    return HttpResponseRedirect(f"{reverse(route)}?{asked.urlencode()}")
