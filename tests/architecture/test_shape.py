"""The shape of the code: short files, short functions, few branches."""

import ast
from collections.abc import Iterable

import pytest
from source_tree import FUNCTIONS, Module, must_be_empty, read_tree, tree_of

LIMITS = {
    "files.p90": 200,
    "files.max": 500,
    "functions.p90": 32,
    "functions.max": 80,
    "branches.max": 12,
}
BRANCHING = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.IfExp, ast.match_case)


Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(module: Module) -> list[Function]:
    """Return every function of a module, nested ones too."""
    return [node for node in ast.walk(module.tree) if isinstance(node, FUNCTIONS)]


def measured(modules: list[Module]) -> list[tuple[Module, Function, int, int]]:
    """Return every function with its module, length and branches."""
    return [(module, f, length(f), branches(f)) for module in modules for f in functions(module)]


def length(function: Function) -> int:
    """Return the lines from `def` to the last line, without decorators."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def branches(node: ast.AST) -> int:
    """Return 1 + the places where a function's way divides. What is defined inside it counts for itself."""
    return 1 + sum(_branches(child) for child in ast.iter_child_nodes(node))


def _branches(node: ast.AST) -> int:
    if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
        return 0
    here = int(isinstance(node, BRANCHING))
    if isinstance(node, ast.BoolOp):
        here = len(node.values) - 1
    elif isinstance(node, ast.comprehension):
        here = len(node.ifs)
    return here + sum(_branches(child) for child in ast.iter_child_nodes(node))


def p90(values: Iterable[int]) -> int:
    """Return the value that nine tenths do not exceed; 0 of nothing."""
    ordered = sorted(values)
    return ordered[round(0.9 * (len(ordered) - 1))] if ordered else 0


def figures(modules: list[Module]) -> dict[str, int]:
    """Return the figures that are limited. Empty files count for nothing."""
    lines = [len(module.text.splitlines()) for module in modules if module.text]
    found = measured(modules)
    return {
        "files.p90": p90(lines),
        "files.max": max(lines, default=0),
        "functions.p90": p90(long for _, _, long, _ in found),
        "functions.max": max((long for _, _, long, _ in found), default=0),
        "branches.max": max((ways for *_, ways in found), default=0),
    }


def beyond(modules: list[Module]) -> dict[str, int]:
    """Return the figures that are above their limit."""
    return {name: value for name, value in figures(modules).items() if value > LIMITS[name]}


def offenders(modules: list[Module]) -> list[str]:
    """Return what is too large, by name, for whoever must mend it."""
    files = [f"{m.path}: {n} lines" for m in modules if (n := len(m.text.splitlines())) > LIMITS["files.max"]]
    return files + [
        f"{module.path}:{f.lineno} {f.name}: {long} lines, {ways} branches"
        for module, f, long, ways in measured(modules)
        if long > LIMITS["functions.max"] or ways > LIMITS["branches.max"]
    ]


@pytest.mark.slow
def test_the_code_keeps_its_shape() -> None:
    tree = read_tree()
    found = beyond(tree)
    must_be_empty(offenders(tree) if found else [])
    assert found == {}


def test_a_long_file_is_seen() -> None:
    assert beyond(tree_of({"hashmatch/a.py": "x = 1\n" * 501})) == {"files.p90": 501, "files.max": 501}


def test_a_long_function_is_seen() -> None:
    tree = tree_of({"hashmatch/a.py": "@dec\ndef f():\n" + "    x = 1\n" * 80})
    assert beyond(tree) == {"functions.p90": 81, "functions.max": 81}
    assert len(offenders(tree)) == 1


def test_a_function_with_many_branches_is_seen() -> None:
    body = "    if a and b:\n        pass\n" * 6
    assert beyond(tree_of({"hashmatch/a.py": "def f(a, b):\n" + body})) == {"branches.max": 13}


def test_branches_of_an_inner_function_are_its_own() -> None:
    text = "def f(xs):\n    def g(x):\n        return 1 if x else 2\n    return [g(x) for x in xs if x]\n"
    outer, inner = functions(tree_of({"a.py": text})[0])
    assert (branches(outer), branches(inner)) == (2, 2)
