"""A report that came by telephone or letter."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openhotline.core.clock import now
from openhotline.desk.forms import TypeInForm
from openhotline.desk.views.page import page, person_of
from openhotline.intake.services.start_report import words_of
from openhotline.intake.services.type_in_report import type_in_report
from openhotline.intake.states import Source


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def type_in(request: HttpRequest) -> HttpResponse:
    """Ask what the caller says, save it at once, and show the words of the receipt to read out."""
    form = TypeInForm(request.POST) if request.method == "POST" else TypeInForm()
    if not form.is_valid():
        return page(request, "desk/type_in.html", {"form": form}, current="desk_type_in")
    report = type_in_report(
        addresses=form.cleaned_data["addresses"],
        source=Source(form.cleaned_data["source"]),
        details=form.details(),
        urgent=form.cleaned_data["urgent"],
        actor=person_of(request),
        now=now(),
    )
    messages.success(request, f"Saved. The words of the receipt, to read out: {words_of(report)}")
    return redirect("desk_report", public_id=report.public_id)
