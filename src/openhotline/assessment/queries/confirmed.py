"""What later stages need of published decisions."""

from collections import defaultdict
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db.models import QuerySet

from fileorigin import Human, moment
from openhotline.assessment.models import Decided, Decision, Outcome
from openhotline.evidence.models import Sighting
from openhotline.hashlists.models import LegalBasis, Listable


def _criminal(decisions: Sequence[int] | None = None) -> QuerySet[Outcome]:
    rows = Outcome.objects.filter(jurisdiction=settings.JURISDICTION, criminal=True)
    return rows if decisions is None else rows.filter(decision_id__in=decisions)


def decided_items(decisions: Sequence[int]) -> list[int]:
    """Return the items that decisions cover."""
    return list(Decided.objects.filter(decision_id__in=decisions).values_list("item_id", flat=True))


def conclusions_of(decisions: Sequence[int]) -> dict[int, Human]:
    """Return, for each item that published decisions cover, what they say of AI as the file evidence has it.

    It names the decision and never a person.
    """
    rows = Decided.objects.filter(decision_id__in=decisions, decision__published_at__isnull=False)
    return {
        row.item_id: Human(
            decision=row.decision.facts["ai_involvement"],
            by=row.decision.public_id,
            at=moment(row.decision.published_at) if row.decision.published_at else None,
        )
        for row in rows.select_related("decision")
    }


def confirmed_items(decisions: Sequence[int]) -> list[int]:
    """Return the items that decisions cover with a criminal outcome in the hotline's own jurisdiction."""
    rows = Decided.objects.filter(decision_id__in=_criminal(decisions).values("decision_id"))
    return list(rows.order_by("item_id").values_list("item_id", flat=True))


def confirmed_among(items: Collection[int]) -> set[int]:
    """Return those of these items that a published decision covers with a criminal outcome here."""
    rows = Decided.objects.filter(item_id__in=items, decision_id__in=_criminal().values("decision_id"))
    return set(rows.values_list("item_id", flat=True))


def _elsewhere(decisions: Collection[int]) -> dict[int, tuple[LegalBasis, ...]]:
    """Return the other jurisdictions whose law calls what was decided criminal, by code, for each decision."""
    others = Outcome.objects.filter(decision_id__in=decisions, criminal=True)
    found: dict[int, list[LegalBasis]] = defaultdict(list)
    for row in others.exclude(jurisdiction=settings.JURISDICTION).defer("trace").order_by("jurisdiction"):
        basis = LegalBasis(
            jurisdiction=row.jurisdiction, outcome=row.kind, category=row.category, provision=row.provision
        )
        found[row.decision_id].append(basis)
    return {decision: tuple(bases) for decision, bases in found.items()}


def listables(decisions: Sequence[int]) -> list[Listable]:
    """Return what the hash list needs of every confirmed item that decisions cover."""
    outcomes = {one.decision_id: one for one in _criminal(decisions).select_related("decision").defer("trace")}
    elsewhere = _elsewhere(outcomes)
    rows = Decided.objects.filter(decision_id__in=outcomes).order_by("item_id")
    return [
        Listable(
            item_id=row.item_id,
            ai_involvement=str(outcomes[row.decision_id].decision.facts["ai_involvement"]),
            real_child=str(outcomes[row.decision_id].decision.facts["real_child"]),
            jurisdiction=outcomes[row.decision_id].jurisdiction,
            outcome=outcomes[row.decision_id].kind,
            category=outcomes[row.decision_id].category,
            provision=outcomes[row.decision_id].provision,
            elsewhere=elsewhere.get(row.decision_id, ()),
            consensus=outcomes[row.decision_id].decision.consensus,
            decided_at=outcomes[row.decision_id].decision.made_at,
        )
        for row in rows
    ]


def decision_names(decisions: Sequence[int]) -> dict[int, str]:
    """Return the outside ids of decisions, by primary key."""
    return dict(Decision.objects.filter(pk__in=decisions).values_list("pk", "public_id"))


def addresses_of(items: Sequence[int]) -> list[int]:
    """Return the addresses at which items were seen."""
    rows = Sighting.objects.filter(item_id__in=items, address__isnull=False)
    return list(rows.order_by("address_id").values_list("address_id", flat=True).distinct())
