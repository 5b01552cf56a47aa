"""A file that came in a form, read in memory and kept nowhere."""

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from openhotline.hashlists.errors import FileUnreadable

MOST_FILE = 20_000_000


class InMemory(MemoryFileUploadHandler):
    """Takes a file of up to 20,000,000 bytes into memory and a larger one nowhere."""

    def handle_raw_input(
        self,
        input_data: Any,  # noqa: ARG002 - Django's signature
        META: Any,  # noqa: ARG002, N803 - as above
        content_length: int,
        boundary: Any,  # noqa: ARG002 - as above
        encoding: Any = None,  # noqa: ARG002 - as above
    ) -> None:
        """Look at the length that the request says before anything is read."""
        if content_length > MOST_FILE:
            raise RequestDataTooBig
        self.activated = True


def sent_file(request: HttpRequest) -> tuple[str, bytes]:
    """Return the name of the field and the bytes of the one file of a form. Raises FileUnreadable."""
    try:
        _, files = MultiPartParser(request.META, request, [InMemory(request)]).parse()
    except MultiPartParserError as error:
        raise FileUnreadable("Send one file as multipart/form-data.") from error
    found = list(files.items())
    if len(found) != 1:
        raise FileUnreadable(f"Send exactly one file; this request has {len(found)}.")
    field, file = found[0]
    return field, bytes(file.read())  # type: ignore[union-attr] # one file, as was looked at
