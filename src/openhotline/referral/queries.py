"""Reading referrals, and what a package says of an item."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from fileorigin import written
from openhotline.assessment.models import Decided, Decision, Outcome, Reassessment
from openhotline.assessment.states import ReassessmentState
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.queries import digests_of, file_evidence, unseen_items
from openhotline.hashlists.policies import category_in_words
from openhotline.law.states import FACTS, AiInvolvement, Answer
from openhotline.referral.models import PoliceAnswer, Referral, ReferredItem, UrgentDraft, UrgentReferral
from openhotline.referral.models.documents import NOT_EXAMINED, Told
from openhotline.referral.states import (
    AI_STATEMENTS,
    PRIORITY_REASONS,
    QUESTIONING,
    CameOfAnswer,
    PoliceSays,
    ReferralState,
    UrgentDraftState,
)

NOT_DETERMINED = "not_determined"


@dataclass(frozen=True)
class Answered:
    """An answer of the police: to which referral or urgent words (keys), about which item, and what came of it here.

    ``item``: its outside id, "" where urgent words were about none.
    """

    referral: int | None
    urgent: int | None
    item: str
    answer: PoliceAnswer
    came: CameOfAnswer


def package_path(referral: str) -> Path:
    """Return where the package of a referral (by outside id) lies."""
    return Path(settings.VAR) / "packages" / f"{referral}.age"


def withdrawal_path(referral: str) -> Path:
    """Return where the sealed withdrawal of a referral lies."""
    return Path(settings.VAR) / "packages" / f"{referral}.withdrawn.age"


def partner_folder() -> Path:
    """Return the folder that stands for the partner's letter box in practice."""
    return Path(settings.VAR) / "packages" / "handed-over"


def to_withdraw() -> list[Referral]:
    """Return referrals that went out of which an item would not be referred any more: a person decides on each."""
    sent = (ReferralState.BUILT, ReferralState.HANDED_OVER, ReferralState.RECEIVED)
    still = for_police().values("item")
    items = ReferredItem.objects.filter(referral__state__in=sent).exclude(item__in=still)
    return list(Referral.objects.filter(pk__in=items.values("referral")).order_by("pk"))


def items_answered(answers: Sequence[int], says: PoliceSays) -> list[int]:
    """Return the items of these answers (keys) of the police that say this and put a decision in question."""
    rows = PoliceAnswer.objects.filter(pk__in=answers, says=says, decision__isnull=False)
    return sorted({item for item in rows.values_list("item", flat=True) if item is not None})


def answers_about(items: Sequence[int] | QuerySet[Any, Any]) -> list[Answered]:
    """Return what the police say otherwise about these items, oldest first, with what came of each.

    *Otherwise* is another outcome anywhere, or another answer on AI or on a real child.
    """
    return _with_what_came(PoliceAnswer.objects.filter(item__in=items, says__in=QUESTIONING))


def answers_to_urgent(urgent: Sequence[UrgentReferral]) -> list[Answered]:
    """Return what the police answered to urgent words, oldest first, with what came of each."""
    return _with_what_came(PoliceAnswer.objects.filter(urgent__in=urgent))


def _with_what_came(rows: QuerySet[PoliceAnswer]) -> list[Answered]:
    related = rows.select_related("decision", "item", "referred")
    answers = list(related.defer("item__provenance", "item__provenance_sealed").order_by("pk"))
    before = {one.decision.pk: one.decision for one in answers if one.decision}
    asked = Reassessment.objects.filter(decision__in=before).order_by("pk")
    stands = dict(asked.values_list("decision_id", "state"))
    covering = Decided.objects.filter(item__in=[one.item_id for one in answers]).select_related("decision")
    now_by_item = {one.item_id: one.decision for one in covering}
    outcomes = _letters([*before, *(one.pk for one in now_by_item.values())])

    def came(one: PoliceAnswer) -> CameOfAnswer:
        if one.decision is None:
            return CameOfAnswer.KEPT
        state = stands.get(one.decision.pk)
        if state != ReassessmentState.ANSWERED:
            return CameOfAnswer.AGAIN if state else CameOfAnswer.WAITS
        now = now_by_item.get(one.item_id or 0)
        if now is None or outcomes[now.pk] != outcomes[one.decision.pk]:
            return CameOfAnswer.OTHERWISE
        same = all(now.facts.get(fact) == one.decision.facts.get(fact) for fact in ("ai_involvement", "real_child"))
        return CameOfAnswer.STANDS if same else CameOfAnswer.OTHERWISE

    return [
        Answered(
            referral=one.referred.referral_id if one.referred else None,
            urgent=one.urgent_id,
            item=one.item.public_id if one.item else "",
            answer=one,
            came=came(one),
        )
        for one in answers
    ]


def _letters(decisions: Sequence[int]) -> dict[int, set[tuple[str, str, str]]]:
    """Return what each decision is in each place, by key of the decision."""
    found: dict[int, set[tuple[str, str, str]]] = defaultdict(set)
    for key, *said in Outcome.objects.filter(decision__in=decisions).values_list(
        "decision_id", "jurisdiction", "kind", "category"
    ):
        found[key].add((said[0], said[1], said[2]))
    return found


def urgent_newest(most: int = 50) -> list[UrgentReferral]:
    """Return urgent referrals: those that wait for a second person first, by when it is due; then the newest."""
    waiting = UrgentReferral.objects.filter(second_at=None).order_by("second_due_at", "pk")
    return [*waiting, *UrgentReferral.objects.exclude(second_at=None).order_by("-sent_at", "-pk")[:most]]


def urgent_drafts() -> list[UrgentDraft]:
    """Return the drafts that nobody has sent or left, oldest first, of flags that still stand."""
    return list(_open_drafts().select_related("flag").order_by("drafted_at", "pk"))


def _open_drafts() -> QuerySet[UrgentDraft]:
    return UrgentDraft.objects.filter(state=UrgentDraftState.DRAFTED, flag__ended_at=None)


def urgent_words(urgent: UrgentReferral) -> str:
    """Return the words that were sent."""
    return str(json.loads(urgent.content)["words"])


def urgent_waiting() -> int:
    """Return how many urgent referrals wait for a second person, and how many drafts wait to be sent."""
    return UrgentReferral.objects.filter(second_at=None).count() + _open_drafts().count()


def referred(item_ids: Sequence[int]) -> dict[int, Referral]:
    """Return item key -> the referral that holds it; items in none are left out."""
    rows = ReferredItem.objects.filter(item__in=item_ids).select_related("referral")
    return {row.item_id: row.referral for row in rows}


def counts() -> dict[str, int]:
    """Return how many referrals stand in each state."""
    return {state: Referral.objects.filter(state=state).count() for state in ReferralState}


def for_police(jurisdiction: str = "") -> QuerySet[Decided]:
    """Return what may go to the police: decided items with a criminal outcome, in this place or anywhere.

    So may a picture that could not be opened here, as long as its outcome is not determined: the police may be able to
    open it. Whether AI was involved plays no part: AI evidence never cancels a referral.
    """
    outcomes = Outcome.objects.filter(jurisdiction=jurisdiction) if jurisdiction else Outcome.objects.all()
    criminal, undetermined = (outcomes.filter(criminal=said).values("decision") for said in (True, None))
    unseen = unseen_items().values("pk")
    return Decided.objects.filter(Q(decision__in=criminal) | Q(decision__in=undetermined, item__in=unseen))


def referable(item_ids: Sequence[int]) -> dict[int, Decision]:
    """Return item key -> the published decision that covers it, for items that may go to the police."""
    rows = for_police().filter(item__in=item_ids)
    return {row.item_id: row.decision for row in rows.select_related("decision")}


def told_of(decisions: dict[int, Decision]) -> list[dict[str, Any]]:
    """Return what the manifest says of each item, by key; nothing unset is left out or said to be "no"."""
    items = Item.objects.filter(pk__in=decisions).order_by("pk").defer("provenance", "provenance_sealed")
    seen = _seen(list(decisions))
    outcomes = {decision.pk: _outcomes(decision) for decision in {d.pk: d for d in decisions.values()}.values()}
    return [_told(item, decisions[item.pk], outcomes[decisions[item.pk].pk], seen[item.pk]) for item in items]


def _told(item: Item, decision: Decision, outcomes: list[dict[str, str]], seen: list[dict[str, str]]) -> dict[str, Any]:
    facts = {name: decision.facts.get(name) or NOT_DETERMINED for name in FACTS}
    return {
        "item": item.public_id,
        "file": file_name(item),
        "bytes": item.bytes,
        "format": item.format or NOT_EXAMINED,
        "hashes": {**digests_of(item), "pdq": item.pdq or NOT_DETERMINED},
        "assessed": facts,
        "ai_statement": AI_STATEMENTS[AiInvolvement(facts["ai_involvement"])],
        "consensus": decision.consensus,
        "file_evidence": {
            "ai_involvement": item.ai_involvement or NOT_EXAMINED,
            "real_basis": item.real_basis or NOT_EXAMINED,
            "suspects_altered_real": _suspects(item),
        },
        "outcomes": outcomes,
        "seen": seen,
        "priority": priority_of(facts),
        "custody": _custody(item, decision),
    }


def _suspects(item: Item) -> str:
    """Return whether the file suggests that a real picture lies underneath; that nothing does is no "no"."""
    if item.suspects_altered_real is None:
        return NOT_EXAMINED
    return Answer.YES if item.suspects_altered_real else NOT_DETERMINED


def evidence_of(items: Sequence[int] | QuerySet[Any, Any]) -> Iterator[Told]:
    """Yield the open file evidence of items whole, by key, with its sentences; some hundred are in memory at a time."""
    rows = Item.objects.filter(pk__in=items).order_by("pk").defer("provenance_sealed")
    for item in rows.iterator(chunk_size=200):
        found = file_evidence(item)
        yield item.public_id, written(found) if found else None


def priority_of(facts: Mapping[str, str]) -> dict[str, Any]:
    """Return whether an item comes first, as a real child may need help, with the reasons; never a "no"."""
    reasons = [words for fact, values, words in PRIORITY_REASONS.values() if facts.get(fact) in values]
    return {"first": Answer.YES if reasons else NOT_DETERMINED, "reasons": reasons}


def _custody(item: Item, decision: Decision) -> list[dict[str, str]]:
    """Return what was done with the file and when; by whom stays in the audit log."""
    steps = (
        ("Sealed, before anything read it,", item.sealed_at),
        ("Examined in the sandbox", item.examined_at),
        ("Assessed", decision.made_at),
        ("Decision published", decision.published_at),
    )
    return [{"what": what, "at": at.isoformat()} for what, at in steps if at]


def file_name(item: Item) -> str:
    """Return the name of an original inside the package."""
    return f"originals/{item.public_id}.{re.sub('[^a-z0-9]', '', item.format.lower()) or 'bin'}"


def _outcomes(decision: Decision) -> list[dict[str, str]]:
    criminal = {True: Answer.YES, False: Answer.NO, None: Answer.NOT_DETERMINED}
    return [
        {
            "jurisdiction": row.jurisdiction,
            "as_of": row.as_of.isoformat(),
            "kind": row.kind,
            "category": category_in_words(row.kind, row.category),
            "criminal": criminal[row.criminal],
            "provision": row.provision or NOT_DETERMINED,
        }
        for row in decision.outcomes.order_by("jurisdiction")
    ]


def _seen(items: list[int]) -> dict[int, list[dict[str, str]]]:
    rows = Sighting.objects.filter(item__in=items, address__isnull=False).select_related("address", "page")
    seen: dict[int, list[dict[str, str]]] = {item: [] for item in items}
    for row in rows.order_by("pk"):
        assert row.address is not None
        shown = row.address.canonical.replace(".", "[.]")
        line = {"address": row.address.canonical, "at": row.seen_at.isoformat(), "shown": shown}
        seen[row.item_id].append(line | ({"page": row.page.canonical} if row.page else {}))
    return seen
