"""Organisations that report by the API: adding one, the keys that two people give it, and revoking one at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.forms import AskKeyForm, PartnerForm
from openhotline.desk.views.page import page, person_of
from openhotline.intake.models import Partner
from openhotline.intake.queries import PartnerFacts
from openhotline.intake.queries import partners as every_partner
from openhotline.intake.services.add_partner import add_partner
from openhotline.intake.services.ask_partner_key import ask_partner_key
from openhotline.intake.services.make_asked_key import make_asked_key
from openhotline.intake.services.revoke_partner_key import revoke_partner_key


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    """List partners with their keys, and with those that were asked for."""
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Add a partner, who can do nothing before it has a key."""
    form = PartnerForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form)
    partner = add_partner(**form.cleaned_data, actor=person_of(request).public_id, now=now())
    messages.success(request, f"{partner.name} is added. It can do nothing before it has a key.")
    return redirect("desk_partners")


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a key; another person has to approve exactly this."""
    form = AskKeyForm(request.POST)
    partner = Partner.objects.filter(public_id=_sent(request, "partner")).first()
    if partner is None:
        raise Missing("There is no such partner. Load the page again.")
    if not form.is_valid():
        return _page(request, asking={partner.public_id: form})
    ask_partner_key(
        partner=partner, scopes=form.chosen(), days=form.cleaned_data["days"], actor=person_of(request), now=now()
    )
    messages.success(request, f"Asked: a key for {partner.name}. Another person has to approve it, under Approvals.")
    return redirect("desk_partners")


@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Make a key that was approved, and show it to whoever asked for it, this once."""
    key, text = make_asked_key(asked=_sent(request, "asked"), actor=person_of(request), now=now())
    return page(request, "desk/partner_key.html", {"key": key, "text": text}, current="desk_partners")


@require_POST
def revoke(request: HttpRequest) -> HttpResponse:
    """Let a key open nothing any more, at once."""
    key = revoke_partner_key(key=_sent(request, "key"), actor=person_of(request).public_id, now=now())
    messages.success(request, f"The key {key.public_id} opens nothing any more.")
    return redirect("desk_partners")


def _sent(request: HttpRequest, name: str) -> str:
    # PostgreSQL takes no NUL, and no id of ours has one.
    return request.POST.get(name, "").replace("\0", "")


def _page(
    request: HttpRequest, *, form: PartnerForm | None = None, asking: Mapping[str, AskKeyForm] | None = None
) -> HttpResponse:
    """Show everything; ``asking`` has, by partner, a form that was not filled in as it should be."""
    context: dict[str, Any] = {
        "partners": [_card(request, one, (asking or {}).get(one.public_id)) for one in every_partner(now())],
        "adding": form or PartnerForm(),
        "form": form or next(iter((asking or {}).values()), None),
    }
    return page(request, "desk/partners.html", context, current="desk_partners")


def _card(request: HttpRequest, one: PartnerFacts, form: Form | None) -> dict[str, Any]:
    mine = person_of(request).public_id
    # Each form of the page needs field ids of its own.
    asking = form or AskKeyForm(initial={"partner": one.public_id}, auto_id=f"id_{one.public_id}_%s")
    asked = [{"key": key, "mine": key.asked_by == mine} for key in one.asked]
    return {"facts": one, "asked": asked, "form": asking, "open": form is not None}
