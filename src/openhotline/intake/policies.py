"""Who may do what in intake, and which lane a report waits in: free of database, HTTP and clock."""

import re

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission, Role
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.errors import HoldsPicture
from openhotline.intake.states import Lane, Source, Why

TAKES_REPORTS = frozenset({Role.ANALYST, Role.SENIOR, Role.MANAGER})
TYPED_IN = (Source.TELEPHONE, Source.LETTER)


def check_can_type_in(person: Person) -> None:
    """Raise NotAllowed unless the person's role takes reports by telephone and letter."""
    if Role(person.role) not in TAKES_REPORTS:
        raise NotAllowed(
            f"A {person.role_name.lower()} does not type in reports; analysts, senior analysts and managers do."
        )


def check_source_is_typed_in(source: Source) -> None:
    """Raise NotNow for a source that does not reach the hotline through a person at the desk."""
    if source not in TYPED_IN:
        raise NotNow(f"A report from {source} is not typed in; one that came by telephone or letter is.")


# The first characters of JPEG, PNG, GIF, WebP and MP4 in base64, with enough behind them to be a file.
_PICTURE = re.compile(
    r"data:\s*(?:image|video)/|(?:/9j/|iVBORw0KGgo|R0lGOD[dl]|UklGR|AAAA[A-Za-z0-9+/]{2}Zn[Rl5])[A-Za-z0-9+/=\s]{100}",
    re.IGNORECASE,
)


def check_holds_no_picture(text: str, *, where: str) -> None:
    """Raise HoldsPicture for a text that carries a picture or a video, spelt as text."""
    if _PICTURE.search(text):
        raise HoldsPicture(
            f"{where} carries a picture or a video. This hotline takes no imagery from anybody, not even as evidence: "
            "send the address at which it is, and leave the file out. Nothing of this request was kept."
        )


def check_may_sort_quarantine(person: Person) -> None:
    """Raise NotAllowed unless the person's role decides what becomes of quarantine."""
    if not person.may(Permission.SORT_QUARANTINE):
        raise NotAllowed(f"A {person.role_name.lower()} does not decide what becomes of reports in quarantine.")


def why_quarantined(*, sender_within: bool, tight_within: bool, door_within: bool, most_within: bool) -> Why | None:
    """Say which limit a report of the public pages goes over, None for none.

    A sender who stays within the usual is only held to the tight limit while the whole door is busier than usual, so
    that who reports once is heard in a flood of others who report again and again. Above ``most`` everybody waits.
    """
    if not sender_within or (not door_within and not tight_within):
        return Why.SENDER
    return None if most_within else Why.DOOR


def lane_of(why: Why | None, *, urgent: bool = False) -> Lane:
    """Return the lane of a new report. Danger is never quarantined."""
    if urgent:
        return Lane.URGENT
    return Lane.ORDINARY if why is None else Lane.QUARANTINE
