"""The mistakes of scripted analysts: a stated share of opinions, always the same for the same seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass

NOBODY_SHOWN = {"depicts_child": "no", "age_band": "not_determined", "severity": "none", "indecent": "no"}
SHOWN = {
    "content_kind": "image",
    "depicts_child": "yes",
    "age_band": "11-13",
    "severity": "C",
    "looks_like_photograph": "yes",
    "indecent": "yes",
}
LETTERS = ("A", "B", "C")


@dataclass(frozen=True)
class Mistakes:
    """``rate`` of all opinions are wrong, each drawn for itself from seed, file and opinion."""

    rate: float
    seed: int

    def answer(self, facts: Mapping[str, str], *, number: int, opinion: str) -> dict[str, str]:
        """Return the facts that this opinion records of a file: the true ones, or wrong ones with another outcome."""
        chance = random.Random(f"{self.seed}/{number}/{opinion}")  # noqa: S311 - repeatable on purpose, no secret
        return wrong(facts, chance) if chance.random() < self.rate else dict(facts)


def wrong(facts: Mapping[str, str], chance: random.Random) -> dict[str, str]:
    """Return facts of which the law says something else: another letter, another kind, criminal or not."""
    if facts.get("looks_like_photograph") == "no":
        return {**facts, "limb_62_2_a": "no", "limb_62_2_b": "no", "limb_62_2_c": "no"} | NOBODY_SHOWN
    if facts.get("severity") in LETTERS:
        other = chance.choice([letter for letter in LETTERS if letter != facts["severity"]])
        return chance.choice([{**facts, "severity": other}, {**facts} | NOBODY_SHOWN])
    return {**facts} | SHOWN
