"""Where things stand: what an app may import, how it looks inside, which way foreign keys point."""

from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from django.apps import apps
from django.apps.registry import Apps
from django.db import models
from django.test.utils import isolate_apps
from layers import heights, stage_apps
from source_tree import SOURCE, Module, edges, must_be_empty, read_tree, tree_of

OPEN_TO_OTHERS = {"services", "queries", "policies", "panels", "models", "states", "events", "errors"}
INSIDE_AN_APP = OPEN_TO_OTHERS | {
    *("urls", "views", "api", "jobs", "commands", "forms", "schemas", "apps"),
    *("migrations", "tests", "templates", "static", "README", "__init__"),
}
# App, further name, and why it stands there.
FURTHER_NAMES = {
    (
        "evidence",
        "examiner",
    ): "the program that runs inside the sandbox; it is started, never imported by a page",
    ("accounts", "signing_in"): "what Django and allauth call by name: the backend, the adapters, what a sign-in notes",
    ("accounts", "sessions"): "what Django calls by name: the store of sessions",
    ("guidance", "content"): "flows, sources and services as data, and every version that was kept",
    ("law", "rules"): "the legal rules as dated data",
    ("assessment", "second_opinions"): "which first opinions ask for a second, as data an operator copies and changes",
    ("exposure", "limits"): "the limits on looking, as data an operator copies and changes",
    ("exposure", "unusual"): "the rules by which looking is unusual, as data an operator copies and changes",
    ("retention", "record_classes"): "how long each kind of record is kept, as data an operator copies and changes",
    ("intake", "help_services"): "who helps young people, by country, as data an operator copies and changes",
    ("triage", "rules"): "what is selected, set aside, first and checked, as data an operator copies and changes",
    ("removal", "holds"): "whose police is asked before a notice, as data an operator copies and changes",
    ("removal", "cdns"): "which networks hide who hosts a site, as data an operator copies and changes",
    ("removal", "notices"): "the words of notices, a file a language, which an operator copies and changes",
    ("forecast", "distances"): "what bench/bench_forecast.py measured on generated pictures",
    ("law", "crosswalk"): "what others call our facts, as data with a column that says what was verified",
}
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "data", "misc"}
# What hashmatch loads only when it is asked for.
LOCAL_IMPORTS_LIMIT = 0.005


def reaches_inside(modules: list[Module]) -> Iterator[str]:
    """Yield every import of a module that another app keeps to itself. config may name everything."""
    free = {"config", "core"}
    for importer, target, line in edges(modules):
        mine, theirs = app_of(importer), app_of(target)
        if mine in {theirs, "config"} or theirs in free or theirs not in heights():
            continue
        part = [*target.split("."), ""][2]
        if part and part not in OPEN_TO_OTHERS:
            yield f"{importer}:{line} imports {target}, which its app keeps to itself"


def app_of(dotted: str) -> str:
    """Return the app of a module of the platform; the library's name for a library."""
    parts = dotted.split(".")
    return parts[1] if parts[0] == "openhotline" and len(parts) > 1 else parts[0]


def cycle(modules: list[Module]) -> list[str]:
    """Return the modules of one import cycle, or an empty list."""
    graph: dict[str, set[str]] = {module.name: set() for module in modules}
    for importer, target, _ in edges(modules):
        graph[importer].add(target)
    return first_cycle(graph)


def package_cycle(modules: list[Module]) -> list[str]:
    """Return the apps of one import cycle between apps, or an empty list."""
    graph: dict[str, set[str]] = {}
    for importer, target, _ in edges(modules):
        if app_of(importer) != app_of(target):
            graph.setdefault(app_of(importer), set()).add(app_of(target))
    return first_cycle(graph)


def first_cycle(graph: dict[str, set[str]]) -> list[str]:
    """Return one cycle of a graph, or an empty list."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


def stray_names(source: Path, app_names: Iterable[str]) -> Iterator[str]:
    """Yield files and folders of an app that have no place in the layout."""
    for app in app_names:
        folder = source / "openhotline" / app
        for child in sorted(folder.iterdir() if folder.is_dir() else []):
            name = child.name.split(".")[0]
            allowed = name in INSIDE_AN_APP or (app, name) in FURTHER_NAMES
            if child.name != "__pycache__" and not allowed:
                yield f"openhotline/{app}/{child.name} has no place inside an app"


def untested_operations(source: Path, app_names: Iterable[str]) -> Iterator[str]:
    """Yield operations without a test file of their name."""
    for app in app_names:
        folder = source / "openhotline" / app
        for path in sorted((folder / "services").glob("*.py")):
            test = folder / "tests" / f"test_{path.stem}.py"
            if path.stem != "__init__" and not test.exists():
                yield f"openhotline/{app}/services/{path.name} has no tests/{test.name}"


def empty_words(modules: list[Module]) -> Iterator[str]:
    """Yield modules and folders whose name says nothing."""
    for module in modules:
        parts = {part.removesuffix(".py") for part in module.path.parts}
        if parts & FORBIDDEN_NAMES or any(p.endswith(("_utils", "_helpers")) for p in parts):
            yield f"{module.path}: name it after what it does"


def share_of_local_imports(modules: list[Module]) -> float:
    """Return which share of import statements stands inside functions."""
    statements = [statement for module in modules for statement in module.imports]
    return sum(statement.local for statement in statements) / max(1, len(statements))


def upward_keys(registry: Apps) -> Iterator[str]:
    """Yield every relation of a model to a model of a higher or sibling app."""
    height = heights()
    for model in registry.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not field.is_relation or field.auto_created or not field.related_model:
                continue
            mine, theirs = model._meta.app_label, field.related_model._meta.app_label
            if mine in height and theirs in height and mine != theirs and height[theirs] >= height[mine]:
                yield f"{model._meta.label}.{field.name} points up to {field.related_model._meta.label}"


@pytest.mark.slow
def test_an_app_imports_only_what_another_app_offers() -> None:
    must_be_empty(reaches_inside(read_tree()))


def test_reaching_inside_another_app_is_seen() -> None:
    tree = tree_of(
        {
            "openhotline/removal/services/send.py": "def send():\n    from openhotline.intake import forms\n",
            "openhotline/intake/forms.py": "",
        }
    )
    assert len(list(reaches_inside(tree))) == 1


def test_no_import_cycle_anywhere() -> None:
    """Imports in functions and under TYPE_CHECKING count too."""
    assert cycle(read_tree()) == []
    assert package_cycle(read_tree()) == []


def test_a_cycle_through_a_function_is_seen() -> None:
    tree = tree_of(
        {
            "openhotline/intake/models.py": "from openhotline.evidence import queries\n",
            "openhotline/evidence/queries.py": "def f():\n    from openhotline.intake.models import Report\n",
        }
    )
    assert set(cycle(tree)) == {"openhotline.intake.models", "openhotline.evidence.queries"}
    assert set(package_cycle(tree)) == {"intake", "evidence"}


def test_a_cycle_under_type_checking_is_seen() -> None:
    tree = tree_of(
        {
            "hashmatch/a.py": "if TYPE_CHECKING:\n    from . import b\n",
            "hashmatch/b.py": "import hashmatch.a\n",
        }
    )
    assert set(cycle(tree)) == {"hashmatch.a", "hashmatch.b"}


def test_an_app_holds_only_what_the_layout_names() -> None:
    must_be_empty(stray_names(SOURCE, stage_apps()))


def test_every_further_name_is_still_there() -> None:
    """An exception that is not needed any more goes."""
    missing = [pair for pair in FURTHER_NAMES if not list((SOURCE / "openhotline" / pair[0]).glob(f"{pair[1]}*"))]
    assert missing == []


def test_a_stray_module_is_seen(tmp_path: Path) -> None:
    (tmp_path / "openhotline" / "intake").mkdir(parents=True)
    (tmp_path / "openhotline" / "intake" / "tools.py").touch()
    assert len(list(stray_names(tmp_path, ["intake", "absent"]))) == 1


def test_every_operation_has_its_test_file() -> None:
    must_be_empty(untested_operations(SOURCE, stage_apps()))


def test_an_operation_without_a_test_is_seen(tmp_path: Path) -> None:
    (tmp_path / "openhotline" / "intake" / "services").mkdir(parents=True)
    (tmp_path / "openhotline" / "intake" / "services" / "receive.py").touch()
    assert len(list(untested_operations(tmp_path, ["intake"]))) == 1


def test_no_module_has_an_empty_name() -> None:
    must_be_empty(empty_words(read_tree()))


def test_an_empty_name_is_seen() -> None:
    assert len(list(empty_words(tree_of({"openhotline/intake/utils/x.py": "", "hashmatch/io_utils.py": ""})))) == 2


def test_imports_stand_at_the_top() -> None:
    assert share_of_local_imports(read_tree()) <= LOCAL_IMPORTS_LIMIT


def test_an_import_in_a_function_is_counted() -> None:
    tree = tree_of({"hashmatch/a.py": "import os\ndef f():\n    if os:\n        import sys\n"})
    assert share_of_local_imports(tree) == 0.5


def test_foreign_keys_point_down() -> None:
    must_be_empty(upward_keys(apps))


@isolate_apps("openhotline.intake", "openhotline.removal")
def test_a_foreign_key_that_points_up_is_seen() -> None:
    class Notice(models.Model):
        class Meta:
            app_label = "removal"

    class Report(models.Model):
        notice = models.ForeignKey(Notice, on_delete=models.CASCADE)

        class Meta:
            app_label = "intake"

    assert len(list(upward_keys(Report._meta.apps))) == 1
