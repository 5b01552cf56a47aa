"""Keystrokes and looks of a practice run that lies in the database, and of the same files one by one, without stacks.

A record of facts is given by the fewest keys that let the law say the same of it in every place that decides, with the
same child, likeness and AI involvement: a quick answer, single answers that have a key, and the key that decides. A
sheet is finished by the fewer of two ways: set aside tile by tile, or all and back; arrows between tiles count. One by
one, each readable file is opened, a second time where a rule of second opinions holds. To look at all is one held key
more.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Count, Sum

from openhotline.assessment.models import Assessment
from openhotline.assessment.policies import second_asked_by
from openhotline.assessment.queries.second import second_opinion_rules
from openhotline.desk.states import QUESTIONS, QUICK_ANSWERS
from openhotline.exposure.models import View
from openhotline.exposure.states import SECONDS_A_PICTURE
from openhotline.law.models import Facts
from openhotline.law.queries import rules
from openhotline.law.services.derive import derive
from openhotline.practice.analysts.truth import Truth
from openhotline.triage.models import SortingSheet

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
NO_CHILD = {"content_kind": "image", "depicts_child": "no", "severity": "none", "ai_involvement": "none_seen"}
DECIDE = "d"
# What has to be recorded as it is, also where another answer would lead to the same in law.
SEEN = ("ai_involvement", "depicts_child", "looks_like_photograph")
SINGLE = {choice.key: (one.fact, choice.value) for one in QUESTIONS for choice in one.choices if choice.key}
Says = tuple[object, ...]


def counted(collection: Path) -> dict[str, Any]:
    """Return the figures of the run in the database, and of its files one by one."""
    truth = Truth(collection)
    readable = [one for one in truth.files if one.unreadable is None]
    found = len(readable)
    opinions = [keys_of(one) for one in Assessment.objects.filter(undone_at=None).values_list("facts", flat=True)]
    reached = [len(keys) for keys in opinions if keys]
    sheets = list(_sheets())
    looked = View.objects.filter(kind=View.REVEAL).count()
    glimpsed = View.objects.filter(kind=View.GLIMPSE).aggregate(seconds=Sum("seconds"), tiles=Sum("pictures"))
    alone = [one.facts or NO_CHILD for one in readable]
    times = [1 + _asked_again(facts) for facts in alone]
    pressed = [len(keys_of(facts) or ()) for facts in alone]
    keys_alone = sum(keys * many for keys, many in zip(pressed, times, strict=True))
    seconds_alone, seconds = sum(times) * SECONDS_A_PICTURE, float(View.objects.aggregate(all=Sum("seconds"))["all"])
    common, often = Counter(keys for keys in opinions if keys).most_common(1)[0]
    per = 1000 / found
    return {
        "readable_files": found,
        "opinions": len(opinions),
        "opinions_that_keys_alone_reach": len(reached),
        "commonest_decision": {
            "keys": " ".join(common),
            "keystrokes": len(common),
            "share": round(often / len(opinions), 3),
        },
        "keystrokes_an_opinion": {str(n): many for n, many in sorted(Counter(reached).items())},
        "per_1000_with_stacks_and_matches": {
            "keystrokes_deciding": round(sum(reached) * per),
            "keystrokes_on_sheets": round(sum(sheets) * per),
            "full_looks": round(looked * per),
            "glimpses_of_tiles": round((glimpsed["tiles"] or 0) * per),
            "seconds_of_looking": round(seconds * per),
        },
        "files_that_keys_alone_reach": sum(keys > 0 for keys in pressed),
        "per_1000_one_by_one": {
            "keystrokes_deciding": round(keys_alone * per),
            "keystrokes_on_sheets": 0,
            "full_looks": round(sum(times) * per),
            "glimpses_of_tiles": 0,
            "seconds_of_looking": round(seconds_alone * per),
        },
        "exposure_seconds_saved_per_1000": round((seconds_alone - seconds) * per),
        "seconds_a_look_simulated": SECONDS_A_PICTURE,
    }  # fmt: skip


def keys_of(facts: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the fewest keys that record what decides alike, the key that decides last; None where keys do not."""
    return _fewest(_says(Facts.from_dict(dict(facts))))


def _asked_again(facts: Mapping[str, str]) -> bool:
    book, given = rules(), Facts.from_dict(dict(facts))
    outcome = derive(given, jurisdiction=(place := settings.JURISDICTION), as_of=book.day_of(NOW, place), rules=book)
    return second_asked_by(second_opinion_rules(), given, outcome, 1.0) is not None


@cache
def _fewest(wanted: Says) -> tuple[str, ...] | None:
    return next((keys for keys, says in _ways() if says == wanted), None)


@cache
def _ways() -> tuple[tuple[tuple[str, ...], Says], ...]:
    """Every way by a quick answer or none and up to two single answers, shortest first."""
    found = []
    for quick in (None, *QUICK_ANSWERS):
        for many in range(3):
            for single in combinations(SINGLE, many):
                facts = dict(quick.facts if quick else {}) | dict(SINGLE[key] for key in single)
                keys = (*((quick.key,) if quick else ()), *single, DECIDE)
                found.append((keys, _says(Facts.from_dict(facts))))
    return tuple(sorted(found, key=lambda way: len(way[0])))


def _says(facts: Facts) -> Says:
    book = rules()
    said = [derive(facts, jurisdiction=one, as_of=book.day_of(NOW, one), rules=book) for one in book.deciding]
    return (*(facts.to_dict()[one] for one in SEEN), *((one.kind, one.category, one.criminal) for one in said))


def _sheets() -> Iterator[int]:
    """Yield the keystrokes of each sheet that was finished."""
    for sheet in SortingSheet.objects.filter(done_at__isnull=False).annotate(tiles_=Count("tiles")):
        kept = dict(sheet.tiles.values_list("position", "kept"))
        order = [kept[position] for position in sorted(kept)]
        one_by_one = _presses([not one for one in order])
        yield 1 + min(one_by_one, 1 + _presses([bool(one) for one in order]))


def _presses(wanted: list[bool]) -> int:
    """Space on each that is wanted, arrows up to the last of them, and one key to come to the first tile."""
    return 0 if not any(wanted) else 1 + sum(wanted) + max(n for n, one in enumerate(wanted) if one)
