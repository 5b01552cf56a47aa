"""The key that a machine shows, and how large its request may be."""

import base64
import binascii

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest

from openhotline.core.errors import NO_KEY, Unauthorised
from openhotline.core.problems import MOST_BYTES

LONGEST_KEY = 200
LONGEST_HEADER = 1_000


def shown_in(request: HttpRequest, *, basic: bool = False) -> str:
    """Return the text of the key that a request shows; ``basic``: also as the password of HTTP Basic.

    Raises Unauthorised where there is none.
    """
    kind, _, text = request.headers.get("Authorization", "")[:LONGEST_HEADER].partition(" ")
    found = text.strip()
    if basic and kind.lower() == "basic":
        kind, found = "bearer", _password(found)
    if kind.lower() != "bearer" or not 0 < len(found) <= LONGEST_KEY:
        raise Unauthorised(NO_KEY)
    return found


def _password(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def check_size(request: HttpRequest) -> None:
    """Raise RequestDataTooBig for a body that is larger than a request may be."""
    if len(request.body) > MOST_BYTES:
        raise RequestDataTooBig
