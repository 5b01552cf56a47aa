"""Who may end records."""

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.endings.models.rows import Ends
from openhotline.endings.models.table import ENDS
from openhotline.retention.models import RecordClass
from openhotline.retention.states import End

_OTHERS = {
    End.AUTOMATIC: "the worker ends it by itself, once an hour",
    End.KEPT: "it is kept as long as this installation",
}


def check_ends_records(person: Person) -> None:
    """Raise NotAllowed unless the person's role may end records: whoever may ask for a purge."""
    if not person.may(Permission.KEEP_EVIDENCE):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not end records; an operator, senior analyst or manager does."
        )


def check_ended_by_people(one: RecordClass) -> Ends:
    """Return how a class ends. Raises NotNow, with who ends it instead, when people do not."""
    if one.end in _OTHERS or one.name not in ENDS:
        why = _OTHERS.get(one.end, "this software does not know how it ends")
        raise NotNow(f"People do not end {one.name}: {why}. See it: openhotline retention table.")
    return ENDS[one.name]
