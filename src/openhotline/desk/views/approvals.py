"""What waits for a second person, bound to exactly what was asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openhotline.accounts.queries import waiting_approvals
from openhotline.accounts.services.approve import approve
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.views.page import page, person_of

PURPOSES = {
    "release": ("Release of the hash list", "desk_lists"),
    "referral": ("Referral to police", "desk_referrals"),
    "purge": ("Purge of evidence, for good", "desk_approve"),
    "key_work": ("Work on the keys", "desk_approve"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits; a POST signs one as the second person."""
    if request.method == "POST":
        return _sign(request)
    person = person_of(request)
    rows = [
        {
            "approval": one,
            "words": PURPOSES.get(one.purpose, (one.purpose, ""))[0],
            "mine": one.asked_by == person.public_id,
        }
        for one in waiting_approvals()
    ]
    return page(request, "desk/approvals.html", {"rows": rows}, current="desk_approve")


def _sign(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("approval", "")
    found = next((one for one in waiting_approvals() if one.public_id == wanted), None)
    if found is None:
        raise NotNow("This approval was given or withdrawn meanwhile. Load the page again.")
    seen = request.POST.get("manifest_sha256", "")
    approve(approval_id=found.pk, manifest_sha256=seen, actor=person_of(request), now=now())
    words, place = PURPOSES.get(found.purpose, (found.purpose, "desk_approve"))
    messages.success(request, f"Approved: {words}.")
    return redirect(place)
