"""What the partners' API takes and answers, as types; the API's description is made from them."""

from datetime import datetime
from typing import Annotated

from ninja import Field, Schema
from pydantic import ConfigDict, StringConstraints, model_validator

from openhotline.intake.policies import check_holds_no_picture
from openhotline.intake.services.take_reports import Statement
from openhotline.intake.states import Kind, Word, is_urgent

MOST_ADDRESSES = 100
MOST_REPORTS = 100

Address = Annotated[str, StringConstraints(min_length=1, max_length=8192, strip_whitespace=True)]


class ReportIn(Schema):
    """One report: addresses, or a text where there is none. A picture is never taken."""

    model_config = ConfigDict(extra="forbid")

    addresses: list[Address] = Field(
        default_factory=list,
        max_length=MOST_ADDRESSES,
        description="Where it is: up to 100 web addresses, as they are. One that cannot be read goes to a person.",
        examples=[["https://site.example/page"]],
    )
    details: str = Field("", max_length=20_000, description="Anything that helps to find it. No names of children.")
    urgent: bool = Field(
        default=False, description="A child is in danger right now. This is not an emergency service: call one."
    )
    kind: Kind | None = Field(None, description="What kind of thing it is; left out when you do not know.")
    reference: str = Field("", max_length=200, description="Your own number for it, for people here to quote.")

    @model_validator(mode="after")
    def _says_something(self) -> "ReportIn":
        if not self.addresses and not self.details.strip():
            raise ValueError("a report needs an address, or details that lead to one")
        return self

    def statement(self) -> Statement:
        """Return it as intake takes it. Raises HoldsPicture."""
        for name, text in (("details", self.details), ("reference", self.reference)):
            check_holds_no_picture(text, where=name)
        for place, address in enumerate(self.addresses):
            check_holds_no_picture(address, where=f"addresses, number {place + 1},")
        told = {"more": self.details, "what": self.kind or "", "reference": self.reference}
        return Statement(tuple(self.addresses), told, self.urgent or is_urgent(told))


class BatchIn(Schema):
    """Up to 100 reports, received together or not at all."""

    model_config = ConfigDict(extra="forbid")

    reports: list[ReportIn] = Field(min_length=1, max_length=MOST_REPORTS)


class StageOut(Schema):
    """How far a report is, by a timetable that depends on the moment it came in and on nothing else."""

    id: str = Field(examples=["rep_k3v"])
    stage: Word = Field(description="received, being worked on, or finished; never what came of it.")
    received_at: datetime
    next_change: datetime | None = Field(description="When the word changes next; null after the last.")


class ReportOut(StageOut):
    """A report that was received: it is kept when this answer is given."""

    unreadable: list[int] = Field(
        description="Positions of addresses that do not read as one. They are kept, and go to a person."
    )


class BatchOut(Schema):
    """Reports that were received, in the order they were sent."""

    reports: list[ReportOut]


class ErrorOut(Schema):
    """One thing that is wrong with what was sent."""

    where: str
    sentence: str


class ProblemOut(Schema):
    """Why a request was refused (RFC 9457, application/problem+json)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[ErrorOut] = Field(default_factory=list)
