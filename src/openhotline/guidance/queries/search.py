"""Search over the guidance: an index in memory, ranked by BM25 (Robertson and Zaragoza, 2009), nothing kept of it."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext

from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.queries.shown import Fill, say

K1, B = 1.2, 0.75
MOST = 12
WORD = re.compile(r"\w+")
ENDINGS = ("ing", "ed", "es", "s")


@dataclass(frozen=True)
class Found:
    """A place that holds the words: the flow or the entry of the directory it is in, and what stands there.

    ``words``: what else people call it; searched and not shown.
    """

    place: str
    text: str
    flow: str = ""
    entry: str = ""
    words: str = ""


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared: without capitals and accents, and without common endings."""
    plain = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return [_stem(word) for word in WORD.findall(plain.casefold())]


def _stem(word: str) -> str:
    ending = next((one for one in ENDINGS if word.endswith(one) and len(word) - len(one) >= 3), "")
    return word.removesuffix(ending)


# Words that stand everywhere: left out of what is asked, unless nothing else is.
SMALL = frozenset(
    words_of(
        "a an and are as at be by can do does for from has have how I if in is it me my not of on or our that the "
        "their they this to was what when where who will with you your"
    )
)


class Index:
    """Every place of the guidance with its words."""

    def __init__(self, places: Iterable[Found]) -> None:
        self.places = list(places)
        self.counts = [Counter(words_of(f"{one.place} {one.text} {one.words}")) for one in self.places]
        self.lengths = [sum(count.values()) for count in self.counts]
        self.mean = sum(self.lengths) / max(1, len(self.lengths))
        self.holding = Counter(word for count in self.counts for word in count)

    def find(self, asked: str) -> list[Found]:
        """Return the places that hold any of the words, the best first, each once by its best text; at most `MOST`."""
        wanted = set(words_of(asked))
        wanted = wanted - SMALL or wanted
        scores = ((self._score(number, wanted), -number) for number in range(len(self.places)))
        best = (self.places[-number] for score, number in sorted(scores, reverse=True) if score > 0)
        once: dict[str, Found] = {}
        for one in best:
            once.setdefault(one.place, one)
        return list(once.values())[:MOST]

    def _score(self, number: int, wanted: set[str]) -> float:
        length = 1 - B + B * self.lengths[number] / self.mean
        return sum(
            self._weight(word) * count * (K1 + 1) / (count + K1 * length)
            for word in wanted
            if (count := self.counts[number][word])
        )

    def _weight(self, word: str) -> float:
        holding = self.holding[word]
        return math.log(1 + (len(self.places) - holding + 0.5) / (holding + 0.5))


def index_of(guidance: Guidance, nation: str, fill: Fill) -> Index:
    """Return the index of what readers of one nation may come to, in the language of the page; empty: of all."""
    return Index(dict.fromkeys(_places(guidance, nation, fill)))


def _places(guidance: Guidance, nation: str, fill: Fill) -> Iterator[Found]:
    for flow in guidance.flows.values():
        if not nation or nation in flow.nations:
            yield Found(say(flow.title, fill), say(flow.summary, fill), flow=flow.id, words=say(flow.words, fill))
            yield from _of_flow(flow, nation, fill)
    for entry in guidance.entries.values():
        text = f"{say(entry.what, fill)} {say(entry.for_whom, fill)}"
        yield Found(gettext(entry.name), text, entry=entry.id, words=entry.by)


def _of_flow(flow: Flow, nation: str, fill: Fill) -> Iterator[Found]:
    for outcome in flow.outcomes.values():
        for step in outcome.steps:
            for one in step.sentences:
                if not nation or not one.nations or nation in one.nations:
                    place = f"{say(flow.title, fill)}: {say(step.title, fill)}"
                    yield Found(place, say(one.text, fill), flow=flow.id, words=say(step.words, fill))
