"""Forms that anybody may send: without a cookie, without a session, without a picture.

What the token against forged forms protects is somebody's session, and behind these forms there is none: whoever makes
another's browser send one could as well send it from their own. So no cookie is asked for. What is refused all the same
is a form that a browser says another site has sent (docs/adr/0012-forms-without-a-cookie.md), and everything that is a
picture: a file is never read, and a picture that was pasted as text is taken out before a page could show it again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, NoReturn, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from openhotline.core.errors import NotAllowed

# The button of the switch of languages, and how the page was shown.
AGAIN = "shown_again"
FILE_SENT = "openhotline.file_sent"
_OURS = frozenset({"same-origin", "none"})
# A picture as an address has a media type or is said to be base64; "data: 5, 7" in a sentence is neither. Each part has
# a most, so that a text of nothing but beginnings is read once and not from each of them to its end.
_ADDRESSED = (
    r"\b(?i:data):(?:\s{0,20}(?i:image|video)/[\w.+-]{1,100}\s{0,20}[;,]|[A-Za-z]{1,100}/[\w.+-]{1,100}(?:;[^\s,]{0,200})?,"
    r"|[^\s,]{0,200};(?i:base64),)\S*|\b(?i:blob):[A-Za-z]\S*"
)
# The first characters of JPEG, PNG, GIF, WebP and MP4 in either base64, with enough behind them to be a file; its lines
# go with it, and words behind it stay.
_SPELT = (
    r"(?:[/_]9j[/_]|iVBORw0KGgo|R0lGOD[dl]|UklGR|AAAA[\w+/-][GWm2]Z0eX)(?=[\w+/=\s-]{100})[\w+/=-]*"
    r"(?:\s+[\w+/=-]{20,})*"
)
_PICTURE = re.compile(f"{_ADDRESSED}|{_SPELT}", re.ASCII)


def without_pictures(text: str) -> str:
    """Return a text without the pictures and videos that are spelt in it: the same text where there is none."""
    return _PICTURE.sub("", text)


class NoFiles(FileUploadHandler):
    """Takes note that a file was sent and reads nothing of it: neither memory nor disk ever holds it."""

    def new_file(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refuse the file; the other fields of the form are read."""
        assert self.request is not None
        self.request.META[FILE_SENT] = True
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Hand nothing on."""

    def file_complete(self, file_size: int) -> None:
        """Keep nothing."""


View = Callable[..., HttpResponse]
AnyForm = TypeVar("AnyForm", bound=BaseForm)


@dataclass(frozen=True)
class Posted:
    """What a form sent, without any picture; ``picture`` says whether there was one.

    ``shown_again`` is not empty when somebody only wants to see the page with what stands in it, in another language:
    nothing is done then, kept or counted.
    """

    fields: QueryDict
    picture: bool
    shown_again: str = ""


def posted(request: HttpRequest) -> Posted:
    """Return what a form sent.

    A picture pasted as an address or as base64 is taken out: it is not ours to hold or to show again. So is NUL, which
    no keyboard types and no column takes.
    """
    fields = request.POST.copy()
    picture = bool(request.META.get(FILE_SENT))
    for name, values in fields.lists():
        plain = [value.replace("\0", "") for value in values]
        clean = [without_pictures(value) for value in plain]
        picture = picture or clean != plain
        fields.setlist(name, clean)
    return Posted(fields, picture, fields.get(AGAIN, ""))


def overlook_missing(form: AnyForm) -> AnyForm:
    """Return a form that is only shown again, without the sentences that something is missing: it was not sent yet."""
    for name in [name for name in form.errors if form.has_error(name, "required")]:
        del form.errors[name]
    return form


def open_form(view: View) -> View:
    """Let a form be sent without a cookie, refuse one that another site sent, and answer one that is too large."""

    @csrf_exempt
    @wraps(view)
    def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "POST":
            _check_sender(request)
            if (refused := _unreadable(request)) is not None:
                return refused
        return view(request, *args, **kwargs)

    return handle


def _check_sender(request: HttpRequest) -> None:
    if not sent_from_here(request):
        raise NotAllowed(_("This form came from another site, so we did not take it. Please open our page and use it."))


def sent_from_here(request: HttpRequest) -> bool:
    """Say whether a form came from a page of this door, by what the browser says; true when it says nothing.

    Sec-Fetch-Site cannot be set by a page, nor can Origin. A browser too old for both is let through: nothing is at
    stake but that somebody sends a report they could send anyhow.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in _OURS
    origin = request.headers.get("Origin")
    return origin is None or origin in settings.CSRF_TRUSTED_ORIGINS or urlsplit(origin).netloc == request.get_host()


def _unreadable(request: HttpRequest) -> HttpResponse | None:
    """Return the page for a form that cannot be read, None when it can."""
    try:
        request.POST  # noqa: B018 - it is read at this moment
    except RequestDataTooBig:
        return _told(request, _("That was more than we can take at once. Nothing was saved."), 413)
    except (SuspiciousOperation, MultiPartParserError, UnicodeError):
        return _told(request, _("We could not read what your browser sent. Nothing was saved."), 400)
    return None


def _told(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    todo = _("Go back with your browser. You may have to write it again. Make it shorter, and send it again.")
    return render(request, "core/error.html", {"sentence": sentence, "todo": todo}, status=status)
