"""The source as the architecture tests see it: modules, their syntax trees and who imports whom.

Works on text alone, so that a test can plant a bug in a small tree of its own. Imports are taken wherever
they stand: at the top, inside functions and under TYPE_CHECKING.
"""

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Import:
    """One import statement: the dotted names it may mean, and whether it stands inside a function."""

    candidates: tuple[str, ...]
    line: int
    local: bool


@dataclass(frozen=True)
class Module:
    """One Python file. `path` starts at the import root: `openhotline/intake/models/report.py`."""

    path: PurePosixPath
    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text, filename=str(self.path))

    @property
    def name(self) -> str:
        """The dotted name."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    @property
    def package(self) -> str:
        """The dotted name that relative imports start from."""
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @cached_property
    def imports(self) -> tuple[Import, ...]:
        """Every import statement of the file."""
        return tuple(self._imports(self.tree, local=False))

    def _imports(self, node: ast.AST, *, local: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield Import(tuple(alias.name for alias in child.names), child.lineno, local)
            elif isinstance(child, ast.ImportFrom):
                base = self._base(child)
                yield Import(tuple(f"{base}.{alias.name}" for alias in child.names), child.lineno, local)
            else:
                yield from self._imports(child, local=local or isinstance(child, FUNCTIONS))

    def _base(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        start = ".".join(parts[: len(parts) - node.level + 1])
        return f"{start}.{node.module}" if node.module else start


def is_product(path: PurePosixPath) -> bool:
    """Say whether a file is ours to judge: no test, no migration, nothing static."""
    folders = set(path.parts[:-1])
    named_test = path.name.startswith("test_") or path.name in {"conftest.py", "test.py"}
    return not folders & {"tests", "test", "testing", "migrations", "static"} and not named_test


@cache
@cache
def read_tree(source: Path = SOURCE) -> list[Module]:
    """Return every product module under an import root, read and parsed once a process."""
    paths = sorted(p for p in source.rglob("*.py") if is_product(PurePosixPath(p.relative_to(source))))
    return [Module(PurePosixPath(p.relative_to(source)), p.read_text(encoding="utf-8")) for p in paths]


def tree_of(files: Mapping[str, str]) -> list[Module]:
    """Return modules out of {path: text}: a small tree with a bug planted in it."""
    return [Module(PurePosixPath(path), text) for path, text in files.items()]


def edges(modules: list[Module]) -> Iterator[tuple[str, str, int]]:
    """Yield (importer, imported, line) for every import between these modules."""
    known = {module.name for module in modules}
    for module in modules:
        for statement in module.imports:
            for candidate in statement.candidates:
                target = nearest(known, candidate)
                if target and target != module.name:
                    yield module.name, target, statement.line


def nearest(known: set[str], dotted: str) -> str:
    """Return the longest known module that a dotted name starts with, or an empty string."""
    while dotted and dotted not in known:
        dotted = dotted.rpartition(".")[0]
    return dotted


def must_be_empty(found: Iterable[str]) -> None:
    """Fail with everything that was found, a line each, for whoever must mend it."""
    lines = sorted(found)
    assert not lines, "\n" + "\n".join(lines)
