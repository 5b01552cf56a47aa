"""A flow: questions that lead to an outcome, by rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from openhotline.guidance.models.condition import Condition
from openhotline.guidance.models.outcome import Names, Outcome, Step, read_when
from openhotline.guidance.models.table import Table
from openhotline.guidance.states import NATION


@dataclass(frozen=True)
class Rule:
    """Where to go, and when. The last rule of a question has no condition."""

    go: str
    when: Condition | None


@dataclass(frozen=True)
class Question:
    """One question with the answers it offers, by id."""

    id: str
    text: str
    help: str
    answers: Mapping[str, str]
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, table: Table) -> Self:
        """Read one out of a file. Raises GuidanceInvalid."""
        answers = _answers(table)
        rules = tuple(_rule(one) for one in table.tables("next"))
        if len(answers) < 2:
            table.refuse("answer", "a question offers two answers or more, each with an id of its own.")
        if not rules or rules[-1].when is not None or any(rule.when is None for rule in rules[:-1]):
            table.refuse("next", "the last rule, and no other, has no `when`: it says where everything else goes.")
        found = cls(table.text("id"), table.text("text"), table.optional_text("help"), answers, rules)
        if found.id == NATION:
            table.refuse("id", f"{NATION!r} is asked before every flow; name this question otherwise.")
        table.end()
        return found


@dataclass(frozen=True)
class Flow:
    """One situation. `start` is a question, or an outcome when there is nothing to ask. `words`: for search."""

    id: str
    file: str
    order: int
    title: str
    summary: str
    words: str
    nations: tuple[str, ...]
    start: str
    facts: Mapping[str, Condition]
    questions: Mapping[str, Question]
    outcomes: Mapping[str, Outcome]

    @classmethod
    def read(cls, table: Table, names: Names, blocks: Mapping[str, tuple[Step, ...]]) -> Self:
        """Read one out of a file. Raises GuidanceInvalid; what needs the whole flow is left to `models.checks`."""
        questions = [Question.read(one) for one in table.tables("question")]
        outcomes = [Outcome.read(one, names, blocks) for one in table.tables("outcome")]
        ids = [*(one.id for one in questions), *(one.id for one in outcomes)]
        if twice := sorted({one for one in ids if ids.count(one) > 1}):
            table.refuse("id", f"two questions or outcomes are named {twice[0]!r}. Give each its own id.")
        found = cls(
            id=table.text("id"),
            file=table.place,
            order=table.number("order"),
            title=table.text("title"),
            summary=table.text("summary"),
            words=table.optional_text("words"),
            nations=table.some_of("nations", names.nations),
            start=table.one_of("start", ids),
            facts=_facts(table),
            questions={one.id: one for one in questions},
            outcomes={one.id: one for one in outcomes},
        )
        for question in questions:
            for rule in question.rules:
                if rule.go not in ids:
                    table.refuse(f"question {question.id!r}, next", f"there is no question or outcome {rule.go!r}.")
        table.end()
        return found

    def after(self, question: str, answers: Mapping[str, str]) -> str:
        """The id of the question or outcome that follows a question, by all answers so far."""
        rules = self.questions[question].rules
        return next(rule.go for rule in rules if rule.when is None or rule.when.holds(answers, self.facts))

    def holds(self, when: Condition | None, answers: Mapping[str, str]) -> bool:
        """Say whether a condition of this flow holds; none always does."""
        return when is None or when.holds(answers, self.facts)


def _answers(table: Table) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in table.tables("answer"):
        if one.text("id") in found:
            one.refuse("id", "two answers have this id. Give each its own.")
        found[one.text("id")] = one.text("text")
        one.end()
    return found


def _rule(table: Table) -> Rule:
    found = Rule(table.text("go"), read_when(table))
    table.end()
    return found


def _facts(table: Table) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    for one in table.tables("fact"):
        name, when = one.text("id"), read_when(one)
        if when is None or name in found:
            one.refuse("when", "a fact has a name of its own and a condition.")
        if unknown := sorted(when.facts() - found.keys()):
            one.refuse("when", f"there is no fact {unknown[0]!r} above this one.")
        found[name] = when
        one.end()
    return found
