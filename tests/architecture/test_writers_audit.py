"""Every operation says who did it and when, and writes its line of the log."""

import ast
from collections.abc import Iterator

import pytest
from layers import stage_apps
from source_tree import FUNCTIONS, Module, must_be_empty, read_tree, tree_of

from openhotline.audit.states import DETAILS

# Modules in services/ that are no operations of their own, and why. One that is not needed any more must go.
EXCEPTIONS = {
    "openhotline.audit.services.record": "writes the log's line itself",
    "openhotline.audit.services.seal": "brings lines of the log into its tree; changes nothing else",
    "openhotline.audit.services.verify": "reads the log again",
    "openhotline.audit.services.ship_checkpoints": "copies checkpoints to the second place; changes nothing here",
    "openhotline.audit.services.ship_taken_back": "copies certificates to the second place; changes nothing here",
    "openhotline.evidence.services.certify_purges": "asks audit's certify, which records",
    "openhotline.hashlists.services.certify_withdrawals": "as certify_purges",
    "openhotline.intake.services.certify_withdrawn": "as certify_purges",
    "openhotline.retention.services.certify_holds": "as certify_purges",
    "openhotline.hashlists.services.ship_versions": "tells the second place which versions are out; no more",
    "openhotline.assessment.services.choosing": "a part of take_turn and reserve_turns, in theirs",
    "openhotline.evidence.services.hash_file": "hashes bytes in memory, keeps nothing; the asker logs",
    "openhotline.evidence.services.verify_evidence": "reads the rows and the log again",
    "openhotline.guidance.services.freeze": "writes files into a folder of guidance; no table, no person's data",
    "openhotline.law.services.derive": "works out what the law says of facts; writes nothing",
    "openhotline.triage.services.judging": "a part of triage_items and judge_again, in theirs",
    "openhotline.triage.services.place_in_stacks": "a part of triage_items, in its transaction and its record",
}
# Calls that write to a table outside of services/, and why. What a model offers to operations is called inside theirs.
WRITES_ELSEWHERE = {
    ("openhotline.core.clock", "ClockOffset.objects.get_or_create"): "the clock of practice",
    ("openhotline.core.clock", "ClockOffset.objects.filter(pk=1).update"): "the clock of practice",
    ("openhotline.core.limits", "DaySalt.objects.filter(day__lt=before.date()).delete"): "counts, not the hotline's",
    ("openhotline.core.limits", "Tally.objects.all().delete"): "as above; the library asks a storage for it",
    ("openhotline.core.limits", "Tally.objects.filter(ends__lte=before).delete"): "as above",
    (
        "openhotline.core.limits",
        "Tally.objects.filter(key=key, ends__gt=now, ends__lte=latest, many__gte=cost).update",
    ): "as above",
    ("openhotline.core.limits", "Tally.objects.filter(key=f'turn/{key}').update"): "as above",
    ("openhotline.core.limits", "Tally.objects.filter(key=key).delete"): "as above; the library asks a storage for it",
    ("openhotline.core.events", "models.Event.objects.create"): "announced in the caller's transaction",
    ("openhotline.core.events", "models.Event.objects.filter(pk=event_id, delivered_at=None).update"): "delivery",
    ("openhotline.core.events", "models.Delivery.objects.get_or_create"): "delivery",
    ("openhotline.core.overdue", "models.Overdue.objects.filter(name=name).delete"): "what an operation could not do",
    ("openhotline.core.overdue", "models.Overdue.objects.get_or_create"): "as above; it is done by nobody",
    ("openhotline.core.overdue", "models.Round.objects.get_or_create"): "that the worker went round; nobody did it",
    ("openhotline.core.overdue", "models.Round.objects.filter(pk=1, ended_at__lt=ended_at - KEPT_EVERY).update"): (
        "as above, once a minute"
    ),
    ("openhotline.accounts.models.invitation", "self.create"): "called by operations, in their transaction",
    ("openhotline.intake.models.address", "self.bulk_create"): "called by operations, in their transaction",
    ("openhotline.intake.models.report", "self.save"): "called by operations, in their transaction",
    ("openhotline.removal.models.removal", "cls.objects.filter(pk__in=keys).update"): "called by operations, in theirs",
}
WANTED = {"actor", "now"}
RECORD = "openhotline.audit.services.record.record"
WRITING = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "save", "update", "delete"}
ROWS = {"self", "cls", "rows", "row"}


def operations(modules: list[Module]) -> list[Module]:
    """Return the modules in the `services` folders of the stage apps."""
    starts = tuple(f"openhotline.{app}.services." for app in stage_apps())
    return [module for module in modules if module.name.startswith(starts)]


def faults(module: Module) -> Iterator[str]:
    """Yield what an operation lacks: a public function that asks for actor and now by name, and a record from each."""
    offered = [function for function in public_functions(module) if asks_for(function) >= WANTED]
    if not offered:
        yield f"{module.name} has no public function with the keyword-only arguments `actor` and `now`"
    for function in offered:
        if not reaches_record(module, function):
            yield f"{module.name}.{function.name} never comes to audit's `record(...)`"


def public_functions(module: Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield the functions of a module that others may call."""
    for node in module.tree.body:
        if isinstance(node, FUNCTIONS) and not node.name.startswith("_"):
            yield node


def asks_for(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """Return the names of the keyword-only arguments."""
    return {argument.arg for argument in function.args.kwonlyargs}


def imported(module: Module) -> dict[str, str]:
    """Return {name in the module: what it is}, of what is imported by name."""
    found = {}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom):
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def reaches_record(module: Module, function: ast.AST) -> bool:
    """Say whether a function calls audit's own `record`, or another operation, itself or by functions of its module.

    The name alone says nothing: it is followed to where it was imported from. A function that is only mentioned counts
    as called, since it may be handed on.
    """
    names = imported(module)
    inside = {node.name: node for node in ast.walk(module.tree) if isinstance(node, (*FUNCTIONS, ast.ClassDef))}
    waiting, seen = [function], set[str]()
    while waiting:
        for node in ast.walk(waiting.pop()):
            name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
            whole = names.get(name, "")
            if whole == RECORD or (".services." in whole and not whole.startswith("openhotline.audit.")):
                return True
            if name in inside and name not in seen:
                seen.add(name)
                waiting.append(inside[name])
    return False


def writes(module: Module) -> Iterator[str]:
    """Yield the calls that write to a table, as they are written."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITING:
            rows = node.func.value
            query = any(isinstance(part, ast.Attribute) and part.attr == "objects" for part in ast.walk(rows))
            if query or (isinstance(rows, ast.Name) and rows.id in ROWS):
                yield ast.unparse(node.func)


def elsewhere(modules: list[Module]) -> set[tuple[str, str]]:
    """Return (module, call) of what writes to a table outside of an operation; practice plays, it does not serve."""
    return {
        (module.name, call)
        for module in modules
        if module.name.startswith("openhotline.") and ".services." not in module.name
        for call in writes(module)
    }


def test_every_operation_names_its_actor_and_is_recorded() -> None:
    found = operations(read_tree())
    must_be_empty(fault for module in found if module.name not in EXCEPTIONS for fault in faults(module))


def test_every_exception_is_still_needed() -> None:
    needed = {module.name for module in operations(read_tree()) if list(faults(module))}
    must_be_empty(set(EXCEPTIONS) - needed)


def test_an_operation_without_actor_and_record_is_seen() -> None:
    text = "def receive(*, address, now):\n    return address\n"
    found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
    assert len([fault for module in found for fault in faults(module)]) == 1


def test_an_operation_as_it_should_be_passes() -> None:
    text = FROM_AUDIT + "def receive(address, *, actor, now):\n    record(actor=actor, subject='y', now=now)\n"
    found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
    assert [list(faults(module)) for module in found] == [[]]


@pytest.mark.slow
def test_nothing_is_written_outside_of_an_operation() -> None:
    must_be_empty(f"{name}: {call}" for name, call in elsewhere(read_tree()) - set(WRITES_ELSEWHERE))


def test_every_write_elsewhere_is_still_there() -> None:
    must_be_empty(f"{name}: {call}" for name, call in set(WRITES_ELSEWHERE) - elsewhere(read_tree()))


def test_a_view_that_writes_is_seen() -> None:
    text = "def view(request):\n    Report.objects.filter(pk=1).update(state='x')\n    shown.update(a=1)\n"
    assert elsewhere(tree_of({"openhotline/intake/views/report.py": text})) == {
        ("openhotline.intake.views.report", "Report.objects.filter(pk=1).update")
    }


FROM_AUDIT = "from openhotline.audit.services.record import record\n"


@pytest.mark.parametrize(
    "text",
    [
        # A record for a function that nobody else can call says nothing about the public one.
        FROM_AUDIT + "def _f(*, actor, now):\n    record()\ndef receive(*, actor, now):\n    return 1\n",
        # A function of one's own with the right name.
        "def record(**_):\n    pass\ndef receive(*, actor, now):\n    record(actor=actor)\n",
        # A method of something else.
        FROM_AUDIT + "def receive(*, actor, now):\n    tape.record_all(actor=actor)\n",
        # Imported and never called.
        FROM_AUDIT + "def receive(*, actor, now):\n    return actor\n",
        # One of two operations.
        FROM_AUDIT + "def one(*, actor, now):\n    record()\ndef two(*, actor, now):\n    return 1\n",
    ],
)
def test_the_check_cannot_be_fooled(text: str) -> None:
    found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
    assert [len(list(faults(module))) for module in found] == [1]


def test_a_record_by_way_of_a_private_function_or_another_operation_counts() -> None:
    by_way = FROM_AUDIT + "def receive(*, actor, now):\n    return _f()\ndef _f():\n    record()\n"
    other = "from openhotline.intake.services.x import x\ndef receive(*, actor, now):\n    return x()\n"
    for text in (by_way, other):
        found = operations(tree_of({"openhotline/intake/services/receive.py": text}))
        assert [list(faults(module)) for module in found] == [[]]


def details(modules: list[Module]) -> set[tuple[str, str]]:
    """Return (module, key) of everything that a call of `record` says in its `detail`.

    What is not written out as a dictionary with constant keys, there or in the function before, comes back as the code.
    """
    found = set()
    for module in modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                for word in node.keywords:
                    if word.arg == "detail":
                        found |= {(module.name, key) for key in keys_of(word.value, module)}
    return found


def keys_of(value: ast.expr, module: Module) -> Iterator[str]:
    """Yield the keys of a dictionary in the code; a name is followed to what it was given."""
    if isinstance(value, ast.Name):
        given = [
            node.value
            for node in ast.walk(module.tree)
            if isinstance(node, ast.Assign) and any(getattr(t, "id", "") == value.id for t in node.targets)
        ]
        for one in given:
            yield from keys_of(one, module)
        if not given:
            yield ast.unparse(value)
    elif isinstance(value, ast.Dict):
        for key, inner in zip(value.keys, value.values, strict=True):
            if key is None:
                yield from keys_of(inner, module)
            else:
                yield str(key.value) if isinstance(key, ast.Constant) else ast.unparse(key)
    else:
        yield ast.unparse(value)


# Keys that are no constants, and why each is closed.
COMPUTED = {
    "{state.value: sum((row.state == state for row in rows)) for state in CaptureState}": "counts by state",
}
# What `record` itself adds, for who was named at the command line.
ADDED = {"command_line"}


def test_the_log_says_only_what_the_list_allows() -> None:
    """No personal data: audit/states.py lists every detail and its kind, and none is an address, a name or a text."""
    said = details(operations(read_tree()))
    must_be_empty(f"{name} says {key!r}" for name, key in said if key not in {*DETAILS, *COMPUTED})


def test_every_allowed_detail_is_still_said() -> None:
    said = {key for _, key in details(operations(read_tree()))}
    must_be_empty({*DETAILS, *COMPUTED} - said - ADDED)


@pytest.mark.parametrize("detail", ["{'address': a}", "{**told}", "told", "dict(address=a)"])
def test_a_detail_that_nobody_allowed_is_seen(detail: str) -> None:
    text = f"told = {{'address': 1}}\ndef f(*, actor, now):\n    record(detail={detail})\n"
    said = details(tree_of({"openhotline/intake/services/f.py": text}))
    assert [key for _, key in said if key not in {*DETAILS, *COMPUTED}] != []
