"""``openhotline database``: the role that the public door connects as."""

from typing import Annotated

import typer
from django.db import connection, transaction

from openhotline.config.database_rights import statements
from openhotline.core.errors import Refusal

app = typer.Typer(help="Roles in PostgreSQL, so that a door may do there what it needs and nothing else.")


@app.callback()
def group() -> None:
    """Keep `grants` a command of its own, as long as it is the only one."""


@app.command("grants")
def grants_command(
    role: Annotated[str, typer.Option(help="The role that the public door alone connects as. It has to be there.")],
    apply: Annotated[bool, typer.Option("--apply", help="Run them over the present connection, as the owner.")] = False,
) -> None:
    """Print (or run) the SQL that gives a PostgreSQL role what the public door needs, and takes all else from it.

    Run it again after every migration. Ends with 0, or with 2 and the reason.
    """
    try:
        said = statements(role)
    except Refusal as refusal:
        _refuse(str(refusal))
    if apply:
        if connection.vendor != "postgresql":
            _refuse(f"Roles are PostgreSQL's; this database is {connection.vendor}.")
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in said:
                cursor.execute(statement)
    typer.echo("\n".join(said))


def _refuse(reason: str) -> None:
    typer.echo(reason, err=True)
    raise typer.Exit(2)
