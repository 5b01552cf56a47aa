"""The rule language, deliberately small: an answer is one of some, and, or, not, and facts derived from these."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from openhotline.guidance.models.table import Table

FORMS = "{ answer = …, in = […] }, { fact = … }, { all = […] }, { any = […] }, { not = … }"


@dataclass(frozen=True)
class Condition:
    """One condition. `kind`: answer, fact, all, any or not; `of`: the question or fact; `parts`: the inner ones."""

    kind: str
    of: str = ""
    values: tuple[str, ...] = ()
    parts: tuple["Condition", ...] = ()

    @classmethod
    def read(cls, raw: object, place: str) -> Self:
        """Read a condition out of a file. Raises GuidanceInvalid."""
        table = Table.of(raw, place)
        kinds = [kind for kind in ("answer", "fact", "all", "any", "not") if table.has(kind)]
        if len(kinds) != 1:
            table.refuse("when", f"a condition is one of {FORMS}; not {raw!r}.")
        (kind,) = kinds
        if kind == "answer":
            found = cls(kind, table.text("answer"), _values(table))
        elif kind == "fact":
            found = cls(kind, table.text("fact"))
        elif kind == "not":
            found = cls(kind, parts=(cls.read(table.take("not"), place),))
        else:
            inner = table.take(kind)
            if not isinstance(inner, list) or not inner:
                table.refuse(kind, "this must be a list of one or more conditions.")
            found = cls(kind, parts=tuple(cls.read(one, place) for one in inner))
        table.end()
        return found

    def holds(self, answers: Mapping[str, str], facts: Mapping[str, "Condition"]) -> bool:
        """Say whether this holds for answers, by question; what was not answered is no answer to anything."""
        if self.kind == "answer":
            return answers.get(self.of) in self.values
        if self.kind == "fact":
            return facts[self.of].holds(answers, facts)
        if self.kind == "not":
            return not self.parts[0].holds(answers, facts)
        judged = (part.holds(answers, facts) for part in self.parts)
        return all(judged) if self.kind == "all" else any(judged)

    def answers(self) -> list["Condition"]:
        """The inner conditions that ask for an answer."""
        return [self] if self.kind == "answer" else [one for part in self.parts for one in part.answers()]

    def facts(self) -> set[str]:
        """The names of the facts asked for."""
        return {self.of} if self.kind == "fact" else {name for part in self.parts for name in part.facts()}

    def questions(self, facts: Mapping[str, "Condition"]) -> set[str]:
        """Every question this depends on, also by way of facts."""
        asked = {one.of for one in self.answers()}
        return asked.union(*(facts[name].questions(facts) for name in self.facts()))

    def in_words(self) -> str:
        """The condition as a person reads it beside a map or a path."""
        if self.kind == "answer":
            return f"{self.of} is {' or '.join(self.values)}"
        if self.kind == "fact":
            return self.of.replace("_", " ")
        if self.kind == "not":
            return f"not ({self.parts[0].in_words()})"
        return f" {'and' if self.kind == 'all' else 'or'} ".join(_bracketed(part) for part in self.parts)


def _values(table: Table) -> tuple[str, ...]:
    values = table.take("in")
    if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
        table.refuse("in", "this must be a list of one or more answers.")
    return tuple(values)


def _bracketed(part: Condition) -> str:
    return f"({part.in_words()})" if part.kind in {"all", "any"} else part.in_words()
