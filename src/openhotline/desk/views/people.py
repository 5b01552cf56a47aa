"""Who works here: invitations, roles, vetting and training."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of, dates_running_out, everybody, grant_of, person_by_id
from openhotline.accounts.services.ask_role import ask_role
from openhotline.accounts.services.disable_person import disable_person
from openhotline.accounts.services.invite_again import invite_again
from openhotline.accounts.services.invite_person import invite_person
from openhotline.accounts.services.record_dates import record_dates
from openhotline.accounts.services.send_invitation import send_invitation
from openhotline.accounts.states import ApprovalState, Permission, PersonState, Purpose
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.core.net.errors import MailFailed
from openhotline.desk.forms import DatesForm, InviteForm, RoleForm
from openhotline.desk.views.page import page, person_of

HEADERS = ("Name", "Role", "State", "Vetting until", "Training until")
SOON = timedelta(days=30)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """List who works here; for managers each name leads to what can be changed."""
    manages = person_of(request).may(Permission.MANAGE_PEOPLE)
    context = {
        "headers": HEADERS,
        "rows": [_row(one, linked=manages) for one in everybody()],
        "soon": dates_running_out((now() + SOON).date()),
        "manages": manages,
    }
    return page(request, "desk/people.html", context, current="desk_people")


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest) -> HttpResponse:
    """Ask who is to come; a POST makes the link and shows it once, or mails it."""
    form = InviteForm(request.POST) if request.method == "POST" else InviteForm()
    if not form.is_valid():
        return page(request, "desk/invite.html", {"form": form}, current="desk_people")
    person, token = invite_person(
        username=form.cleaned_data["username"],
        name=form.cleaned_data["name"],
        role=form.chosen(),
        practice=settings.PRACTICE,
        actor=person_of(request),
        now=now(),
    )
    return _link_page(request, person, token, form.cleaned_data["to"])


@require_safe
def person(request: HttpRequest, public_id: str) -> HttpResponse:
    """Show one person with what can be changed."""
    return _person_page(request, _found(public_id))


@require_POST
def role(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ask that the person gets another role; a second person approves it."""
    found, form = _found(public_id), RoleForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, role_form=form)
    change = ask_role(person_id=found.pk, role=form.chosen(), actor=person_of(request), now=now())
    link = " Their link has ended: make a new one once this is approved." if found.state == PersonState.INVITED else ""
    return _done(request, found, f"Asked: {found.name} is to be {change.role_name.lower()}.{link}")


@require_POST
def dates(request: HttpRequest, public_id: str) -> HttpResponse:
    """Record until when vetting and training hold."""
    found, form = _found(public_id), DatesForm(request.POST)
    if not form.is_valid():
        return _person_page(request, found, dates_form=form)
    record_dates(person_id=found.pk, actor=person_of(request), now=now(), **form.cleaned_data)
    return _done(request, found, "The dates are recorded.")


@require_POST
def disable(request: HttpRequest, public_id: str) -> HttpResponse:
    """End everything the person can sign in with."""
    found = _found(public_id)
    disable_person(person_id=found.pk, actor=person_of(request), now=now())
    return _done(request, found, f"{found.name} cannot sign in any more.")


@require_POST
def invite_anew(request: HttpRequest, public_id: str) -> HttpResponse:
    """Make a new link for somebody who lost what they sign in with, or who comes back."""
    found, token = invite_again(person_id=_found(public_id).pk, actor=person_of(request), now=now())
    return _link_page(request, found, token, "")


def _found(public_id: str) -> Person:
    found = person_by_id(public_id)
    if found is None:
        raise Missing("There is no such person.")
    return found


def _done(request: HttpRequest, found: Person, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect("desk_person", public_id=found.public_id)


def _person_page(
    request: HttpRequest, found: Person, *, role_form: Form | None = None, dates_form: Form | None = None
) -> HttpResponse:
    dates = {"vetted_until": found.vetted_until, "trained_until": found.trained_until}
    context = {
        "found": found,
        "itself": found.pk == person_of(request).pk,
        "waiting": _waiting(found),
        "role_form": role_form or RoleForm(initial={"role": found.role}),
        "dates_form": dates_form or DatesForm(initial=dates),
    }
    return page(request, "desk/person.html", context, current="desk_people")


def _waiting(found: Person) -> dict[str, Any] | None:
    """Return what waits for a second person about somebody, a change of role or a link, with its approval."""
    approval = approval_of(Purpose.ROLE, found.public_id)
    if approval is None or approval.state != ApprovalState.ASKED or approval.expires_at <= now():
        return None
    return {"approval": approval, "grant": grant_of(approval)}


def _link_page(request: HttpRequest, found: Person, token: str, to: str) -> HttpResponse:
    path = reverse("join", args=[token])
    # Behind a proxy that ends TLS this process does not know by what address it is open; the setting says it.
    link = f"{settings.ORIGINS['desk']}{path}" if settings.ORIGINS["desk"] else request.build_absolute_uri(path)
    said = ""
    if to:
        try:
            send_invitation(person=found, link=link, to=to, actor=person_of(request), now=now())
            said = "The link was handed to the mail server."
        except MailFailed as failed:
            said = f"The mail was not sent: {failed} Print the link, or hand it over."
    return page(request, "desk/link.html", {"found": found, "link": link, "said": said}, current="desk_people")


def _row(one: Person, *, linked: bool) -> list[Any]:
    name: Any = {"text": one.name, "href": reverse("desk_person", args=[one.public_id])} if linked else one.name
    tag = {"working": "done", "invited": "now", "disabled": "waiting"}[one.state]
    days = [until.strftime("%-d %b %Y") if until else "not recorded" for until in (one.vetted_until, one.trained_until)]
    return [name, one.role_name, {"text": one.state, "tag": tag}, *days]
