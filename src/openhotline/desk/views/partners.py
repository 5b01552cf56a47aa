"""Organisations that report by the API: their keys, and revoking one at once."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.core.clock import now
from openhotline.desk.views.page import page, person_of
from openhotline.intake.queries import partners as every_partner
from openhotline.intake.services.revoke_partner_key import revoke_partner_key


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """List partners with their keys. Keys are made on the command line, which alone shows one, once."""
    return page(request, "desk/partners.html", {"partners": every_partner(now())}, current="desk_partners")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Let a key open nothing any more, at once."""
    wanted = request.POST.get("key", "").replace("\0", "")
    key = revoke_partner_key(key=wanted, actor=person_of(request).public_id, now=now())
    messages.success(request, f"The key {key.public_id} opens nothing any more.")
    return redirect("desk_partners")
