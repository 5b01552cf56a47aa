"""What waits for a second person, bound to exactly what was asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openhotline.accounts.queries import approvals_for
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.withdraw_approval import withdraw_approval
from openhotline.accounts.states import TWO_PEOPLE, Purpose
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.views.page import page, person_of

PLACES = {Purpose.RELEASE: "desk_lists", Purpose.REFERRAL: "desk_referrals"}


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits; a POST signs one as the second person, or withdraws it."""
    if request.method == "POST":
        return _answer(request)
    person = person_of(request)
    rows = [
        {
            "approval": one,
            "words": TWO_PEOPLE[Purpose(one.purpose)].words,
            "mine": one.asked_by == person.public_id,
        }
        for one in approvals_for(person)
    ]
    return page(request, "desk/approvals.html", {"rows": rows}, current="desk_approve")


def _answer(request: HttpRequest) -> HttpResponse:
    person, wanted = person_of(request), request.POST.get("approval", "")
    found = next((one for one in approvals_for(person) if one.public_id == wanted), None)
    if found is None:
        raise NotNow("This approval was given or withdrawn meanwhile. Load the page again.")
    words = TWO_PEOPLE[Purpose(found.purpose)].words
    if "withdraw" in request.POST:
        withdraw_approval(approval_id=found.pk, actor=person, now=now())
        messages.success(request, f"Withdrawn: {words}.")
        return redirect("desk_approve")
    seen = request.POST.get("manifest_sha256", "")
    approve(approval_id=found.pk, manifest_sha256=seen, actor=person, now=now())
    messages.success(request, f"Approved: {words}.")
    return redirect(PLACES.get(Purpose(found.purpose), "desk_approve"))
