"""Write docs/reference/ out of the code, or (`--check`) say which page no longer fits it.

Each page is a function that returns Markdown, or a picture; `PAGES` lists them. Nothing here is typed by hand, so
the pages cannot drift: `make check` compares them, `make fix` writes them again.
"""

import argparse
import dataclasses
import importlib
import inspect
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType

import django
import typer.core
import typer.main
from django.apps import apps

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "reference"
PACKAGE = ROOT / "src" / "openhotline"
HEAD = "<!-- Written by scripts/reference.py; mend the code instead, then `make fix`. -->\n\n"


def app_modules(name: str) -> Iterator[tuple[str, ModuleType]]:
    """Yield (app, module) for every app that has a module of this name, in the order of installation."""
    for config in apps.get_app_configs():
        if not config.name.startswith("openhotline."):
            continue
        app = config.name.partition(".")[2]
        if (PACKAGE / app / f"{name}.py").exists():
            yield app, importlib.import_module(f"{config.name}.{name}")


def first_line(thing: object) -> str:
    """Return the first sentence of a docstring, on one line."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ")


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """Return a Markdown table."""
    lines = [
        list(head),
        *([str(cell).replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows),
    ]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def diagram(transitions: Mapping[str, Mapping[str, str]]) -> str:
    """Return a table of transitions, `{state: {operation: next state}}`, as a mermaid state diagram."""
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {next(iter(transitions))}"]
    for state, moves in transitions.items():
        lines += [f"    {state} --> {goes}: {operation}" for operation, goes in moves.items()]
        if not moves:
            lines.append(f"    {state} --> [*]")
    return "\n".join([*lines, "```", ""])


def states_page() -> str:
    """Return the states of everything that has states."""
    parts = ["# States\n\nWhat may follow what, from every app's `states.py`.\n"]
    for app, module in app_modules("states"):
        found = {k: v for k, v in vars(module).items() if k.endswith("TRANSITIONS") and isinstance(v, Mapping)}
        for name, transitions in sorted(found.items()):
            of = name.removesuffix("TRANSITIONS").strip("_").lower().replace("_", " ")
            parts.append(f"\n## {app}{': ' + of if of else ''}\n\n{diagram(transitions)}")
    return "".join(parts)


def events_page() -> str:
    """Return what each app announces."""
    rows = [
        (app, f"`{name}`", ", ".join(f"`{f.name}`" for f in dataclasses.fields(kind)), first_line(kind))
        for app, module in app_modules("events")
        for name, kind in vars(module).items()
        if inspect.isclass(kind) and dataclasses.is_dataclass(kind) and kind.__module__ == module.__name__
        if app != "core"
    ]
    start = "# Events\n\nWhat each stage announces; `journey.py` says which step follows.\n\n"
    return start + table(("app", "event", "carries", "when"), rows)


def settings_page() -> str:
    """Return every setting that the environment can give."""
    from openhotline.config.declared import SETTINGS

    rows = [(f"`{s.name}`", f"`{s.default}`" if s.default not in {"", None} else "", s.meaning) for s in SETTINGS]
    return "# Settings\n\nRead from the environment.\n\n" + table(("name", "default", "meaning"), rows)


def leaves(command: typer.core.TyperCommand, path: str) -> Iterator[tuple[str, typer.core.TyperCommand]]:
    """Yield every command below this one with the words that call it."""
    children = getattr(command, "commands", None)
    if children is None:
        yield path, command
        return
    for name, child in sorted(children.items()):
        yield from leaves(child, f"{path} {name}")


def command_section(path: str, command: typer.core.TyperCommand) -> str:
    """Return one command: what it does, and its options."""
    said = inspect.cleandoc((command.help or "").split("\f")[0])
    rows = [(f"`{' '.join(p.opts)}`", getattr(p, "help", None) or "") for p in command.params]
    options = "\n" + table(("option", "meaning"), rows) if rows else ""
    return f"\n## `{path}`\n\n{said}\n{options}"


def commands_page() -> str:
    """Return every command of `openhotline`, and those of the library `hashmatch`."""
    from hashmatch import cli as library
    from openhotline.config import cli

    roots = (("openhotline", cli.app), ("hashmatch", library.app))
    sections = (
        command_section(path, command)
        for name, app in roots
        for path, command in leaves(typer.main.get_command(app), name)
    )
    return "# Commands\n\nIn `.venv/bin` after `make setup`.\n" + "".join(sections)


def access_page() -> str:
    """Return who may come to which route, and what every role may do."""
    from openhotline.accounts.states import PERMISSIONS, ROLE_NAMES, Permission
    from openhotline.config.access import ACCESS

    def who(roles: frozenset[object]) -> list[str]:
        return ["yes" if not roles or role in roles else "" for role in ROLE_NAMES]

    def notes(name: str) -> str:
        rule = ACCESS[name]
        said = {
            "strangers too": not rule.roles,
            "proved again": bool(rule.fresh),
            "practice only": rule.practice,
            "before a second factor": rule.half,
        }
        return ", ".join(words for words, holds in said.items() if holds)

    routes = [
        (f"`{name}`", " ".join(sorted(rule.methods)), *who(rule.roles), notes(name)) for name, rule in ACCESS.items()
    ]
    permissions = [
        (one.value, *("yes" if one in PERMISSIONS[role] else "" for role in ROLE_NAMES)) for one in Permission
    ]
    names = list(ROLE_NAMES.values())
    return (
        "# Roles and routes\n\nWhat is not named here is refused. *Proved again*: a person has to have signed in, or "
        "proved it again, a few minutes ago.\n\n## What a role may do\n\n"
        + table(("may", *names), permissions)
        + "\n## Who comes to which route\n\n"
        + table(("route", "methods", *names, "notes"), routes)
    )


def guidance_page() -> str:
    """Return every flow of the shipped guidance: its paths, outcomes, reviews and sources."""
    from openhotline.guidance.models.paths import every_path
    from openhotline.guidance.queries.content import load
    from openhotline.guidance.queries.document import document_of, version_of

    found = load(None)
    parts = [
        "# Guidance\n\nThe shipped flows. `openhotline guidance paths` lists every path.\n\n![Map](guidance.svg)\n"
    ]
    for flow in found.flows.values():
        paths = sum(1 for nation in flow.nations for _ in every_path(flow, nation))
        rows = [(f"`{o.id}`", o.title, len(o.steps), o.checked, o.next_review) for o in flow.outcomes.values()]
        version = version_of(document_of(flow, found))
        parts += [
            f"\n## {flow.title}\n\n`{flow.file}`, {paths} paths, version `{version}`.\n\n",
            table(("outcome", "title", "steps", "checked", "next review"), rows),
        ]
    sources = [(f"`{s.id}`", s.title, s.by, s.read_as, s.checked or "", s.next_review) for s in found.sources.values()]
    parts += ["\n## Sources\n\n", table(("id", "title", "by", "read", "checked", "next review"), sources)]
    return "".join(parts)


def guidance_map() -> str:
    """Return the map of the shipped guidance."""
    from openhotline.guidance.queries.content import load
    from openhotline.guidance.queries.drawing import map_of

    return map_of(load(None))


def law_page() -> str:
    """Return what the shipped law says, place by place and period by period."""
    from openhotline.law.panels import reference
    from openhotline.law.queries import load

    return reference(load(None))


def doors_page() -> str:
    """Return the processes of an installation, and which keys each needs."""
    from openhotline.config.doors import DOORS
    from openhotline.core.keys import NAMES

    rows = [
        (
            f"`{name}`",
            " ".join(f"`{key}`" for key in sorted(door.keys)),
            " ".join(sorted(set(DOORS["all"].keys) - door.keys)),
        )
        for name, door in DOORS.items()
    ]
    meanings = [(f"`{name}`", meaning) for name, meaning in NAMES.items()]
    return (
        "# Doors and keys\n\nEach is a process of its own in production, with `OPENHOTLINE_DOOR` and a data folder "
        "that holds these keys and no others.\n\n"
        + table(("process", "needs", "must not have"), rows)
        + "\n## What a key does\n\n"
        + table(("key", "what it does"), meanings)
    )


def api_page() -> str:
    """Return the description of the partners' API (OpenAPI), as the public door gives it out."""
    from openhotline.intake.api.routes import described

    return json.dumps(described(), indent=2, default=str) + "\n"


def members_page() -> str:
    """Return the description of the members' API (OpenAPI), as the members' door gives it out."""
    from openhotline.hashlists.api.routes import described

    return json.dumps(described(), indent=2, default=str) + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "states.md": states_page,
    "events.md": events_page,
    "settings.md": settings_page,
    "commands.md": commands_page,
    "access.md": access_page,
    "doors.md": doors_page,
    "guidance.md": guidance_page,
    "law.md": law_page,
    "guidance.svg": guidance_map,
    "partners-api.json": api_page,
    "members-api.json": members_page,
}


def whole(name: str) -> str:
    """Return a page as it stands in its file; JSON has no room for a remark."""
    page = PAGES[name]()
    return page if name.endswith(".json") else HEAD + page


def write() -> int:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        (FOLDER / name).write_text(whole(name))
    print(f"reference: wrote {len(PAGES)} pages to docs/reference/")
    return 0


def check() -> int:
    """Say which pages differ from the code; 1 when any does."""
    stale = [name for name in PAGES if not (FOLDER / name).exists() or (FOLDER / name).read_text() != whole(name)]
    for name in stale:
        print(f"docs/reference/{name} does not fit the code any more. Write it again: make fix", file=sys.stderr)
    return 1 if stale else 0


def main() -> int:
    """Read the command line and run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only; change nothing")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openhotline.config.settings")
    # Settings make the data folder; reading the code must not touch the one in use.
    with tempfile.TemporaryDirectory(prefix="openhotline-reference-") as folder:
        os.environ["OPENHOTLINE_VAR"] = folder
        django.setup()
        return check() if asked.check else write()


if __name__ == "__main__":
    raise SystemExit(main())
