"""The language of a page: by the start of its path on the public door, and by nothing else.

No cookie remembers it and no header of the browser decides it, so that a page is the same for everybody who asks for
it, and a shared device keeps no trace of who reads which language.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.conf.urls.i18n import is_language_prefix_patterns_used
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, override

from openhotline.core.languages.offered import SOURCE, Language, by_code, offered

Handler = Callable[[HttpRequest], HttpResponseBase]


@dataclass(frozen=True)
class Way:
    """One line of the switch: a language, where the same page is in it, and whether it is this one."""

    language: Language
    href: str
    current: bool


def languages(get_response: Handler) -> Handler:
    """Answer in the language whose code the path begins with, where this installation shows it; else in English."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        with override(_language_of(request).code):
            return get_response(request)

    return handle


def _language_of(request: HttpRequest) -> Language:
    # A door without pages in other languages stays English, whatever is asked of it.
    if not is_language_prefix_patterns_used(settings.ROOT_URLCONF)[0]:
        return SOURCE
    first = request.path_info.lstrip("/").partition("/")[0]
    return by_code(first) or SOURCE


def switch(request: HttpRequest) -> dict[str, Any]:
    """Return for templates: ``page_language``, and ``languages``, the same page in every language.

    A page with a form is shown in another language by that form, so that nothing typed is lost (core/_languages.html).
    ``alternates`` are the ways as whole addresses, for search engines, where the page has an address that lasts.
    ``home_url`` is the first page in this language.
    """
    current = by_code(get_language() or SOURCE.code) or SOURCE
    return {
        "page_language": current,
        "home_url": _home(),
        "languages": lambda: _ways(request, current),
        "alternates": lambda: _alternates(request, current),
    }


def _home() -> str:
    """Return the first page in this language; of a door that has none, its root."""
    try:
        return reverse("home")
    except NoReverseMatch:
        return "/"


def _ways(request: HttpRequest, current: Language) -> list[Way]:
    """Return the ways; none where the page is in English alone.

    What a form was answered with has no address: from there they lead to the first page, and nothing is sent again.
    """
    page = request.resolver_match
    if page is None or page.url_name is None:
        return []
    ways = _ways_to(page.view_name, page.kwargs, request.get_full_path().partition("?")[2], current)
    if len({way.href for way in ways}) == 1:
        return []
    return ways if request.method in {"GET", "HEAD"} else _ways_to("home", {}, "", current)


def _ways_to(page: str, arguments: dict[str, object], asked: str, current: Language) -> list[Way]:
    # By the name that the address was resolved to: translate_url would go through every route again for each language.
    return [
        Way(one, _address(page, arguments, one) + (f"?{asked}" if asked else ""), one == current) for one in offered()
    ]


def _address(page: str, arguments: dict[str, object], language: Language) -> str:
    with override(language.code):
        return reverse(page, kwargs=arguments)


def _alternates(request: HttpRequest, current: Language) -> list[Way]:
    if request.method not in {"GET", "HEAD"} or request.GET:
        return []
    origin = settings.ORIGINS["public"] or f"{request.scheme}://{request.get_host()}"
    return [Way(way.language, f"{origin}{way.href}", way.current) for way in _ways(request, current)]
