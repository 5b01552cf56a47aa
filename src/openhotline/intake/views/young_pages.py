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
OWN = f"{PURPOSE}.own"


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


def give_own() -> str:
    """Return, for a hidden field, that answers led to codes of one's own picture; of the answers themselves nothing.

    It goes with the codes in place of the answers, so that no age comes with them.
    """
    return signing.dumps("own", salt=OWN)


def is_own(text: str) -> bool:
    """Say whether a hidden field is one of `give_own`, not older than a day."""
    try:
        return bool(signing.loads(text, salt=OWN, max_age=VALID) == "own")
    except (signing.BadSignature, ValueError):
        return False


def young_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Render a page of the path, with somebody to talk to and help with thoughts of suicide beside it."""
    beside = {"listen": help_for(HelpPurpose.LISTEN), "suicide": help_for(HelpPurpose.SUICIDE)}
    return render(request, template, context | beside, status=status)
