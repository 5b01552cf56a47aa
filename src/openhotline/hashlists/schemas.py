"""What the members' API takes and gives."""

from typing import Annotated, Literal

from ninja import Field, Schema
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from openhotline.hashlists.services.answer_lookups import Asked, Told
from openhotline.hashlists.states import DIGITS, FeedbackReason, FeedbackVerdict, HashKind

MOST_HASHES = 1_000


class Strict(BaseModel):
    """A body that holds what is asked for and nothing else.

    Pydantic's own: Ninja's schemas also read attributes of rows, at a price for each of a thousand hashes.
    """

    model_config = ConfigDict(extra="forbid")


class HashIn(Strict):
    """One hash in hex, upper or lower case."""

    kind: HashKind
    hash: Annotated[str, Field(max_length=64)]
    quality: Annotated[int | None, Field(ge=0, le=100, description="PDQ quality; left out: not known")] = None

    @field_validator("hash")
    @classmethod
    def lower(cls, value: str) -> str:
        """Take upper case as well: other tools write it so."""
        return value.strip().lower()

    @model_validator(mode="after")
    def whole(self) -> "HashIn":
        """Check that it has the digits of its kind."""
        if len(self.hash) != DIGITS[self.kind] or set(self.hash) - set("0123456789abcdef"):
            raise ValueError(f"a {self.kind} hash has {DIGITS[self.kind]} hex digits")
        return self

    def asked(self) -> Asked:
        """Return it as the operation takes it."""
        return Asked(self.kind, self.hash, self.quality)


class MatchIn(Strict):
    """What is asked."""

    hashes: Annotated[list[HashIn], Field(min_length=1, max_length=MOST_HASHES)]
    dry_run: Annotated[bool, Field(description="compare with the test vectors alone; costs no budget")] = False


class MatchOut(Schema):
    """One match. Which of these are told beyond stream and category stands in the agreement."""

    stream: str
    category: str
    ai_involvement: str
    state: Annotated[str | None, Field(description="active, or disputed, as the last version of the list says")] = None
    id: str | None = None
    distance: int | None = None
    canonical: Annotated[str | None, Field(description="form of the entry's picture that was hashed; told of PDQ")] = (
        None
    )


class AnswerOut(Schema):
    """What is said of one hash: yes, no, or that it is too unclear to say."""

    match: Literal["yes", "no", "not_determined"]
    why: str = ""
    matches: list[MatchOut] = []


class AnswersOut(Schema):
    """Answers in the order in which the hashes were asked, and whether it was a dry run."""

    answers: list[AnswerOut]
    dry_run: bool = False


class VectorOut(Schema):
    """A hash of a generated picture or of a short text, and what a dry run answers."""

    kind: HashKind
    hash: str
    quality: int | None = None
    match: Literal["yes", "no", "not_determined"]


class FeedbackIn(Strict):
    """A member's word on an entry."""

    entry: Annotated[str, Field(min_length=1, max_length=40)]
    verdict: FeedbackVerdict
    reason: Annotated[FeedbackReason | None, Field(description="needed where it is a dispute")] = None


class StatusOut(Schema):
    """How fresh the answers are."""

    version: int | None
    published: int | None
    stale: bool
    streams: list[str]


def answer_of(told: Told) -> Literal["yes", "no", "not_determined"]:
    """Return the one word that is said of a hash."""
    return "not_determined" if told.unclear else "yes" if told.hits else "no"
