"""What falls due by the clock: every two seconds the worker asks all of it, and each does what is due by now."""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from django.conf import settings

from openhotline.accounts.services.call_on_call import call_on_call
from openhotline.assessment.queries import (
    assessed_among,
)
from openhotline.assessment.services.free_turns import free_turns
from openhotline.assessment.services.place_golden import place_golden
from openhotline.assessment.services.publish_decisions import publish_decisions
from openhotline.audit.models import ChainPlace, SecondPlace
from openhotline.audit.services.seal import seal
from openhotline.audit.services.ship_checkpoints import ship_checkpoints
from openhotline.audit.services.ship_taken_back import ship_taken_back
from openhotline.core import jobs
from openhotline.core.clock import now as clock_now
from openhotline.core.limits import forget_tallies
from openhotline.core.overdue import do_all
from openhotline.desk.queries.urgent import urgent
from openhotline.evidence.queries import captures_due, reports_of_items
from openhotline.evidence.services.capture_addresses import capture_addresses
from openhotline.evidence.services.certify_purges import certify_purges
from openhotline.evidence.services.collect_orphans import collect_orphans, part_due
from openhotline.exposure.queries import unusual_rules
from openhotline.exposure.services.delete_looks import delete_looks
from openhotline.exposure.services.end_silent_views import end_silent_views
from openhotline.exposure.services.review_looks import review_looks
from openhotline.hashlists.models.versions_out import VersionsOut
from openhotline.hashlists.queries.sealed import is_due, listed_live, running
from openhotline.hashlists.services.certify_withdrawals import certify_withdrawals
from openhotline.hashlists.services.forget_met import forget_met
from openhotline.hashlists.services.keep_live_addresses import keep_live_addresses
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.services.ship_versions import ship_versions
from openhotline.hashlists.states import SealedKind
from openhotline.intake.services.announce_stages import announce_stages
from openhotline.intake.services.certify_withdrawn import certify_withdrawn
from openhotline.intake.services.finish_abandoned import finish_abandoned
from openhotline.intake.services.forget_receipts import forget_receipts
from openhotline.intake.services.forget_reporters import forget_reporters
from openhotline.intake.services.hand_out_visits import hand_out_visits
from openhotline.intake.services.release_in_turn import release_in_turn
from openhotline.journey import MOST_AT_ONCE
from openhotline.referral.services.alert_unseconded import alert_unseconded
from openhotline.removal.queries import hosts_due, live_addresses, notices_due
from openhotline.removal.services.alert_holds import alert_holds
from openhotline.removal.services.chase_due import chase_due
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.read_letters import read_mailbox
from openhotline.removal.services.recheck_due import recheck_due
from openhotline.removal.services.send_notices import send_notices
from openhotline.retention.queries import held_subjects, record_classes
from openhotline.retention.services.certify_holds import certify_holds
from openhotline.retention.services.clear_machinery import clear_machinery
from openhotline.statistics.services.roll_up import roll_up
from openhotline.triage.queries import (
    items_to_review,
    sorted_among,
)
from openhotline.triage.services.judge_again import judge_again
from openhotline.triage.services.return_sheets import return_sheets


def release_lists(now: datetime) -> int:
    """Release the lists beside the hash list that are due and approved; return how many went out."""
    if running(SealedKind.ADDRESSES, now) is not None and is_due(SealedKind.ADDRESSES, now):
        follow_removals(now)
    return sum(release_sealed(kind=kind, actor="step:tick", now=now) is not None for kind in SealedKind)


def follow_removals(now: datetime) -> None:
    """Push down which addresses are live, as their removals' re-checks saw it last."""
    live = live_addresses()
    over = sorted(set(listed_live()) - set(live))
    for some, there in ((live, True), (over, False)):
        for at in range(0, len(some), MOST_AT_ONCE):
            keep_live_addresses(address_ids=some[at : at + MOST_AT_ONCE], live=there, actor="step:tick", now=now)


def _recheck(now: datetime) -> int:
    seen = recheck_due(actor="step:tick", now=now, clock=clock_now)
    return seen.present + seen.missed + seen.unclear


def _capture_again(now: datetime) -> int:
    return len(capture_addresses(ids=captures_due(now, limit=2), actor="step:tick", now=now, clock=clock_now))


def _review_places(now: datetime) -> int:
    items = items_to_review(now, MOST_AT_ONCE)
    return judge_again(ids=items, actor="step:tick", now=now) if items else 0


class Seldom:
    """Something that need not be done at every tick: at most once in a while in each process."""

    def __init__(self, every: timedelta, do: Callable[[datetime], int]) -> None:
        self.every, self.do = every, do
        self.last: datetime | None = None

    def __call__(self, now: datetime) -> int:
        """Do it when that long has gone by; return how much was done."""
        if self.last is not None and timedelta(0) <= now - self.last < self.every:
            return 0
        done = self.do(now)
        self.last = now
        return done


def end_records(now: datetime) -> int:
    """End what the retention table ends by itself, a batch of each class; return of how many records."""
    limits = {name: before for name, one in record_classes().items() if (before := one.before(now))}
    done = forget_reporters(
        before=limits["what_reporters_told"], keep=lambda: _held_reports(now), actor="step:tick", now=now
    )
    done += forget_receipts(before=limits["receipts"], actor="step:tick", now=now)
    done += delete_looks(before=limits["looks"], keep=lambda: held_subjects(now), actor="step:tick", now=now)
    done += forget_met(before=limits["met_by_members"], actor="step:tick", now=now)
    # A day's grace is the table's; `tick` forgets them as soon as they are over.
    done += forget_tallies(before=limits["tallies"])
    over = {name: limits[name] for name in ("announcements", "jobs", "sessions")}
    return done + clear_machinery(**over, actor="step:tick", now=now)


def _held_reports(now: datetime) -> set[str]:
    held = held_subjects(now)
    return {*held, *reports_of_items(held)}


def review(now: datetime) -> int:
    """Tell the auditor of unusual looks; return of how many."""
    rules = unusual_rules()
    return len(review_looks(rules=rules, settled=_settled, actor="step:tick", now=now))


def _settled(person: str, items: Collection[str]) -> set[str]:
    return assessed_among(person, items) | sorted_among(person, items)


def _call(now: datetime) -> int:
    return call_on_call(since=[one.since for one in urgent(now)], actor="step:tick", now=now)


def _ship() -> int:
    return 0 if settings.AUDIT_SHIP is None else ship_checkpoints(to=SecondPlace(settings.AUDIT_SHIP))


def _certify(now: datetime) -> int:
    done = certify_withdrawn(actor="step:tick", now=now) + certify_withdrawals(actor="step:tick", now=now)
    return done + certify_holds(actor="step:tick", now=now)


def _ship_taken_back() -> int:
    return 0 if settings.AUDIT_SHIP is None else ship_taken_back(to=ChainPlace(settings.AUDIT_SHIP))


def _ship_versions() -> int:
    return 0 if settings.AUDIT_SHIP is None else ship_versions(to=VersionsOut(settings.AUDIT_SHIP))


DUE: dict[str, Callable[[datetime], int]] = {
    "reports finished for people who left": lambda now: finish_abandoned(actor="step:tick", now=now),
    "reports released in their turn": Seldom(
        timedelta(minutes=1), lambda now: release_in_turn(actor="step:tick", now=now)
    ),
    "partners told": lambda now: announce_stages(actor="step:tick", now=now),
    "sheets returned": lambda now: return_sheets(actor="step:tick", now=now),
    "turns freed": lambda now: free_turns(actor="step:tick", now=now),
    "places in the order reviewed": _review_places,
    "golden items placed": Seldom(timedelta(minutes=10), lambda now: place_golden(actor="step:tick", now=now)),
    "decisions published": lambda now: publish_decisions(actor="step:tick", now=now),
    "hosts asked again": lambda now: find_hosts(ids=hosts_due(now), actor="step:tick", now=now),
    "notices sent again": lambda now: len(send_notices(ids=notices_due(now), actor="step:tick", now=now)),
    "people on call told": _call,
    "urgent referrals without a second person told": lambda now: alert_unseconded(actor="step:tick", now=now),
    "addresses checked again": _recheck,
    "removals chased": lambda now: chase_due(actor="step:tick", now=now),
    "police holds run out": lambda now: alert_holds(actor="step:tick", now=now),
    "addresses captured again": _capture_again,
    "visits of sweeps handed out": lambda now: hand_out_visits(actor="step:tick", now=now),
    "looks of killed browsers ended": lambda now: end_silent_views(actor="step:tick", now=now),
    "orphans collected": lambda now: collect_orphans(parts=[part_due(now)], actor="step:tick", now=now),
    "lists released by the clock": Seldom(timedelta(minutes=5), release_lists),
    "log sealed": lambda now: int(seal(now=now, thorough=False) is not None),
    "log sealed thoroughly": Seldom(timedelta(minutes=10), lambda now: int(seal(now=now) is not None)),
    "purges certified": lambda now: certify_purges(actor="step:tick", now=now),
    "what people took back certified": Seldom(timedelta(minutes=1), _certify),
    # Before the checkpoints: what was taken back is never behind them.
    "what was taken back shipped": lambda _now: _ship_taken_back(),
    "checkpoints shipped": lambda _now: _ship(),
    "versions of lists shipped": lambda _now: _ship_versions(),
    "jobs given back": lambda _now: jobs.sweep(),
    "tallies forgotten": Seldom(timedelta(minutes=10), lambda now: forget_tallies(before=now)),
    "days counted": Seldom(timedelta(minutes=10), lambda now: roll_up(actor="step:tick", now=now)),
    "mail of providers read": Seldom(timedelta(minutes=5), lambda now: read_mailbox(actor="step:tick", now=now)),
    "unusual looks told": Seldom(timedelta(minutes=1), review),
    "records ended by the retention table": Seldom(timedelta(hours=1), end_records),
}


def tick(*, now: datetime) -> dict[str, int]:
    """Do what has fallen due by now; return how much of each. Raises ExceptionGroup once all was tried."""
    return do_all(DUE, now)
