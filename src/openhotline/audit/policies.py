"""What may stand in the log: free of database, HTTP and clock."""

import re
from collections.abc import Mapping

from openhotline.audit.errors import NotClosed

# A moment, or a code, an outside id, a digest, a step's name or a place's code: one word without dot, slash, at or
# blank, so neither an address nor a mail address nor a sentence.
_CLOSED = re.compile(
    r"(?:[a-z_]+:)?[A-Za-z0-9_+-]{0,64}|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)"
)


def check_closed(values: Mapping[str, object]) -> None:
    """Raise NotClosed for the first value of a record that is not a number, a truth value or one closed word."""
    for name, value in values.items():
        if isinstance(value, str) and not _CLOSED.fullmatch(value):
            # The value itself is not repeated: a sentence ends in logs.
            raise NotClosed(
                f"{name!r} of a record of the audit log holds {len(value)} characters that are no closed value. "
                "Numbers, codes, outside ids and digests are allowed; an address, a name or free text is not: "
                "write an id or a code instead."
            )
        if not isinstance(value, str | int | float | bool | None):
            raise NotClosed(f"{name!r} of a record is a {type(value).__name__}; write a code.")
