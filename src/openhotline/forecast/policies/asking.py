"""Who asks for studies."""

from openhotline.accounts.models import Person
from openhotline.accounts.states import Permission
from openhotline.core.errors import NotAllowed


def check_can_ask(person: Person) -> None:
    """Raise NotAllowed unless the person's role makes forecasts."""
    if not person.may(Permission.FORECAST):
        raise NotAllowed(f"A manager makes forecasts; your role is {person.role_name.lower()}.")
