"""The story in one file: after which event which step follows.

1 received and 2 screened (intake) → 3 captured and 4 examined (evidence) → 5 triaged (triage) → 6 assessed
(assessment) → 7 listed (hashlists), 8 removed (removal), 9 referred (referral). Sorting sheets, assessments, approvals
and hand-overs are people's steps: nothing here takes them. What falls due by the clock is in ``due``.
"""

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from openhotline.assessment.events import BasesDue, DecisionsCorrected, ItemDecided, OutcomesChanged, VictimFlagged
from openhotline.assessment.queries import (
    addresses_of,
    at_hand,
    conclusions_of,
    confirmed_among,
    decided_items,
    listables,
    reserved,
)
from openhotline.assessment.services.ask_reassessment import ask_reassessment
from openhotline.assessment.services.queue_items import queue_items
from openhotline.assessment.services.reorder_turns import reorder_turns
from openhotline.assessment.states import Source
from openhotline.audit.models.taken_back import Certificate
from openhotline.core.clock import now as clock_now
from openhotline.core.events import follow
from openhotline.core.held_back import hold_back_while
from openhotline.evidence.events import ItemsExamined, ItemsSealed, ItemsSeenAgain
from openhotline.evidence.policies import Reason, register_reason_to_keep, register_reason_to_see
from openhotline.evidence.queries import destroyed_of, items_at_swept, reports_of_items
from openhotline.evidence.services.capture_addresses import capture_addresses
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.services.note_conclusions import note_conclusions
from openhotline.evidence.services.restore import follow_restore, follow_taken_back
from openhotline.evidence.services.seal_finds import seal_finds
from openhotline.evidence.services.visit_page import Pace, visit_page
from openhotline.forecast.events import StudiesAsked
from openhotline.forecast.services.make_study import make_study
from openhotline.hashlists.events import (
    EditionsDue,
    EntriesListed,
    EntriesMoved,
    EntriesQuestioned,
    EntriesRevised,
    EntriesWithdrawn,
    KnownFilesAdded,
    KnownPicturesChanged,
    MembersAdmitted,
    ReleasePublished,
    SealedReleased,
)
from openhotline.hashlists.models import Listable, Member, SelfReportedHash
from openhotline.hashlists.policies import may_be_listed
from openhotline.hashlists.queries import (
    items_of_entries,
    lookups_of_known,
    members_with,
    pictures_of_entries,
    pictures_of_known,
    published_version,
    revised_for,
    takers,
)
from openhotline.hashlists.queries.sealed import sealed_takers
from openhotline.hashlists.services.build_edition import build_edition
from openhotline.hashlists.services.build_sealed_edition import build_sealed_edition
from openhotline.hashlists.services.certify_withdrawals import ENTRY
from openhotline.hashlists.services.dispute_entries import dispute_entries, dispute_given
from openhotline.hashlists.services.hold_releases import hold_releases
from openhotline.hashlists.services.keep_self_reported import keep_self_reported
from openhotline.hashlists.services.list_items import list_items
from openhotline.hashlists.services.revise_entries import revise_entries
from openhotline.hashlists.services.serve_release import serve_moved, serve_release
from openhotline.hashlists.services.set_live import set_live
from openhotline.hashlists.services.withdraw_entries_again import withdraw_entries_again
from openhotline.hashlists.services.withdraw_self_reported import withdraw_self_reported
from openhotline.hashlists.states import SealedKind, WithdrawalReason
from openhotline.intake.events import (
    AddressScreened,
    DeviceHashesKept,
    DeviceHashesWithdrawn,
    FindsRegistered,
    ReportReceived,
    VisitsDue,
    WebhooksDue,
)
from openhotline.intake.queries import opened_codes, origins_of
from openhotline.intake.services.hand_over_device_hashes import hand_over_device_hashes
from openhotline.intake.services.screen_reports import screen_reports
from openhotline.intake.services.send_webhooks import send_webhooks
from openhotline.intake.services.set_confirmed import set_confirmed
from openhotline.intake.services.set_standing import set_standing
from openhotline.intake.services.tell_partners import News, tell_partners
from openhotline.intake.services.withdraw_again import withdraw_again
from openhotline.intake.states import Standing
from openhotline.referral.events import PoliceAnswered
from openhotline.referral.queries import items_answered
from openhotline.referral.services.draft_urgent import draft_urgent
from openhotline.referral.states import PoliceSays
from openhotline.removal.events import (
    AddressesBack,
    AddressesGone,
    ComplaintsUpheld,
    HostsFound,
    ProviderAnswered,
    RemovalsOpened,
)
from openhotline.removal.queries import addresses_of as listed_at
from openhotline.removal.queries import items_at, items_gone, mail_is_held
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.hold_mail import hold_mail
from openhotline.removal.services.open_removals import open_removals
from openhotline.removal.services.send_notices import send_notices
from openhotline.removal.services.take_answers import take_answers
from openhotline.retention.policies import register_what_is_gone
from openhotline.retention.queries import held_subjects
from openhotline.retention.services.certify_holds import HOLD
from openhotline.retention.services.hold_again import hold_again
from openhotline.triage.events import HeldEntriesChanged, ItemsCalledUp, ItemsSelected, PrioritiesChanged
from openhotline.triage.queries import (
    items_matched_by,
    items_near,
    items_with,
    sheet_showing,
    triaged_among,
)
from openhotline.triage.services.call_up import call_up
from openhotline.triage.services.judge_again import judge_again
from openhotline.triage.services.mark_decided import mark_decided
from openhotline.triage.services.triage_items import triage_items

Ids = tuple[int, ...]
MOST_AT_ONCE = 500


def connect() -> None:
    """Declare every step. Called once when all apps are loaded."""
    follow(ReportReceived, "screen", lambda ids: screen_reports(ids=ids, actor="step:screen", now=clock_now()))
    follow(DeviceHashesKept, "self_report", _self_report)
    follow(DeviceHashesWithdrawn, "self_report_withdrawn", _self_report_withdrawn)
    follow(AddressScreened, "capture", lambda ids: capture_addresses(ids=ids, now=clock_now(), clock=clock_now))
    follow(WebhooksDue, "tell", _tell)
    follow(VisitsDue, "visit", _visit)
    follow(FindsRegistered, "seal", lambda ids: seal_finds(ids=ids, now=clock_now(), clock=clock_now))
    follow(ItemsSealed, "examine", lambda ids: examine_items(ids=ids, now=clock_now()))
    follow(ItemsExamined, "triage", _triage)
    follow(ItemsSeenAgain, "judge_seen_again", lambda ids: _judge_again(triaged_among(ids)))
    follow(ItemsCalledUp, "judge_again", _judge_again)
    follow(KnownFilesAdded, "call_up", lambda ids: _call_up(items_with(lookups_of_known(ids))))
    follow(KnownPicturesChanged, "call_up", lambda ids: _call_up(items_near(pictures_of_known(ids))))
    follow(EntriesListed, "call_up", _call_up_near_entries)
    follow(EntriesWithdrawn, "call_up", _call_up_near_entries)
    follow(HeldEntriesChanged, "call_up", lambda ids: _call_up(items_matched_by(ids)))
    follow(PrioritiesChanged, "reorder", lambda ids: reorder_turns(stacks=ids, actor="step:reorder", now=clock_now()))
    follow(ItemsSelected, "queue", lambda ids: queue_items(item_ids=ids, actor="step:queue", now=clock_now()))
    follow(VictimFlagged, "draft_urgent", _draft_urgent)
    follow(ItemDecided, "push_down", _push_down)
    follow(ItemDecided, "list", _list)
    follow(BasesDue, "list", _list)
    follow(OutcomesChanged, "list_anew", lambda ids: _list_anew(ids, WithdrawalReason.LAW_CHANGED))
    follow(DecisionsCorrected, "list_anew", lambda ids: _list_anew(ids, WithdrawalReason.DECIDED_OTHERWISE))
    follow(ReleasePublished, "serve", _serve)
    follow(EditionsDue, "build_editions", lambda _releases: _build_editions(takers()))
    follow(MembersAdmitted, "build_editions", lambda ids: _build_editions(takers(ids)))
    follow(SealedReleased, "build_sealed", lambda _releases: _build_sealed_all())
    follow(MembersAdmitted, "build_sealed", _build_sealed_all)
    follow(EntriesWithdrawn, "tell_members", _tell_members)
    follow(EntriesMoved, "serve_moved", lambda ids: serve_moved(ids=ids))
    follow(EntriesRevised, "tell_members", _tell_members_revised)
    follow(EntriesRevised, "call_up", _call_up_near_entries)
    follow(EntriesQuestioned, "dispute", _dispute_by_member)
    follow(EntriesListed, "open_removals", _open_removals)
    follow(RemovalsOpened, "find_hosts", lambda ids: find_hosts(ids=ids, actor="step:find_hosts", now=clock_now()))
    follow(HostsFound, "notify", lambda ids: send_notices(ids=ids, actor="step:notify", now=clock_now()))
    follow(AddressesGone, "no_longer_live", _no_longer_live)
    follow(AddressesBack, "live_again", _live_again)
    follow(ProviderAnswered, "take_answers", lambda ids: take_answers(ids=ids, actor="step:answers", now=clock_now()))
    follow(ComplaintsUpheld, "dispute", _dispute_by_provider)
    follow(PoliceAnswered, "dispute", _dispute_by_police)
    follow(StudiesAsked, "make_studies", _make_studies)
    _answer_earlier_stages()
    _connect_restore()


def _answer_earlier_stages() -> None:
    """Tell earlier stages what only later ones know: what may be seen, and must be kept."""
    register_reason_to_see(_turn_at_hand)
    register_reason_to_see(_turn_ahead)
    register_reason_to_see(_sheet_at_hand)
    register_reason_to_keep(_legally_held)
    register_what_is_gone(destroyed_of)


def _connect_restore() -> None:
    hold_back_while(mail_is_held)
    follow_restore(_hold_all)
    follow_taken_back(_take_back_again)


def _hold_all(now: datetime) -> None:
    """Let nothing go out after a restore before people have looked: no mail or message, and no list."""
    hold_mail(actor="step:restore", now=now)
    hold_releases(actor="step:restore", now=now)


def _take_back_again(chain: Sequence[Certificate], now: datetime) -> None:
    """Take back again what the chain says was taken back since the backup."""
    by_kind: dict[str, dict[str, dict[str, Any]]] = {}
    for one in chain:
        by_kind.setdefault(one.kind, {})[one.subject] = one.content
    withdraw_again(taken={kind: list(taken) for kind, taken in by_kind.items()}, actor="step:restore", now=now)
    withdraw_entries_again(names=list(by_kind.get(ENTRY, ())), actor="step:restore", now=now)
    hold_again(taken=by_kind.get(HOLD, {}), actor="step:restore", now=now)


def _tell(messages: Ids) -> None:
    """Send each message at its own moment: the signature holds for five minutes, and a slow partner takes its time."""
    for one in messages:
        send_webhooks(ids=[one], actor="step:tell", now=clock_now())


def _visit(pages: Ids) -> None:
    """Visit pages of sweeps, each at its own moment: a site takes its time, and the authority is asked each time."""
    pace = Pace(now=clock_now, wait=time.sleep)
    for one in pages:
        visit_page(page_id=one, pace=pace, actor="step:visit", now=clock_now())


def _self_report(codes: Ids) -> None:
    """Put codes that came from devices on the self-reported list, and then take the door's copies away."""
    opened = opened_codes(codes)
    hashes = [SelfReportedHash(origin=one.origin, pdq=one.code.hash, quality=one.code.quality) for one in opened]
    keep_self_reported(hashes=hashes, actor="step:self_report", now=clock_now())
    hand_over_device_hashes(ids=[one.key for one in opened], actor="step:self_report", now=clock_now())


def _self_report_withdrawn(codes: Ids) -> None:
    origins = origins_of(codes)
    withdraw_self_reported(origins=origins, actor="step:self_report_withdrawn", now=clock_now())


def _triage(items: Ids) -> None:
    """Triage what is new; judge again what was examined anew."""
    known = triaged_among(items)
    triage_items(ids=items, actor="step:triage", now=clock_now())
    _judge_again(known)


def _judge_again(items: Sequence[int]) -> int:
    return judge_again(ids=items, actor="step:judge_again", now=clock_now()) if items else 0


def _call_up(items: Sequence[int]) -> None:
    call_up(items=items, actor="step:call_up", now=clock_now())


def _call_up_near_entries(entries: Ids) -> None:
    """Have items judged again that are exactly or nearly what entered or left our list."""
    near = items_near([pdq for _, pdq in pictures_of_entries(entries)])
    _call_up(sorted({*triaged_among(items_of_entries(entries)), *near}))


def _push_down(decisions: Ids) -> None:
    """Tell earlier stages what they keep: a stack's decision, what people concluded, an address's standing."""
    now = clock_now()
    items = decided_items(decisions)
    mark_decided(item_ids=items, actor="step:push_down", now=now)
    note_conclusions(said=conclusions_of(decisions), actor="step:push_down", now=now)
    set_standing(address_ids=addresses_of(items), standing=Standing.DECIDED, actor="step:push_down", now=now)
    set_confirmed(counts=_confirmed_at(items), actor="step:push_down", now=now)


def _confirmed_at(items: Sequence[int]) -> dict[int, int]:
    """Return, for each page that showed one of these items, how many different items seen there were confirmed."""
    seen = items_at_swept(items)
    confirmed = confirmed_among({item for found in seen.values() for item in found})
    return {page: len(found & confirmed) for page, found in seen.items()}


def _list(decisions: Ids) -> None:
    _list_or_revise(listables(decisions), "step:list")


def _list_or_revise(offered: Sequence[Listable], actor: str) -> None:
    for at in range(0, len(offered), MOST_AT_ONCE):
        some = offered[at : at + MOST_AT_ONCE]
        list_items(listables=some, actor=actor, now=clock_now())
        revise_entries(listables=some, actor=actor, now=clock_now())


def _list_anew(decisions: Ids, reason: WithdrawalReason) -> None:
    """List what now is criminal, as what it now is, and put in question what no longer is: a person decides on that."""
    offered = {one.item_id: one for one in listables(decisions) if may_be_listed(one)}
    anew = list(offered.values())
    other = [item for item in decided_items(decisions) if item not in offered]
    _list_or_revise(anew, "step:list_anew")
    for at in range(0, len(other), MOST_AT_ONCE):
        some = other[at : at + MOST_AT_ONCE]
        dispute_entries(item_ids=some, reason=reason, actor="step:list_anew", now=clock_now())


def _serve(_releases: Ids) -> None:
    """Serve all that is published by now; a step that comes late finds nothing left to do."""
    version = published_version()
    if version is not None:
        serve_release(version=version, actor="step:serve", now=clock_now())


def _build_editions(members: Sequence[Member]) -> None:
    """Build the newest edition of each member, where it is not there yet."""
    version = published_version()
    for one in members if version is not None else ():
        build_edition(member=one, version=version or 0, actor="step:build_edition", now=clock_now(), clock=clock_now)


def _tell_members(entries: Ids) -> None:
    """Tell the members whose lists hold a withdrawn entry, so that they need not wait for the next version."""
    for name, members in members_with(entries).items():
        news = News("entry.withdrawn", name, {"entry": name})
        tell_partners(partners=members, news=news, actor="step:tell_members", now=clock_now())


def _tell_members_revised(entries: Ids) -> None:
    """Tell members what an entry of theirs now is, or that it is theirs no more, as it left their streams."""
    for one in revised_for(entries):
        # Each change is told, so the message is about this one.
        about = f"{one.entry}:{one.revision}"
        for kind, members in (("entry.changed", one.changed), ("entry.withdrawn", one.gone)):
            news = News(kind, about, {"entry": one.entry})
            tell_partners(partners=members, news=news, actor="step:tell_members", now=clock_now())


def _build_sealed(kind: SealedKind, members: Sequence[Member]) -> None:
    for one in members:
        build_sealed_edition(member=one, kind=kind, actor="step:build_sealed", now=clock_now())


def _build_sealed_all(only: Ids = ()) -> None:
    """Seal the newest of each list to its members, all or only these, where they do not have it yet."""
    for kind in SealedKind:
        _build_sealed(kind, sealed_takers(kind, only))


def _dispute_by_member(entries: Ids) -> None:
    """Put in question what a member disputes."""
    _question(items_of_entries(entries), Source.MEMBER)
    dispute_given(entries=entries, actor="step:question", now=clock_now())


def _open_removals(entries: Ids) -> None:
    open_removals(address_ids=listed_at(entries), actor="step:open_removals", now=clock_now())


def _no_longer_live(removals: Ids) -> None:
    set_live(item_ids=items_gone(removals), live=False, actor="step:no_longer_live", now=clock_now())


def _live_again(removals: Ids) -> None:
    set_live(item_ids=items_at(removals), live=True, actor="step:live_again", now=clock_now())


def _dispute_by_provider(removals: Ids) -> None:
    """Put in question what a provider's complaint was upheld about."""
    _question(items_at(removals), Source.COMPLAINT)


def _draft_urgent(flags: Ids) -> None:
    """Have words for the police lie ready; a person sends them."""
    draft_urgent(flags=flags, actor="step:draft_urgent", now=clock_now())


def _dispute_by_police(answers: Ids) -> None:
    """Have decided again what the police answered about; an entry is in question only where they say it is wrong."""
    _question(items_answered(answers, PoliceSays.WRONG), Source.POLICE)
    _reassess(items_answered(answers, PoliceSays.OTHER_FINDING), Source.POLICE)


def _question(items: Sequence[int], source: Source) -> None:
    """Keep entries on the list, marked, until a person keeps or withdraws each, and have their decisions made again."""
    for at in range(0, len(items), MOST_AT_ONCE):
        some, reason = items[at : at + MOST_AT_ONCE], WithdrawalReason.FEEDBACK
        dispute_entries(item_ids=some, reason=reason, actor="step:question", now=clock_now())
    _reassess(items, source)


def _reassess(items: Sequence[int], source: Source) -> None:
    for at in range(0, len(items), MOST_AT_ONCE):
        some = items[at : at + MOST_AT_ONCE]
        ask_reassessment(item_ids=some, source=source, actor="step:question", now=clock_now())


def _legally_held(items: Sequence[str], now: datetime) -> dict[str, str]:
    """Say of items (outside ids) that a legal hold keeps, and of those of a held report, that they must stay."""
    held = held_subjects(now)
    because = {item: [item, *sorted(reports_of_items([item]))] for item in items} if held else {}
    return {
        item: held[name] if name == item else f"its report {name} must be kept: {held[name]}"
        for item, names in because.items()
        for name in reversed(names)
        if name in held
    }


def _turn_at_hand(person: str, item_id: int, now: datetime) -> Reason | None:
    """Give the turn that a person holds on an item as the reason for it to be shown."""
    turn = at_hand(person, item_id, now)
    return None if turn is None else Reason(turn.item, heavy=turn.heavy)


def _turn_ahead(person: str, item_id: int, now: datetime) -> Reason | None:
    """Give a turn that comes next as the reason for its blurred tile to be fetched ahead, and for nothing more."""
    turn = reserved(person, item_id, now)
    return None if turn is None else Reason(turn.item, reveals=False, heavy=turn.heavy)


def _sheet_at_hand(person: str, item_id: int, _now: datetime) -> Reason | None:
    """Give the sorting sheet that a person has taken as the reason for an item's tile to be shown."""
    sheet = sheet_showing(person, item_id)
    return None if sheet is None else Reason(sheet.public_id, pictures=sheet.tiles.count(), reveals=False)


def _make_studies(studies: Ids) -> None:
    for one in studies:
        make_study(study_id=one, actor="step:make_studies", now=clock_now())
