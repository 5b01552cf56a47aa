"""What waits for a person."""

from dataclasses import dataclass
from datetime import datetime

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approvals_for
from openhotline.accounts.states import ApprovalState, Permission
from openhotline.assessment.models import Turn
from openhotline.assessment.queries import queue_length
from openhotline.assessment.queries.handover import complaints_open
from openhotline.assessment.states import Opinion, TurnState
from openhotline.desk.queries.urgent import urgent
from openhotline.exposure.queries import alerts_waiting
from openhotline.hashlists.queries import disputes_waiting
from openhotline.hashlists.queries.sealed import held_routines
from openhotline.intake.models import Quarantined
from openhotline.intake.queries import reports_waiting
from openhotline.referral.queries import urgent_waiting
from openhotline.removal.models import Removal
from openhotline.removal.queries.abroad import handed_in_open
from openhotline.removal.queries.complaints import complaints_open as takedown_complaints_open
from openhotline.removal.queries.contacts import contacts_waiting
from openhotline.removal.queries.holding import holds_run_out
from openhotline.removal.states import OVER, RemovalState
from openhotline.triage.queries import held_waiting, waiting_stacks

MOST = 1000
UNDER_WAY = tuple(state for state in RemovalState if state not in OVER)


@dataclass(frozen=True)
class Waiting:
    """Counts up to 1,000 of what waits; ``second`` and ``third`` are part of ``turns``."""

    stacks: int
    turns: int
    second: int
    third: int
    reports: int
    removals: int
    approvals: int
    alerts: int = 0
    quarantine: int = 0
    disputes: int = 0
    held: int = 0
    urgent: int = 0
    on_call: int | None = None
    complaints: int | None = None
    providers: int = 0
    abroad: int = 0
    holds_over: int = 0
    provider_complaints: int = 0
    routines_held: int = 0

    @property
    def lists(self) -> int | None:
        """Entries that wait for a person, in question or held, and lists that hold something back; None for none."""
        return self.disputes + self.held + self.routines_held or None


def waiting(person: Person, now: datetime) -> Waiting:
    """Count what waits, and of approvals those that this person may give."""
    return Waiting(
        stacks=waiting_stacks(MOST),
        turns=queue_length(MOST),
        second=_turns(Opinion.SECOND),
        third=_turns(Opinion.THIRD),
        reports=reports_waiting()[:MOST].count(),
        removals=Removal.objects.filter(state__in=UNDER_WAY)[:MOST].count(),
        approvals=sum(
            one.asked_by != person.public_id or one.state == ApprovalState.TYPED for one in approvals_for(person, now)
        ),
        alerts=alerts_waiting() if person.may(Permission.READ_ALERTS) else 0,
        quarantine=Quarantined.objects.waiting()[:MOST].count(),
        disputes=disputes_waiting()[:MOST].count() if person.may(Permission.HANDLE_LISTS) else 0,
        held=held_waiting() if person.may(Permission.HANDLE_LISTS) else 0,
        routines_held=len(held_routines(now)) if person.may(Permission.HANDLE_LISTS) else 0,
        on_call=len(urgent(now)) or None if person.may(Permission.READ_REPORTS) else None,
        complaints=complaints_open() or None if person.may(Permission.ANSWER_COMPLAINTS) else None,
        urgent=urgent_waiting() if person.may(Permission.READ_REPORTS) else 0,
        **(_of_removals(now) if person.may(Permission.KEEP_REMOVALS) else {}),
    )


def _of_removals(now: datetime) -> dict[str, int]:
    return {
        "providers": contacts_waiting()[:MOST].count(),
        "abroad": handed_in_open()[:MOST].count(),
        "holds_over": holds_run_out(now)[:MOST].count(),
        "provider_complaints": takedown_complaints_open()[:MOST].count(),
    }


def _turns(opinion: Opinion) -> int:
    return Turn.objects.filter(state=TurnState.WAITING, opinion=opinion)[:MOST].count()


def next_place(person: Person, counts: Waiting) -> str:
    """Return the route where this person's next piece of work lies; empty when nothing of theirs waits."""
    assesses = person.may(Permission.ASSESS)
    if assesses and counts.turns:
        return "desk_next"
    if assesses and counts.stacks:
        return "desk_sheet_next"
    if counts.alerts:
        return "desk_alerts"
    return "desk_approve" if counts.approvals else ""
