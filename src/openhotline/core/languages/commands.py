"""``openhotline languages``: what is translated and reviewed, and the catalogues' files."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from babel.core import UnknownLocaleError

from openhotline.core.languages import catalogues, extracting
from openhotline.core.languages.places import LOCALE, TEMPLATE, codes, place
from openhotline.core.languages.reviews import CatalogueInvalid, lowest, raise_review
from openhotline.core.languages.states import BY_HAND, ORDER, PSEUDO, Review

app = typer.Typer(
    help="Translations of the public pages: take texts out of the code, review, compile.", no_args_is_help=True
)
Json = Annotated[bool, typer.Option("--json", help="Print one JSON list.")]
Folder = Annotated[Path, typer.Option("--folder", help="Where the catalogues are; a copy, to try something out.")]
Code = Annotated[str, typer.Argument(help="The language's code, as cy or pt-br.")]


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except CatalogueInvalid as invalid:
        raise _stop(str(invalid)) from None


def _stop(sentence: str) -> typer.Exit:
    typer.echo(sentence, err=True)
    return typer.Exit(2)


@app.command()
def status(folder: Folder = LOCALE, as_json: Json = False) -> None:
    """Say of each language how many texts are missing, machine, human, safeguarding-checked, and where it is shown."""
    with _readable():
        rows = [_standing(code, folder) for code in codes(folder)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        counts = ", ".join(f"{row[state]} {state}" for state in ORDER)
        typer.echo(f"{row['language']}: {row['texts']} texts: {counts}. Shown in {row['shown']}.")


def _standing(code: str, folder: Path) -> dict[str, object]:
    found = catalogues.reviews(code, folder)
    counts = Counter(found)
    finished = lowest(found) is Review.CHECKED and code != PSEUDO
    return {
        "language": code,
        "texts": len(found),
        **{state.value: counts[state] for state in ORDER},
        "shown": "practice and production" if finished else "practice only",
    }


@app.command()
def extract(
    folder: Folder = LOCALE,
    check: Annotated[bool, typer.Option("--check", help="Compare only: end with 1 where a file is behind.")] = False,
) -> None:
    """Take the texts out of the code again and make every catalogue fit. A text that changed has to be looked at anew.

    Also takes a review away where a text was changed after it, and puts marks on reviews that were written by hand.
    Ends with 1 when a translation is wrong, which is named, or with --check when something is behind the code.
    """
    behind: list[Path] | None = [] if check else None
    with _readable():
        lost = _extracted(folder, behind)
        wrong = [fault for code in codes(folder) for fault in catalogues.faults(code, folder)]
    for path in behind or []:
        typer.echo(f"{path} is behind the code. Write it again: make fix", err=True)
    for fault in wrong:
        typer.echo(fault, err=True)
    if lost and not check:
        typer.echo(f"{lost} reviews were taken away: their text was changed after it was looked at.")
    if behind or wrong:
        raise typer.Exit(1)
    if not check:
        catalogues.compile_all(folder)


def _extracted(folder: Path, behind: list[Path] | None) -> int:
    """Write every catalogue that does not fit, or with a list put its path there; return how many reviews were lost."""
    template = extracting.template()
    _put(folder / TEMPLATE, catalogues.written(template), behind)
    _put(place(PSEUDO, folder), catalogues.written(catalogues.made_up(template)), behind)
    lost = 0
    for code in codes(folder):
        if code != PSEUDO:
            path = place(code, folder)
            made, less = catalogues.updated(catalogues.read(path, code), template, code)
            _put(path, catalogues.written(made), behind)
            lost += less
    return lost


def _put(path: Path, content: bytes, behind: list[Path] | None = None) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    if behind is not None:
        behind.append(path)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@app.command()
def pseudo(folder: Folder = LOCALE) -> None:
    """Write the right-to-left test language again, out of the English texts as they stand in the template."""
    with _readable():
        template = catalogues.read(folder / TEMPLATE)
    _put(place(PSEUDO, folder), catalogues.written(catalogues.made_up(template)))
    typer.echo(f"{place(PSEUDO, folder)}: {len(template)} texts.")


@app.command("compile")
def compile_(folder: Folder = LOCALE) -> None:
    """Compile the catalogues that are newer than what pages read. A door shows it after it was started again."""
    with _readable():
        done = catalogues.compile_all(folder)
    typer.echo(f"Compiled: {', '.join(done)}." if done else "All catalogues are compiled already.")


@app.command()
def begin(code: Code, folder: Folder = LOCALE) -> None:
    """Begin a translation: a catalogue of every text, empty. It is a draft until all of it is safeguarding-checked."""
    path = place(code, folder)
    if path.exists():
        raise _stop(f"{code!r} was begun already: {path}.")
    with _readable():
        try:
            old = catalogues.empty(code)
        except (UnknownLocaleError, ValueError):
            raise _stop(f"{code!r} is not the code of a language known here. Write it as cy, fr or pt-br.") from None
        made, _ = catalogues.updated(old, catalogues.read(folder / TEMPLATE), code)
    _put(path, catalogues.written(made))
    typer.echo(f"{path}: {len(made)} texts to translate.")


@app.command()
def review(
    code: Code,
    to: Annotated[Review, typer.Argument(help="human, or safeguarding-checked.")],
    file: Annotated[list[str] | None, typer.Option(help="Only texts of source files whose path holds this.")] = None,
    folder: Folder = LOCALE,
) -> None:
    """Write down that somebody has read the translations: human first, then safeguarding-checked. One step at a time.

    Texts that are missing, or do not stand one step below, are left as they are. Ends with 2 and the reason when there
    is no such catalogue or step.
    """
    path = place(code, folder)
    if to not in BY_HAND[1:] or not path.exists():
        raise _stop(f"There is no catalogue of {code!r}, or {to.value!r} is not one of: {', '.join(BY_HAND[1:])}.")
    # The day on the wall: a translator has no database, and practice time is not theirs.
    day = datetime.now(UTC).date()
    with _readable():
        catalogue = catalogues.read(path, code)
        asked = [
            message
            for message in catalogue.messages()
            if not file or any(part in name for part in file for name, _ in message.locations)
        ]
        raised = sum(raise_review(message, to, day) for message in asked)
    _put(path, catalogues.written(catalogue))
    typer.echo(f"{raised} of {len(asked)} texts are {to} now; the others did not stand one step below.")
