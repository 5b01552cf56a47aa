"""How evidence, sorting, assessments and referrals end: what people recorded of a picture, and of whom it may show.

A file is destroyed by its purge. What ends here are the facts beside it. A file that was found, sorted, decided and
referred is counted, each with few codes: these stay.
"""

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from openhotline.assessment.models import Complaint, Decision, HandoverNote
from openhotline.assessment.states import LIVE_DECISIONS, ComplaintState, DecisionState, ReassessmentState, TurnState
from openhotline.endings.models.rows import NOW, Ends, Kept, Part, Records, blank, goes
from openhotline.evidence.models import Item
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState
from openhotline.law.models import Facts
from openhotline.referral.models import Referral, UrgentDraft, UrgentReferral
from openhotline.referral.states import ReferralState, UrgentDraftState
from openhotline.removal.models import Removal
from openhotline.removal.states import OVER
from openhotline.statistics.queries.cohort import FACTS
from openhotline.triage.models import HeldEntry, SortingSheet
from openhotline.triage.states import HeldState, SelectionState

_REPORTS_OF_ITEM = (
    "sightings__report__public_id",
    "sightings__address__reported__report__public_id",
    "sightings__page__reported__report__public_id",
)
_NOT_PURGED = Kept(
    Q(tombstone=None), "its file is still here. Purge it first: openhotline purge draft --reason retention_ended."
)
# An entry that ended says of no law any more why it was listed.
_LISTED = Entry.objects.exclude(item=None).exclude(provision="").values("item")


def _being_removed(rows: QuerySet[Item]) -> QuerySet[Item]:
    open_ones = Removal.objects.exclude(state__in=OVER).values("address")
    return rows.filter(Q(sightings__address__in=open_ones) | Q(sightings__page__in=open_ones))


_OPEN_REMOVAL = Kept(_being_removed, "an address that shows it is not gone yet, and is looked at by its hash.")


def _items(before: Any) -> Any:
    aside = Q(selection__state=SelectionState.SET_ASIDE, selection__at__lt=before)
    return (
        Item.objects.filter(aside | Q(decided__decision__published_at__lt=before))
        .order_by("sealed_at", "pk")
        .distinct()
    )


EVIDENCE = Ends(
    (
        Records(
            model="evidence.Item",
            prefix="itm",
            due=_items,
            subjects=("public_id", *_REPORTS_OF_ITEM),
            kept=(_NOT_PURGED, _OPEN_REMOVAL),
            parts=(
                goes("evidence.Rendition", "item"),
                goes("evidence.VideoFrame", "video__item", where=~Q(video__item__in=_LISTED)),
                goes("evidence.Video", "item", where=~Q(item__in=_LISTED)),
                # The hashes are what an entry of the hash list is made of: of an item with one they go with the entry.
                blank(
                    "evidence.Item",
                    where=~Q(pk__in=_LISTED),
                    lookup=F("public_id"),
                    digests="{}",
                    pdq=None,
                    quality=None,
                    pdq_canonical="",
                ),
                blank(
                    "evidence.Item",
                    format="",
                    width=None,
                    height=None,
                    ai_involvement="",
                    real_basis="",
                    suspects_altered_real=None,
                    provenance=None,
                    provenance_sealed=None,
                ),
            ),
        ),
    ),
    stays={
        "evidence.Sighting": "counted: a file that was found, and when; where it was found ends with the address",
        "evidence.EvidenceWrite": "digests that the log vouches for; what they are of is gone",
    },
)

SORTING = Ends(
    (
        Records(
            model="evidence.Item",
            prefix="itm",
            due=_items,
            subjects=("public_id", *_REPORTS_OF_ITEM),
            kept=(_NOT_PURGED,),
            parts=(
                goes("triage.Match", "item"),
                goes("triage.Fingerprint", "item"),
                goes("triage.SecondLook", "item"),
                goes("triage.SheetTile", "item"),
                goes("triage.StackMember", "item"),
                blank("triage.Stack", "leader", points=0, reasons=[], waiting=False),
                blank("triage.Selection", "item", points=0, reasons=[], review_at=None),
            ),
        ),
        Records(
            model="triage.SortingSheet",
            prefix="sht",
            due=lambda before: SortingSheet.objects.filter(done_at__lt=before).order_by("pk"),
            kept=(Kept(Q(tiles__isnull=False), "an item on it is still here. End that first."),),
            parts=(goes("triage.SortingSheet"),),
        ),
        Records(
            model="triage.HeldEntry",
            prefix="hld",
            due=lambda before: HeldEntry.objects.filter(held_at__lt=before).order_by("pk"),
            kept=(Kept(Q(state=HeldState.HELD), "nobody has decided on it yet."),),
            parts=(goes("triage.HeldEntry"),),
        ),
    ),
)


def counted_facts(facts: dict[str, str]) -> dict[str, str]:
    """Return facts of which only those are left that figures are parted by; all else is not determined."""
    return Facts().to_dict() | {name: facts[name] for name in FACTS if name in facts}


# Opinions go with the last decision on their item: a later one may rest on them.
_NOTHING_STANDS = Q(~Exists(Decision.objects.filter(item=OuterRef("item"), ended_at=None, state__in=LIVE_DECISIONS)))
_SUBJECTS_OF_DECISION = (
    "item__public_id",
    "covers__item__public_id",
    *(f"item__{way}" for way in _REPORTS_OF_ITEM),
    *(f"covers__item__{way}" for way in _REPORTS_OF_ITEM),
)

ASSESSMENTS = Ends(
    (
        Records(
            model="assessment.Decision",
            prefix="dec",
            due=lambda before: Decision.objects.filter(
                Q(published_at__lt=before) | Q(published_at=None, made_at__lt=before)
            ).order_by("made_at", "pk"),
            subjects=_SUBJECTS_OF_DECISION,
            kept=(
                Kept(Q(state=DecisionState.PROVISIONAL), "it was not published yet."),
                Kept(Q(reassessments__state=ReassessmentState.OPEN), "it is in question, and is being decided again."),
                Kept(
                    Q(item__turns__isnull=False) & ~Q(item__turns__state=TurnState.DONE),
                    "somebody's opinion on it is still asked for.",
                ),
                Kept(
                    Q(covers__item__entry__state=EntryState.ACTIVE) | Q(item__entry__state=EntryState.ACTIVE),
                    "the hash list has what it decided. Withdraw that first: openhotline list withdraw.",
                ),
            ),
            parts=(
                Part("assessment.Decision", columns={"ended_at": NOW}, rewrites={"facts": counted_facts}),
                goes("assessment.Turn", "item__decisions", where=_NOTHING_STANDS),
                blank("assessment.Assessment", "item__decisions", where=_NOTHING_STANDS, facts={}, note=None),
                blank("assessment.Assessment", "item__decided__decision", where=_NOTHING_STANDS, facts={}, note=None),
                blank("assessment.Outcome", "decision", trace=[]),
                blank("assessment.OutcomeChange", "decision", trace_before=[]),
                blank("assessment.Reassessment", "decision", note=None),
            ),
        ),
        Records(
            model="assessment.Complaint",
            prefix="cmp",
            due=lambda before: Complaint.objects.filter(received_at__lt=before).order_by("pk"),
            subjects=(
                "reassessment__decision__item__public_id",
                *(f"reassessment__decision__item__{way}" for way in _REPORTS_OF_ITEM),
            ),
            kept=(Kept(~Q(state=ComplaintState.ANSWERED), "it was not answered yet."),),
            parts=(blank("assessment.Complaint", what=""),),
        ),
        Records(
            model="assessment.HandoverNote",
            prefix="hnd",
            due=lambda before: HandoverNote.objects.filter(written_at__lt=before).order_by("pk"),
            kept=(Kept(Q(ended_at=None), "it still stands on its queue. Take it away there first."),),
            parts=(goes("assessment.HandoverNote"),),
        ),
    ),
    stays={
        "assessment.Decided": "counted: that a file was decided, and by which decision",
        "assessment.Rederivation": "counts of one pass of changed law",
        "assessment.VictimFlag": "that and when a flag was looked after; of whom it is ended with the opinion",
    },
)

_UNANSWERED = Kept(
    Q(items__answers__decision__reassessments__state=ReassessmentState.OPEN),
    "what the police answered is being decided again.",
)

REFERRALS = Ends(
    (
        Records(
            model="referral.Referral",
            prefix="ref",
            due=lambda before: Referral.objects.filter(
                Q(built_at__lt=before) | Q(built_at=None, drafted_at__lt=before)
            ).order_by("pk"),
            subjects=("items__item__public_id", *(f"items__item__{way}" for way in _REPORTS_OF_ITEM)),
            kept=(
                Kept(
                    Q(state__in=[ReferralState.DRAFTED, ReferralState.BUILT]),
                    "it was not handed over yet. Hand it over, or withdraw it.",
                ),
                _UNANSWERED,
            ),
            parts=(
                blank("referral.PoliceAnswer", "referred__referral", words=None),
                blank("referral.Referral", manifest="", reference=None),
            ),
        ),
        Records(
            model="referral.UrgentReferral",
            prefix="urg",
            due=lambda before: UrgentReferral.objects.filter(sent_at__lt=before).order_by("pk"),
            subjects=("report", "answers__item__public_id"),
            kept=(Kept(Q(second_at=None), "no second person has signed it yet."),),
            parts=(
                blank("referral.PoliceAnswer", "urgent", words=None),
                blank("referral.UrgentDraft", "sent", words=""),
                blank("referral.UrgentReferral", content=""),
            ),
        ),
        Records(
            model="referral.UrgentDraft",
            prefix="urd",
            due=lambda before: UrgentDraft.objects.filter(sent=None, drafted_at__lt=before).order_by("pk"),
            subjects=("report", "flag__assessment__item__public_id"),
            kept=(
                Kept(
                    Q(state=UrgentDraftState.DRAFTED, flag__ended_at=None),
                    "nobody has sent it, or left it. Somebody has to.",
                ),
            ),
            parts=(blank("referral.UrgentDraft", words=""),),
        ),
    ),
    stays={"referral.ReferredItem": "counted: that a file was referred, and in which package"},
)
