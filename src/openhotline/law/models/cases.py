"""Every combination of the facts that a jurisdiction's rules read: what can be asked of them, each once."""

from collections.abc import Iterator
from itertools import product
from math import prod

from openhotline.law.models.facts import Facts
from openhotline.law.models.rulebook import RuleBook
from openhotline.law.states import FACTS


def facts_read(jurisdiction: str, *books: RuleBook) -> tuple[str, ...]:
    """The facts that some rule of the place reads in one of the books, in the order in which a person is asked."""
    read = {name for book in books for rule in book.of(jurisdiction) for name in rule.reads}
    return tuple(name for name in FACTS if name in read)


def count_of(names: tuple[str, ...]) -> int:
    """How many combinations these facts have."""
    return prod(len(FACTS[name]) for name in names)


def every_case(names: tuple[str, ...]) -> Iterator[Facts]:
    """Each combination of these facts once; all others are not determined."""
    for values in product(*(FACTS[name] for name in names)):
        yield Facts(**dict(zip(names, values, strict=True)))  # type: ignore[arg-type] # FACTS pairs names and types
