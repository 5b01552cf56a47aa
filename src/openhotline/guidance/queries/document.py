"""A flow as one plain document: what its version is taken from, what is frozen, and what a page of a version shows.

The document holds everything a reader could have been shown (questions, rules, sentences, sources, services) and
nothing that depends on the day or on settings. Its shape is of its own, so that a version can be shown for as long as
it is kept, however the files change. `FORMAT` grows when the shape does.
"""

import hashlib
import json
from dataclasses import asdict
from typing import Any

from openhotline.guidance.models.condition import Condition
from openhotline.guidance.models.flow import Flow, Question
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.models.outcome import Outcome, Sentence, Step

FORMAT = 1
Document = dict[str, Any]


def document_of(flow: Flow, guidance: Guidance) -> Document:
    """Return the document of a flow."""
    sources = list(dict.fromkeys(name for one in flow.outcomes.values() for name in one.sources()))
    entries = list(dict.fromkeys(one.entry for outcome in flow.outcomes.values() for one in outcome.offers))
    sources += [name for entry in entries for name in guidance.entries[entry].sources if name not in sources]
    return {
        "format": FORMAT,
        "flow": flow.id,
        "title": flow.title,
        "summary": flow.summary,
        "start": flow.start,
        "nations": {name: guidance.nations[name].name for name in flow.nations},
        "facts": [{"id": name, "when": when.in_words()} for name, when in flow.facts.items()],
        "questions": [_question(one) for one in flow.questions.values()],
        "outcomes": [_outcome(one) for one in flow.outcomes.values()],
        "sources": [_plain(asdict(guidance.sources[name])) for name in dict.fromkeys(sources)],
        "entries": [_plain(asdict(guidance.entries[name])) for name in entries],
    }


def version_of(document: Document) -> str:
    """Return the version of a document: SHA-256 (hex) over its JSON with sorted keys and no blanks."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def canonical(document: Document) -> str:
    """Return the one JSON text of a document."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def statements(document: Document) -> set[tuple[str, str]]:
    """Return (place, text) of everything that a document says: what two versions are compared by."""
    found = {("", document["title"]), ("", document["summary"])}
    for question in document["questions"]:
        found.add((question["text"], question["help"] or question["text"]))
        found |= {(question["text"], answer["text"]) for answer in question["answers"]}
    for outcome in document["outcomes"]:
        for step in outcome["steps"]:
            found |= {(f"{outcome['title']}: {step['title']}", one["text"]) for one in step["sentences"]}
    return found


def _question(question: Question) -> Document:
    return {
        "id": question.id,
        "text": question.text,
        "help": question.help,
        "answers": [{"id": name, "text": text} for name, text in question.answers.items()],
        "next": [{"when": _words(rule.when), "go": rule.go} for rule in question.rules],
    }


def _outcome(outcome: Outcome) -> Document:
    return {
        "id": outcome.id,
        "title": outcome.title,
        "nations": list(outcome.nations),
        "checked": outcome.checked.isoformat(),
        "next_review": outcome.next_review.isoformat(),
        "steps": [_step(one) for one in outcome.steps],
        "offers": [{"entry": one.entry, "to": str(one.to), "when": _words(one.when)} for one in outcome.offers],
    }


def _step(step: Step) -> Document:
    return {
        "title": step.title,
        "when": _words(step.when),
        "link": step.link,
        "sentences": [_sentence(one) for one in step.sentences],
    }


def _sentence(one: Sentence) -> Document:
    return {
        "text": one.text,
        "when": _words(one.when),
        "nations": list(one.nations),
        "sources": list(one.sources),
    }


def _words(when: Condition | None) -> str:
    return when.in_words() if when else ""


def _plain(fields: dict[str, Any]) -> Document:
    return {
        name: list(value) if isinstance(value, tuple) else value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in fields.items()
    }
