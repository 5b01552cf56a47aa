"""Every operation says who did it and when, and writes its line of the log."""

import ast
from collections.abc import Iterator

from layers import stage_apps
from source_tree import FUNCTIONS, Module, must_be_empty, read_tree, tree_of

# Modules in services/ that are no operations of their own, and why. One that is not needed any more must go.
EXCEPTIONS = {
    "openhotline.audit.services.record": "writes the log's line itself",
    "openhotline.audit.services.seal": "brings lines of the log into its tree; changes nothing else",
    "openhotline.audit.services.verify": "reads the log again",
    "openhotline.audit.services.ship_checkpoints": "copies checkpoints to the second place; changes nothing here",
    "openhotline.law.services.derive": "works out what the law says of facts; writes nothing",
    "openhotline.triage.services.place_in_stacks": "a part of triage_items, in its transaction and its record",
}
WANTED = {"actor", "now"}


def operations(modules: list[Module]) -> list[Module]:
    """Return the modules in the `services` folders of the stage apps."""
    starts = tuple(f"openhotline.{app}.services." for app in stage_apps())
    return [module for module in modules if module.name.startswith(starts)]


def faults(module: Module) -> Iterator[str]:
    """Yield what an operation lacks: a public function that asks for actor and now by name, and a record."""
    if not any(asks_for(function) >= WANTED for function in public_functions(module)):
        yield f"{module.name} has no public function with the keyword-only arguments `actor` and `now`"
    if not any(records(node) for node in ast.walk(module.tree)):
        yield f"{module.name} never calls audit's `record(...)`"


def public_functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a module that others may call."""
    for node in module.tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield node


def asks_for(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the names of the keyword-only arguments."""
    return {argument.arg for argument in function.args.kwonlyargs}


def records(node: ast.AST) -> bool:
    """Say whether a node is a call of `record` or of `something.record`."""
    if not isinstance(node, ast.Call):
        return False
    called = node.func
    return getattr(called, "id", getattr(called, "attr", "")) == "record"


def test_every_operation_names_its_actor_and_is_recorded() -> None:
    found = operations(read_tree())
    must_be_empty(fault for module in found if module.name not in EXCEPTIONS for fault in faults(module))


def test_every_exception_is_still_needed() -> None:
    needed = {module.name for module in operations(read_tree()) if list(faults(module))}
    must_be_empty(set(EXCEPTIONS) - needed)


def test_an_operation_without_actor_and_record_is_seen() -> None:
    text = "def receive(*, address, now):\n    return address\n"
    found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
    assert len([fault for module in found for fault in faults(module)]) == 2


def test_an_operation_as_it_should_be_passes() -> None:
    text = "def receive(address, *, actor, now):\n    record(actor=actor, action='x', subject='y', now=now)\n"
    found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
    assert [list(faults(module)) for module in found] == [[]]


def test_a_private_function_does_not_count() -> None:
    """A record written for a function that nobody else can call says nothing about the public one."""
    text = "def _f(*, actor, now):\n    record()\ndef receive(address):\n    return address\n"
    found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
    assert [len(list(faults(module))) for module in found] == [1]
