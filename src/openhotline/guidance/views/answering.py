"""What every guidance page shares: how it is asked, and that whatever comes in gets a sentence."""

import logging
from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.debug import sensitive_post_parameters

from openhotline.core.open_forms import open_form
from openhotline.guidance.errors import CarriedBroken, GuidanceInvalid
from openhotline.guidance.queries.shown import Fill

log = logging.getLogger("openhotline.guidance")
Page = Callable[..., HttpResponse]
# A browser goes back to a page that was posted only if it may keep it; otherwise it shows an error of its own. The
# questions hold nothing that anybody typed. "private": no cache but the reader's own browser.
GOING_BACK = "private, no-cache"


def page(view: Page) -> Page:
    """Answer with a sentence what was changed on its way, and guidance that is broken.

    Its forms are open ones (`core.open_forms`): they work where cookies are off, and leave none behind.
    """

    @open_form
    @sensitive_post_parameters()
    @wraps(view)
    def answer(request: HttpRequest, **route: str) -> HttpResponse:
        try:
            return view(request, **route)
        except CarriedBroken as error:
            return _sentence(request, gettext("Please begin again"), str(error), status=409)
        except GuidanceInvalid:
            log.exception("the guidance cannot be shown: run `openhotline guidance check`")
            said = gettext("The guidance cannot be shown now. You can still report an address.")
            return _sentence(request, gettext("No guidance just now"), said, status=503)

    return answer


def _sentence(request: HttpRequest, title: str, sentence: str, *, status: int) -> HttpResponse:
    context = {
        "base": "guidance/base.html",
        "title": title,
        "sentence": sentence,
        "todo": gettext("If a child is in danger now, call %(number)s.") % {"number": filling()["emergency"]},
        "link": {"href": reverse("guidance"), "label": gettext("Begin again")},
    }
    if status == 503:
        context["link"] = {"href": reverse("home"), "label": gettext("Go to the first page")}
    return render(request, "core/error.html", context, status=status)


def filling() -> Fill:
    """Return what the texts leave to the hotline's settings."""
    return {
        "emergency": settings.HOTLINE["emergency_number"] or gettext("the emergency number"),
        "hotline": settings.HOTLINE["name"] or gettext("this hotline"),
        "hours": settings.HOTLINE["hours"],
    }
