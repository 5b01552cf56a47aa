"""Who may do what in intake: free of database, HTTP and clock."""

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.intake.states import Source

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
