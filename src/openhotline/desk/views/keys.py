"""One's own keys: the same on every machine, and off where somebody wants none."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from openhotline.accounts.queries import key_choice
from openhotline.accounts.services.choose_keys import choose_keys
from openhotline.core.clock import now
from openhotline.desk.forms import KeysForm
from openhotline.desk.states import KEYS
from openhotline.desk.views.page import page, person_of


@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    """Show every key with what it does; a POST keeps others, or those that the desk comes with."""
    person = person_of(request)
    choice = key_choice(person)
    if "reset" in request.POST:
        choose_keys(on=choice.on, keys={}, offered=KEYS, actor=person, now=now())
        messages.success(request, "The keys are those that the desk comes with.")
        return redirect("desk_keys")
    posted = request.POST if request.method == "POST" else None
    form = KeysForm(posted, chosen=choice.keys, initial={"on": choice.on})
    if posted is not None and form.is_valid():
        choose_keys(on=form.cleaned_data["on"], keys=form.chosen(), offered=KEYS, actor=person, now=now())
        messages.success(request, "Your keys are kept. They hold on every machine.")
        return redirect("desk_keys")
    return page(request, "desk/keys.html", {"form": form}, current="")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Switch single keys on or off, from the dialog of keys."""
    choose_keys(on=request.POST.get("on") == "yes", keys=None, offered=KEYS, actor=person_of(request), now=now())
    return HttpResponse(status=204)
