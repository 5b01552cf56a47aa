"""The six words of a receipt, as a page takes them: wrong ones are counted, and after too many none is tried."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.http import HttpRequest

from openhotline.core.clock import now
from openhotline.core.errors import TooMany
from openhotline.intake.forms import WordsForm
from openhotline.intake.models.receipt import NotAReceipt
from openhotline.intake.views.flood import check_tries, count_try

Found = TypeVar("Found")
OVER = "over"


def found_by_words(
    request: HttpRequest, form: WordsForm, find: Callable[[str], Found | None], *, unknown: str
) -> Found | None:
    """Return what ``find`` gives for the words of a form; None leaves the reason, or ``unknown``, beside the field.

    ``find`` may raise NotAReceipt for words that never were a receipt. Everything else in the form stays as it is.
    """
    if not form.is_valid():
        return None
    try:
        check_tries(request, now=now())
        found = find(form.cleaned_data["words"])
    except TooMany as over:
        form.add_error("words", forms.ValidationError(str(over), code=OVER))
    except NotAReceipt as error:
        form.add_error("words", str(error))
    else:
        if found:
            return found
        count_try(request, now=now())
        form.add_error("words", unknown)
    return None


def status_of(form: WordsForm) -> int:
    """Return the HTTP status of the page that shows the form."""
    return 429 if form.has_error("words", OVER) else 200
