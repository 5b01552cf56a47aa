"""How the commands of this app end: 0 done, 2 refused, 3 waits for a second person; always with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from openhotline.accounts.models import Person
from openhotline.accounts.states import CONFIRM_FIRST
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.errors import Misconfigured, Missing, Refusal

REFUSED = 2
WAITS = 3

By = Annotated[str, typer.Option("--by", help="The name you sign in with.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@contextmanager
def in_sentences() -> Iterator[None]:
    """Turn a refusal into its sentence and exit code 2."""
    try:
        yield
    except OSError as error:
        typer.echo(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}. Check it.", err=True)
        raise typer.Exit(REFUSED) from error
    except (Refusal, Misconfigured, DoesNotOpen, UnicodeDecodeError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(REFUSED) from error


def person_named(username: str) -> Person:
    """Return who signs in with this name. Raises Missing."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Missing(f"Nobody signs in as {username!r}. Give the name that you use at the desk.")
    return person


def wait_for_second(what: str, fingerprint: str) -> None:
    """Say that another person has to approve this at the desk, and end with 3."""
    typer.echo(f"{what} waits. {CONFIRM_FIRST}")
    typer.echo(f"Fingerprint {fingerprint}. Then run this command again.")
    raise typer.Exit(WAITS)
