"""Contacts of providers: a person agrees to each before the first notice goes to it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.core.errors import NotNow
from openhotline.desk.queries.removing import MOST, decided_rows
from openhotline.desk.views.page import page, person_of
from openhotline.removal.queries.contacts import contacts_decided, contacts_waiting
from openhotline.removal.services.approve_contact import approve_contact
from openhotline.removal.services.propose_contact import propose_contact
from openhotline.removal.services.refuse_contact import refuse_contact

HEADERS = ("Provider", "Mail", "Level", "State", "Decided", "No notices on", "Notices")


@require_safe
def providers(request: HttpRequest) -> HttpResponse:
    """Show the contacts that wait for a person, and those that were decided on."""
    context = {
        "waiting": contacts_waiting()[:MOST],
        "headers": HEADERS,
        "rows": decided_rows(list(contacts_decided()[:MOST])),
        "may": person_of(request).may(Permission.KEEP_REMOVALS),
    }
    return page(request, "desk/providers.html", context, current="desk_providers")


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Keep a contact that a person found."""
    mail, provider = _text(request, "mail"), _text(request, "provider")
    propose_contact(mail=mail, provider=provider, actor=person_of(request), now=now())
    messages.success(request, "The contact is kept and waits to be approved.")
    return redirect("desk_providers")


@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """Approve or refuse a contact."""
    name, person = _text(request, "contact"), person_of(request)
    decision = _text(request, "decision")
    if decision == "refuse":
        refuse_contact(contact=name, actor=person, now=now())
        messages.success(request, "Nothing goes to this contact.")
    elif decision == "approve":
        language, days = _text(request, "language") or "en", _text(request, "blocked_days")
        made = approve_contact(contact=name, actor=person, now=now(), language=language, blocked_days=days)
        second = made.state == "seconding"
        messages.success(request, "A second person has to approve it too." if second else "Notices may go to it now.")
    else:
        raise NotNow("Choose whether notices may go to this contact.")
    return redirect("desk_providers")


def _text(request: HttpRequest, name: str) -> str:
    # PostgreSQL takes no NUL, and nothing that is typed here has one.
    return request.POST.get(name, "").replace("\0", "")
