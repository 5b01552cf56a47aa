"""Referrals to police: draft, approval by a second person, sealed package."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.queries import approval_of
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.queries.later import referrals as newest
from openhotline.desk.queries.later import to_refer, waiting_to_refer
from openhotline.desk.views.page import page, person_of
from openhotline.referral.models import Referral
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral


@require_safe
def referrals(request: HttpRequest) -> HttpResponse:
    """Show how many confirmed items wait for a referral, and where each referral stands."""
    rows = [{"referral": one, "approval": approval_of("referral", one.public_id)} for one in newest()]
    context = {"rows": rows, "waiting_items": waiting_to_refer(settings.JURISDICTION)}
    return page(request, "desk/referrals.html", context, current="desk_referrals")


@require_POST
def draft(request: HttpRequest) -> HttpResponse:
    """Draft a referral of up to 100 confirmed items and ask for the second signature on it."""
    drafted = draft_referral(item_ids=to_refer(settings.JURISDICTION), actor=person_of(request), now=now())
    messages.success(request, f"Drafted {drafted.public_id[:12]}. Another person has to approve it.")
    return redirect("desk_referrals")


@require_POST
def build(request: HttpRequest) -> HttpResponse:
    """Build the sealed package of a referral that was approved."""
    found = Referral.objects.filter(public_id=request.POST.get("referral", "")).first()
    if found is None:
        raise Missing("There is no such referral.")
    build_referral(referral_id=found.pk, actor=person_of(request), now=now())
    messages.success(request, "The package is built and sealed to the partner's key.")
    return redirect("desk_referrals")
