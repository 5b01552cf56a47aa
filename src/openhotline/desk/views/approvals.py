"""What waits for a second person, bound to exactly what was asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from openhotline.accounts.models import Approval, Person
from openhotline.accounts.queries import approvals_for, grant_of, people_by_id
from openhotline.accounts.services.approve import approve
from openhotline.accounts.services.approve_role import approve_role
from openhotline.accounts.services.confirm_approval import confirm_approval
from openhotline.accounts.services.withdraw_approval import withdraw_approval
from openhotline.accounts.states import TWO_PEOPLE, ApprovalState, Purpose
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.views.page import page, person_of
from openhotline.endings.queries import ending_named
from openhotline.hashlists.queries import member_named
from openhotline.hashlists.queries.sealed import routine_named
from openhotline.intake.queries import asked_keys

# The page on which what was approved is carried out, where whoever approves may come to it.
PLACES = {
    Purpose.RELEASE: "desk_lists",
    Purpose.REFERRAL: "desk_referrals",
    Purpose.SWEEP: "desk_sweeps",
    Purpose.PARTNER_KEY: "desk_partners",
}


@require_http_methods(["GET", "HEAD", "POST"])
def approvals(request: HttpRequest) -> HttpResponse:
    """List what waits; a POST signs one as the second person, confirms or withdraws it."""
    if request.method == "POST":
        return _answer(request)
    person = person_of(request)
    waiting = approvals_for(person, now())
    people = people_by_id([name for one in waiting for name in (one.asked_by, one.subject)])
    keys = {one.public_id: one for one in asked_keys(now())}
    rows = [
        {
            "approval": one,
            "words": TWO_PEOPLE[Purpose(one.purpose)].words,
            "asked_by": people.get(one.asked_by),
            "subject": people.get(one.subject),
            "grant": grant_of(one) if one.purpose == Purpose.ROLE else None,
            "damage": one.purpose == Purpose.DAMAGE,
            "sweep": one.purpose == Purpose.SWEEP,
            "partner_key": keys.get(one.subject),
            "member": member_named(one.subject) if one.purpose == Purpose.MEMBER else None,
            "routine": routine_named(one.subject) if one.purpose == Purpose.ROUTINE else None,
            "ending": ending_named(one.subject) if one.purpose == Purpose.ENDING else None,
            "typed": one.state == ApprovalState.TYPED,
            "mine": one.asked_by == person.public_id,
        }
        for one in waiting
    ]
    return page(request, "desk/approvals.html", {"rows": rows}, current="desk_approve")


def _answer(request: HttpRequest) -> HttpResponse:
    person, wanted = person_of(request), request.POST.get("approval", "")
    found = next((one for one in approvals_for(person, now()) if one.public_id == wanted), None)
    if found is None:
        raise NotNow("This approval was given or withdrawn meanwhile. Load the page again.")
    words = TWO_PEOPLE[Purpose(found.purpose)].words
    if "withdraw" in request.POST:
        withdraw_approval(approval_id=found.pk, actor=person, now=now())
        messages.success(request, f"Withdrawn: {words}.")
        return redirect("desk_approve")
    seen = request.POST.get("manifest_sha256", "")
    if found.state == ApprovalState.TYPED:
        confirm_approval(approval_id=found.pk, manifest_sha256=seen, actor=person, now=now())
        messages.success(request, f"Confirmed that you asked: {words}. Another person can approve it now.")
        return redirect("desk_approve")
    messages.success(request, _approve(found, seen, person))
    return redirect(PLACES.get(Purpose(found.purpose), "desk_approve"))


def _approve(found: Approval, seen: str, person: Person) -> str:
    """Sign as the second person, and return what to say: a role is changed with it, all else is carried out later."""
    if found.purpose != Purpose.ROLE:
        approve(approval_id=found.pk, manifest_sha256=seen, actor=person, now=now())
        return f"Approved: {TWO_PEOPLE[Purpose(found.purpose)].words}."
    changed = approve_role(approval_id=found.pk, manifest_sha256=seen, actor=person, now=now())
    if isinstance(changed, str):
        name = people_by_id([found.subject])[found.subject].name
        return (
            f"Approved: the link opens from now on, with the code {changed}. It is shown only here and only now. "
            f"Tell it {name} yourself, by telephone or in the room, and nobody else: not who asked for the link."
        )
    return f"Approved: {changed.name} is {changed.role_name.lower()} now, and has to sign in again."
