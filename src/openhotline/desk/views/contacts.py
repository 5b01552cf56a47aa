"""Whom to call: services near by, and when each number was last tried."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from openhotline.accounts.models import Contact
from openhotline.accounts.queries import contact_by_id, contacts
from openhotline.accounts.services.add_contact import add_contact
from openhotline.accounts.services.check_contact import check_contact
from openhotline.accounts.services.retire_contact import retire_contact
from openhotline.accounts.states import Permission
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.desk.forms import CheckForm, ContactForm
from openhotline.desk.views.page import page, person_of


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Show the directory, and to who keeps it what is due."""
    return _page(request)


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """Keep a service whose number was tried today."""
    form = ContactForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    add_contact(**form.cleaned_data, actor=person_of(request), now=now())
    messages.success(request, "The service is in the directory.")
    return redirect("desk_contacts")


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Note that a number was tried today."""
    form = CheckForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    check_contact(contact=_found(request), **form.cleaned_data, actor=person_of(request), now=now())
    messages.success(request, "Noted as tried today.")
    return redirect("desk_contacts")


@require_POST
def retire(request: HttpRequest) -> HttpResponse:
    """Take a service out of the directory."""
    retire_contact(contact=_found(request), actor=person_of(request), now=now())
    messages.success(request, "Taken out of the directory.")
    return redirect("desk_contacts")


def _found(request: HttpRequest) -> Contact:
    found = contact_by_id(request.POST.get("contact", ""))
    if found is None:
        raise Missing("There is no such service in the directory.")
    return found


def _page(request: HttpRequest, form: Form | None = None) -> HttpResponse:
    today = now().date()
    context = {
        "rows": [{"contact": one, "due": one.is_due(today)} for one in contacts()],
        "keeps": person_of(request).may(Permission.KEEP_CONTACTS),
        "form": form or ContactForm(),
    }
    return page(request, "desk/contacts.html", context, current="desk_contacts")
