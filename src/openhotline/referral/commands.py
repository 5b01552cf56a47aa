"""``openhotline referral …``."""

import json
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from openhotline.accounts.models import Person
from openhotline.core.clock import now
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.errors import Misconfigured, Missing, Refusal
from openhotline.referral.models import Referral, verify_package
from openhotline.referral.queries import package_path
from openhotline.referral.services.build_referral import build_referral

REFUSED = 2

app = typer.Typer(help="Sealed packages for the police: build one, verify one.", no_args_is_help=True)


@app.command()
def build(
    referral: Annotated[str, typer.Argument(help="The referral's id, ref_…, as the desk shows it.")],
    by: Annotated[str, typer.Option("--by", help="The name you sign in with.")],
) -> None:
    """Build the package of a referral that two people approved at the desk.

    Ends with 0 and the package's path, or with 2 and the reason when it was refused.
    """
    try:
        row = Referral.objects.filter(public_id=referral).first()
        person = Person.objects.filter(username=by, is_active=True).first()
        if row is None or person is None:
            raise Missing(f"There is no referral {referral}, or nobody signs in as {by!r}. Check both.")
        built = build_referral(referral_id=row.pk, actor=person, now=now())
    except (Refusal, Misconfigured, DoesNotOpen) as error:
        _refuse(error)
    typer.echo(f"{package_path(built.public_id)}\nSHA-256 {built.package_sha256}\nManifest {built.manifest_sha256}")


@app.command()
def verify(
    package: Annotated[Path, typer.Argument(help="The package, such as var/packages/ref_….age")],
    identity: Annotated[Path, typer.Option(help="The file with the partner's secret key (AGE-SECRET-KEY-…).")],
    manifest: Annotated[str | None, typer.Option(help="The manifest's SHA-256, as the hotline told it.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Open a package and compare every file in it with its manifest. Nothing is written to disk.

    Ends with 0 when all of it is as the manifest says, with 2 and the reason when not.
    """
    try:
        found = verify_package(package, identity=identity.read_text("utf-8"), manifest_sha256=manifest)
    except (Refusal, OSError, UnicodeDecodeError) as error:
        _refuse(error)
    if as_json:
        typer.echo(json.dumps(vars(found)))
    else:
        kind = "a practice referral, no findings" if found.practice else "a referral"
        typer.echo(f"Whole: {kind}, {found.referral}, {found.items} items. Manifest {found.manifest_sha256}")


def _refuse(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(REFUSED) from error
