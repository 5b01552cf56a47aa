"""The log of complaints and wrongful decisions: each re-opens what it is about; a senior or manager answers it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openhotline.accounts.states import Permission
from openhotline.assessment.queries.handover import complaints as every_complaint
from openhotline.assessment.services.answer_complaint import answer_complaint
from openhotline.assessment.services.note_complaint import note_complaint
from openhotline.assessment.states import Complainer, ComplaintState, Finding, ReassessmentState
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.forms import ComplaintForm
from openhotline.desk.states import COMPLAINER_WORDS, FINDING_WORDS
from openhotline.desk.views.page import page, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def complaints(request: HttpRequest) -> HttpResponse:
    """Show the log; a POST writes a complaint into it."""
    person = person_of(request)
    form = ComplaintForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        try:
            row = note_complaint(
                source=Complainer(told["source"]), what=told["what"], about=told["about"], actor=person, now=now()
            )
        except NotNow as refusal:
            form.add_error("about", str(refusal))
        else:
            again = " What it is about is decided again." if row.reassessment else ""
            messages.success(request, f"Written down.{again}")
            return redirect("desk_complaints")
    rows = [
        {
            "row": one,
            "from": COMPLAINER_WORDS[Complainer(one.source)],
            "finding": FINDING_WORDS[Finding(one.finding)] if one.finding else "",
            "open": one.state == ComplaintState.OPEN,
            "reviewed": one.reassessment is None or one.reassessment.state != ReassessmentState.OPEN,
        }
        for one in every_complaint()
    ]
    context = {
        "form": form,
        "rows": rows,
        "answers": person.may(Permission.ANSWER_COMPLAINTS),
        "findings": [(one.value, words) for one, words in FINDING_WORDS.items()],
    }
    return page(request, "desk/complaints.html", context, current="desk_complaints")


@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """Say whether a complaint was upheld."""
    finding = request.POST.get("finding", "")
    if finding not in set(Finding):
        raise NotNow("Choose whether it was upheld.")
    answer_complaint(
        complaint=request.POST.get("complaint", ""), finding=Finding(finding), actor=person_of(request), now=now()
    )
    messages.success(request, "Answered.")
    return redirect("desk_complaints")
