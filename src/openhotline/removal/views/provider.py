"""The page on which the receiver of a notice answers. The code is posted, so that it stands in no address and no log.

The page shows nothing of a notice: whoever holds a code has the mail that it came with.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from openhotline.core import limits
from openhotline.core.clock import now
from openhotline.core.errors import Missing
from openhotline.core.open_forms import open_form, overlook_missing, posted
from openhotline.removal.forms import ProviderForm
from openhotline.removal.services.keep_answer import keep_answer
from openhotline.removal.states import Said

TRY = "provider try"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@open_form
def provider(request: HttpRequest) -> HttpResponse:
    """Take one answer to a notice."""
    if request.method != "POST":
        return _page(request, ProviderForm())
    sent = posted(request)
    form = ProviderForm(sent.fields)
    if sent.shown_again:
        return _page(request, overlook_missing(form))
    if sent.picture:
        form.add_error(None, _("A picture was left out. Please never send one."))
    if not form.is_valid():
        return _page(request, form)
    moment = now()
    if not limits.within(settings.FLOOD["all_tries"], TRY, now=moment):
        form.add_error("code", _("Too many codes were tried. Wait ten minutes, or reply to our message."))
        return _page(request, form, status=429)
    try:
        said = Said(form.cleaned_data["said"])
        keep_answer(code=form.cleaned_data["code"], said=said, text=form.cleaned_data["text"], now=moment)
    except Missing as refused:
        limits.count(settings.FLOOD["all_tries"], TRY, now=moment)
        form.add_error("code", str(refused))
        return _page(request, form)
    return _page(request, None)


def _page(request: HttpRequest, form: ProviderForm | None, *, status: int = 200) -> HttpResponse:
    return render(request, "removal/provider.html", {"form": form}, status=status)
