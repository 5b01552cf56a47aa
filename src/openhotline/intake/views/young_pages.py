"""What every page of the young people's path has: help beside it, and the answers so far in a signed hidden field.

The answers stand in no address, no cookie and no table. Signed, so that a page that is for one's own picture alone is
not reached by a link that somebody made up; good for a day.
"""

from datetime import timedelta
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from openhotline.intake.models.young import Answers, is_allowed
from openhotline.intake.queries import help_for
from openhotline.intake.states import HelpPurpose

VALID = timedelta(hours=24)
PURPOSE = "openhotline.intake.young"


def sign_answers(answers: Answers) -> str:
    """Return answers as a hidden field carries them."""
    return signing.dumps(dict(answers), salt=PURPOSE)


def read_answers(text: str) -> dict[str, str] | None:
    """Return what a hidden field carries; None when it is not ours, or older than a day."""
    try:
        answers = signing.loads(text, salt=PURPOSE, max_age=VALID)
    except (signing.BadSignature, ValueError):
        return None
    return answers if is_allowed(answers) else None


def young_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the path, with somebody to talk to and help with thoughts of suicide beside it."""
    beside = {"listen": help_for(HelpPurpose.LISTEN), "suicide": help_for(HelpPurpose.SUICIDE)}
    return render(request, template, context | beside, status=status)
