"""What one person recorded about one item."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from openhotline.law.errors import FactsInvalid
from openhotline.law.states import (
    FACTS,
    AgeBand,
    AiBasis,
    AiInvolvement,
    Answer,
    Confidence,
    ContentKind,
    DepictsChild,
    RealBasis,
    Severity,
    SiteAi,
)

# A dict is many times as fast as asking the enumeration, and a pass over all decisions asks it for each fact.
_VALUES = {name: {str(value): value for value in values} for name, values in FACTS.items()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """The facts of an assessment; whatever was not answered is *not determined*, never "no".

    The legal tests carry the subsection that asks them: ``limb_62_2_a`` is s62(2)(a) of the 2009 Act,
    ``dominant_impression_child`` its s65(6), ``test_soa_46a`` the inserted s46A, ``test_sca_69`` the
    extended s69. ``looks_realistic`` is asked where a law covers what comes close to reality; the tests of other
    countries carry code and section.
    """

    content_kind: ContentKind = ContentKind.NOT_DETERMINED
    depicts_child: DepictsChild = DepictsChild.NOT_DETERMINED
    age_band: AgeBand = AgeBand.NOT_DETERMINED
    severity: Severity = Severity.NOT_DETERMINED
    looks_like_photograph: Answer = Answer.NOT_DETERMINED
    ai_involvement: AiInvolvement = AiInvolvement.NOT_DETERMINED
    ai_basis: AiBasis = AiBasis.NOT_DETERMINED
    ai_confidence: Confidence = Confidence.NOT_DETERMINED
    real_child: Answer = Answer.NOT_DETERMINED
    real_child_basis: RealBasis = RealBasis.NOT_DETERMINED
    real_child_confidence: Confidence = Confidence.NOT_DETERMINED
    known_series: Answer = Answer.NOT_DETERMINED
    likeness_identifiable: Answer = Answer.NOT_DETERMINED
    commercial: Answer = Answer.NOT_DETERMINED
    used_to_coerce: Answer = Answer.NOT_DETERMINED
    taken_by_child: Answer = Answer.NOT_DETERMINED
    site_ai: SiteAi = SiteAi.NOT_DETERMINED
    appears_new: Answer = Answer.NOT_DETERMINED
    indecent: Answer = Answer.NOT_DETERMINED
    dominant_impression_child: Answer = Answer.NOT_DETERMINED
    limb_62_2_a: Answer = Answer.NOT_DETERMINED
    limb_62_2_b: Answer = Answer.NOT_DETERMINED
    limb_62_2_c: Answer = Answer.NOT_DETERMINED
    test_soa_46a: Answer = Answer.NOT_DETERMINED
    test_sca_69: Answer = Answer.NOT_DETERMINED
    looks_realistic: Answer = Answer.NOT_DETERMINED
    test_usc_2256: Answer = Answer.NOT_DETERMINED
    test_usc_1466a: Answer = Answer.NOT_DETERMINED
    test_ie_1998_2: Answer = Answer.NOT_DETERMINED
    test_stgb_184b: Answer = Answer.NOT_DETERMINED
    test_cca_473_1: Answer = Answer.NOT_DETERMINED
    test_eu_recast: Answer = Answer.NOT_DETERMINED

    @classmethod
    def from_dict(cls, mapping: Mapping[str, object]) -> Self:
        """Read facts from names and values; a name that is absent becomes *not determined*.

        Raises FactsInvalid for an unknown name, an unknown value, or an empty or null value.
        """
        return cls(**{key: _value(key, value) for key, value in mapping.items()})

    def to_dict(self) -> dict[str, str]:
        """Every fact by name, in the order in which a person is asked; `from_dict` reads it back."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


def _value(key: str, value: object) -> Any:
    values = _VALUES.get(key)
    if values is None:
        raise FactsInvalid(
            f"There is no fact named {key!r} (its value was {value!r}). Allowed names: {', '.join(FACTS)}."
        )
    found = values.get(value) if isinstance(value, str) else None
    if found is None:
        raise FactsInvalid(
            f"The fact {key!r} cannot be {value!r}. Allowed: {', '.join(values)}. "
            "Leave the fact out, or say not_determined, where nobody decided."
        )
    return found
