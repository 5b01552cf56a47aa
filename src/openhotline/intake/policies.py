"""Who may do what in intake, and which lane a report waits in: free of database, HTTP and clock."""

from datetime import datetime, timedelta

from django.utils.translation import gettext

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_in_date
from openhotline.accounts.states import Permission, Role
from openhotline.core.errors import NotAllowed, NotNow
from openhotline.core.open_forms import without_pictures
from openhotline.intake.errors import HoldsPicture
from openhotline.intake.models import Report, Sweep
from openhotline.intake.states import SWEEP_TRANSITIONS, Lane, ReportState, Source, SweepState, Why

MOST_WAITING = 3
MOST_ANSWERS = 5
LONGEST_QUESTION = 500
LEAST_HOURS, MOST_HOURS = 1, 720
LONGEST_AUTHORITY = timedelta(days=366)
LONGEST_TOLD = 200
LONGEST_JURISDICTION = 16
TAKES_REPORTS = frozenset({Role.ANALYST, Role.SENIOR, Role.MANAGER})
TYPED_IN = (Source.TELEPHONE, Source.LETTER)


def check_can_type_in(person: Person) -> None:
    """Raise NotAllowed unless the person's role takes reports by telephone and letter."""
    if Role(person.role) not in TAKES_REPORTS:
        raise NotAllowed(
            f"A {person.role_name.lower()} does not type in reports; analysts, senior analysts and managers do."
        )


def check_source_is_typed_in(source: Source) -> None:
    """Raise NotNow for a source that does not reach the hotline through a person at the desk."""
    if source not in TYPED_IN:
        raise NotNow(f"A report from {source} is not typed in; one that came by telephone or letter is.")


READING = "Reading what reporters told"
"""What takes vetting and training in date, as the sentence of a refusal begins."""


def check_can_ask(person: Person, now: datetime) -> None:
    """Raise NotAllowed unless the person's role asks reporters, and vetting and training are in date."""
    if not person.may(Permission.ASK_REPORTERS):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not ask reporters; analysts, senior analysts and managers do."
        )
    check_in_date(person, now, "Asking reporters")


def can_be_asked(report: Report) -> bool:
    """Say whether a person has to read this report, whatever is known of its addresses: none is usable, or urgent.

    Both follow from what the reporter typed and from nothing else, so that a question tells nothing of what we know.
    """
    return report.state == ReportState.FOR_A_PERSON or report.lane == Lane.URGENT


def check_can_be_read(person: Person, report: Report, *, seen: str, now: datetime) -> None:
    """Raise NotAllowed or NotNow unless the person may say that they read the report as it was last told."""
    if not person.may(Permission.READ_REPORTS):
        raise NotAllowed(f"A {person.role_name.lower()} does not read reports.")
    check_in_date(person, now, READING)
    if not can_be_asked(report):
        raise NotNow("This report waits for nobody to read it: it is not urgent, and an address of it could be read.")
    if seen != report.last_told:
        raise NotNow("More was told while you read. Read the report again, then note that you have read it.")


def check_can_be_asked(report: Report, *, waiting: int) -> None:
    """Raise NotNow unless a question may be put on the page of this report's receipt; ``waiting``: not answered yet."""
    if report.receipt is None:
        raise NotNow("The receipt of this report has ended, so nobody could read a question.")
    if not can_be_asked(report):
        raise NotNow(
            "Only a report without a usable address, or an urgent one, can be asked. A question about any other "
            "would tell whoever asks us whether its address was known."
        )
    if waiting >= MOST_WAITING:
        raise NotNow(f"{waiting} questions wait for an answer; a receipt shows up to {MOST_WAITING}. Wait for one.")


def check_question(text: str) -> None:
    """Raise NotNow for a question that is empty, too long, or holds an address."""
    length = len(text.strip())
    if not 0 < length <= LONGEST_QUESTION:
        raise NotNow(f"The question has {length} characters; it needs 1 to {LONGEST_QUESTION}.")
    if "://" in text or "www." in text.lower():
        raise NotNow("Leave addresses out of a question: others may see the page on the same device.")


def check_can_answer(answers: int) -> None:
    """Raise NotNow when a question has as many answers as it takes."""
    if answers >= MOST_ANSWERS:
        raise NotNow(
            gettext("You have answered this question %(count)d times. That is all it takes.") % {"count": answers}
        )


def check_holds_no_picture(text: str, *, where: str) -> None:
    """Raise HoldsPicture for a text that carries a picture or a video, spelt as text."""
    if without_pictures(text) != text:
        raise HoldsPicture(
            f"{where} carries a picture or a video. This hotline takes no imagery from anybody, not even as evidence: "
            "send the address at which it is, and leave the file out. Nothing of this request was kept."
        )


def check_may_sort_quarantine(person: Person) -> None:
    """Raise NotAllowed unless the person's role decides what becomes of quarantine."""
    if not person.may(Permission.SORT_QUARANTINE):
        raise NotAllowed(f"A {person.role_name.lower()} does not decide what becomes of reports in quarantine.")


def why_quarantined(*, sender_within: bool, tight_within: bool, door_within: bool, most_within: bool) -> Why | None:
    """Say which limit a report of the public pages goes over, None for none.

    A sender who stays within the usual is only held to the tight limit while the whole door is busier than usual, so
    that who reports once is heard in a flood of others who report again and again. Above ``most`` everybody waits.
    """
    if not sender_within or (not door_within and not tight_within):
        return Why.SENDER
    return None if most_within else Why.DOOR


def lane_of(why: Why | None, *, urgent: bool = False) -> Lane:
    """Return the lane of a new report. Danger is never quarantined."""
    if urgent:
        return Lane.URGENT
    return Lane.ORDINARY if why is None else Lane.QUARANTINE


def check_keeps_sweeps(person: Person) -> None:
    """Raise NotAllowed unless the person's role keeps sweeps."""
    if not person.may(Permission.KEEP_SWEEPS):
        raise NotAllowed(
            f"A {person.role_name.lower()} does not keep sweeps; an operator, senior analyst or manager does."
        )


def check_keeps_partners(person: Person) -> None:
    """Raise NotAllowed unless the person's role adds partners and asks for their keys."""
    if not person.may(Permission.KEEP_PARTNERS):
        raise NotAllowed(f"A {person.role_name.lower()} does not keep partners; a manager or operator does.")


def check_every(hours: int) -> None:
    """Raise NotNow for a schedule that is too tight or too wide."""
    if not LEAST_HOURS <= hours <= MOST_HOURS:
        raise NotNow(f"Every {hours} hours is not possible; every {LEAST_HOURS} to {MOST_HOURS} hours is.")


def check_authority_told(approver: str, instrument: str, jurisdiction: str, until: datetime, now: datetime) -> None:
    """Raise NotNow unless it is said who gave the authority, under what, whose law that is, and for how long."""
    told = {"who gave it": approver, "the law or agreement": instrument}
    for what, text in told.items():
        if not 0 < len(text.strip()) <= LONGEST_TOLD:
            raise NotNow(f"Of the authority, {what} is needed, in up to {LONGEST_TOLD} characters.")
    if not 0 < len(jurisdiction.strip()) <= LONGEST_JURISDICTION:
        raise NotNow("Say whose law the authority is given under, as GB.")
    if not now < until <= now + LONGEST_AUTHORITY:
        raise NotNow(
            f"The authority is to hold until {until:%Y-%m-%d}. A sweep needs a day to come, within a year; "
            "then two people look at it again."
        )


def check_sweep_move(sweep: Sweep, operation: str) -> SweepState:
    """Return the state that an operation leads to. Raises NotNow when it does not fit the present one."""
    moves = SWEEP_TRANSITIONS[SweepState(sweep.state)]
    if operation not in moves:
        raise NotNow(f"This sweep is {sweep.state}, so this cannot be done: {operation.replace('_', ' ')}.")
    return moves[operation]


def check_sweep_holds(sweep: Sweep, now: datetime) -> None:
    """Raise AuthorityMissing unless the sweep runs and the authority recorded on it is in force now."""
    if sweep.state != SweepState.RUNNING:
        raise AuthorityMissing(f"Nothing may be fetched for this sweep: it is {sweep.state}.")
    if now >= sweep.until:
        raise AuthorityMissing(
            f"Nothing may be fetched for this sweep: its authority ended on {sweep.until:%Y-%m-%d}. "
            "Two people can agree on a new one."
        )
