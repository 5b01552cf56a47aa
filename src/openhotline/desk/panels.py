"""Fragments of the desk: what stands around every page, the facts form, what follows from facts, the steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from openhotline.accounts.models import Person
from openhotline.accounts.states import Role
from openhotline.assessment.queries import Given
from openhotline.core import doors
from openhotline.desk.queries.steps import Step
from openhotline.desk.queries.waiting import Waiting
from openhotline.desk.states import (
    GROUPS,
    JURISDICTION_WORDS,
    LINKS,
    OPEN,
    OUTCOME_WORDS,
    QUESTIONS,
    QUICK_ANSWERS,
    SHOWN_JURISDICTIONS,
    Question,
)
from openhotline.evidence.models import Item
from openhotline.intake.models import Report
from openhotline.law.models import Facts, Outcome
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive

SHORT = 60
_WORDS = {one.fact: one.words.rstrip("?") for one in QUESTIONS}


def nav_of(person: Person, counts: Waiting, current: str) -> list[dict[str, Any]]:
    """Return the links that this person may follow, with what waits behind each."""
    return [
        {
            "label": link.label,
            "href": reverse(link.route),
            "current": link.route == current,
            "count": getattr(counts, link.counts) if link.counts else None,
        }
        for link in LINKS
        if Role(person.role) in link.roles
    ]


def nav_panel(person: Person, counts: Waiting, current: str) -> SafeString:
    """Render these links as they stand beside every page."""
    return render_to_string("core/_nav.html", {"nav": nav_of(person, counts, current)})


def steps_panel(report: Report, steps: Sequence[Step]) -> SafeString:
    """Render the eleven steps; each links to the page where the report is now."""
    rows = [{"label": s.label, "state": s.state, "note": s.note, "href": _href(s, report)} for s in steps]
    return render_to_string("core/_steps.html", {"steps": rows})


def _href(step: Step, report: Report) -> str:
    if not step.route or step.state == "waiting":
        return ""
    return reverse(step.route, args=[report.public_id] if step.route == "desk_report" else [])


@dataclass(frozen=True)
class Follows:
    """What the law says of facts in one jurisdiction, in words."""

    place: str
    words: str
    category: str
    tag: str
    missing: tuple[str, ...]
    notes: tuple[str, ...]
    provisions: tuple[str, ...]


def consequences(facts: Facts, now: datetime) -> tuple[Follows, ...]:
    """Return what follows from facts in each of the three jurisdictions of the United Kingdom, on its day."""
    book = rules()
    return tuple(
        _follows(derive(facts, jurisdiction=one, as_of=book.day_of(now, one), rules=book))
        for one in SHOWN_JURISDICTIONS
    )


def seal_of(follows: Sequence[Follows]) -> str:
    """Return what a page carries to say which consequences it has shown; other consequences have another one."""
    told = "\n".join(f"{one.place}\t{one.words}\t{one.category}" for one in follows)
    return sha256(told.encode()).hexdigest()[:16]


def consequence_panel(facts: Facts, now: datetime) -> SafeString:
    """Render what follows from facts, before anything is decided."""
    follows = consequences(facts, now)
    return render_to_string("desk/_consequence.html", {"follows": follows, "shown": seal_of(follows)})


@lru_cache(maxsize=64)
def facts_panel(facts: Facts, *, video: bool = False) -> SafeString:
    """Render the questions with the given answers, the first ones large, and the quick answers above them.

    ``video``: the quick answers say so, where they would say a picture.
    """
    kind = {"content_kind": "video"} if video else {}
    answers = facts.to_dict()
    groups = [
        {"title": title, "questions": [_question(one, answers[one.fact]) for one in questions], "open": number == 0}
        for number, (title, questions) in enumerate(GROUPS)
    ]
    quick = [
        {
            "code": one.code,
            "words": one.words,
            "key": one.key,
            "facts": " ".join(f"{k}={v}" for k, v in ({**one.facts} | kind).items()),
        }
        for one in QUICK_ANSWERS
    ]
    return render_to_string("desk/_facts.html", {"groups": groups, "quick": quick})


def opinions_panel(opinions: Sequence[Given], title: str) -> SafeString:
    """Render what earlier opinions recorded, side by side, where they differ first, then notes; nothing for none."""
    given = [one.facts.to_dict() for one in opinions]
    rows = [
        {"words": one.words, "values": [_choice(one, facts[one.fact]) for facts in given], "differ": len(values) > 1}
        for one in QUESTIONS
        if (values := {facts[one.fact] for facts in given}) - {OPEN.value}
    ]
    rows.sort(key=lambda row: not row["differ"])
    if any(one.note for one in opinions):
        rows.append({"words": "Note", "values": [one.note for one in opinions], "differ": False})
    return render_to_string("desk/_opinions.html", {"opinions": rows, "title": title})


def _choice(question: Question, value: str) -> str:
    return next((one.words for one in question.choices if one.value == value), value)


def tile_of(item: Item, *, session: str, now: datetime) -> dict[str, str]:
    """Return what the hold-to-reveal tile of an item needs, for one session."""
    return {
        "src": media_link("media_tile", item, session=session, now=now),
        "reveal_url": media_link("media_reveal", item, session=session, now=now),
        "beat_url": doors.link("media_beat", door="media", session=session, now=now),
        "release_url": doors.link("media_release", door="media", session=session, now=now),
    }


def outcome_words(kind: str, category: str | None) -> str:
    """Return an outcome in words, with its letter."""
    return f"{OUTCOME_WORDS.get(kind, kind)}{f', {category}' if category else ''}"


def duration(seconds: float) -> str:
    """Return seconds in words: 40 s, 12 min, 1 h 5 min."""
    minutes = round(seconds / 60)
    if seconds < SHORT:
        return f"{round(seconds)} s"
    return f"{minutes // 60} h {minutes % 60} min" if minutes >= SHORT else f"{minutes} min"


def media_link(route: str, item: Item, *, session: str, now: datetime) -> str:
    """Return the address of an item at the media door, good for one session."""
    return doors.link(route, door="media", subject=item.public_id, session=session, now=now)


def _question(question: Question, answer: str) -> dict[str, Any]:
    return {
        "fact": question.fact,
        "words": question.words,
        "hint": question.hint,
        "choices": question.choices,
        "answer": answer,
        "when": ";".join(f"{fact}={','.join(values)}" for fact, values in question.when.items()),
    }


def _follows(outcome: Outcome) -> Follows:
    tag = {True: "now", False: "done", None: "waiting"}[outcome.criminal]
    return Follows(
        place=JURISDICTION_WORDS[outcome.jurisdiction],
        words=OUTCOME_WORDS[outcome.kind],
        category=outcome.category or "",
        tag=tag,
        missing=tuple(_WORDS[name] for name in outcome.missing),
        notes=outcome.notes,
        provisions=outcome.provisions,
    )
