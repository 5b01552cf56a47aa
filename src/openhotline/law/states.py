"""The closed lists of the law: what a fact may say, what a rule may ask, what an outcome may be.

``not_determined`` is the value of whatever was not answered. It is never a "no".
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Answer(StrEnum):
    """The answer to one legal or factual question."""

    YES = "yes"
    NO = "no"
    NOT_DETERMINED = "not_determined"


class ContentKind(StrEnum):
    """What kind of thing was found."""

    IMAGE = "image"
    VIDEO = "video"
    TEXT = "text"
    GUIDE = "guide"
    AI_MODEL_OR_TOOL = "ai_model_or_tool"
    LIVE_LINK = "live_link"
    NOT_DETERMINED = "not_determined"


class DepictsChild(StrEnum):
    """Whether a person under 18 is shown, in the assessor's judgement."""

    YES = "yes"
    NO = "no"
    AGE_NOT_CLEAR = "age_not_clear"
    NOT_DETERMINED = "not_determined"


class AgeBand(StrEnum):
    """Apparent age, in years, of the youngest person shown."""

    FROM_0 = "0-2"
    FROM_3 = "3-6"
    FROM_7 = "7-10"
    FROM_11 = "11-13"
    FROM_14 = "14-15"
    FROM_16 = "16-17"
    NOT_DETERMINED = "not_determined"


class Severity(StrEnum):
    """The letter of the Sentencing Council guideline; ``none`` where an assessor found no letter to apply."""

    A = "A"
    B = "B"
    C = "C"
    NONE = "none"
    NOT_DETERMINED = "not_determined"


class AiInvolvement(StrEnum):
    """How AI took part. ``none_seen`` says that nobody saw any, not that there was none.

    ``training_data`` says where imagery was found, not how it was made.
    """

    NONE_SEEN = "none_seen"
    WHOLLY_SYNTHETIC = "wholly_synthetic"
    REAL_PICTURE_ALTERED = "real_picture_altered"
    NON_PHOTOGRAPHIC_AI = "non_photographic_ai"
    TRAINING_DATA = "training_data"
    TOOL_OR_MODEL = "tool_or_model"
    GUIDE_OR_PROMPT = "guide_or_prompt"
    NOT_DETERMINED = "not_determined"


class AiBasis(StrEnum):
    """What the judgement on AI involvement rests on."""

    SEEN_IN_PICTURE = "seen_in_picture"
    SAID_BESIDE_PICTURE = "said_beside_picture"
    FILE_EVIDENCE = "file_evidence"
    KNOWN_SOURCE = "known_source"
    NOT_DETERMINED = "not_determined"


class Confidence(StrEnum):
    """How sure the assessor is: of the AI involvement, of a real child."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    NOT_DETERMINED = "not_determined"


class RealBasis(StrEnum):
    """What the judgement on a real child rests on."""

    KNOWN_CHILD = "known_child"
    SEEN_IN_PICTURE = "seen_in_picture"
    SAID_BESIDE_PICTURE = "said_beside_picture"
    FILE_EVIDENCE = "file_evidence"
    NOT_DETERMINED = "not_determined"


class SiteAi(StrEnum):
    """Whether the place of the find is given over to AI-generated material."""

    AI_DEDICATED = "ai_dedicated"
    MIXED = "mixed"
    NONE_SEEN = "none_seen"
    NOT_DETERMINED = "not_determined"


FACTS: Mapping[str, type[StrEnum]] = MappingProxyType(
    {
        "content_kind": ContentKind,
        "depicts_child": DepictsChild,
        "age_band": AgeBand,
        "severity": Severity,
        "looks_like_photograph": Answer,
        "ai_involvement": AiInvolvement,
        "ai_basis": AiBasis,
        "ai_confidence": Confidence,
        "real_child": Answer,
        "real_child_basis": RealBasis,
        "real_child_confidence": Confidence,
        "known_series": Answer,
        "likeness_identifiable": Answer,
        "commercial": Answer,
        "used_to_coerce": Answer,
        "taken_by_child": Answer,
        "site_ai": SiteAi,
        "appears_new": Answer,
        "indecent": Answer,
        "dominant_impression_child": Answer,
        "limb_62_2_a": Answer,
        "limb_62_2_b": Answer,
        "limb_62_2_c": Answer,
        "test_soa_46a": Answer,
        "test_sca_69": Answer,
        "looks_realistic": Answer,
        "test_usc_2256": Answer,
        "test_usc_1466a": Answer,
        "test_ie_1998_2": Answer,
        "test_stgb_184b": Answer,
        "test_cca_473_1": Answer,
        "test_eu_recast": Answer,
    }
)
"""Every fact and the list its value comes from, in the order in which a person is asked."""

UNDECIDED = frozenset({"not_determined", "age_not_clear"})
"""Values that leave a question open. No condition may name them, so that nothing open satisfies a rule."""


class Truth(StrEnum):
    """Kleene's three values: what is unknown stays unknown."""

    TRUE = "true"
    FALSE = "false"
    UNKNOWN = "unknown"


class AppliesTo(StrEnum):
    """What a rule is about."""

    IMAGERY = "imagery"
    TOOL = "tool"
    GUIDE = "guide"


class RealismTest(StrEnum):
    """What a rule asks of the look of an image; ``any_depiction`` asks nothing, ``none`` is for what is no image."""

    PHOTOGRAPH_LIKE = "photograph_like"
    NOT_PHOTOGRAPH_LIKE = "not_photograph_like"
    REALISTIC = "realistic"
    ANY_DEPICTION = "any_depiction"
    NONE = "none"


class RealPerson(StrEnum):
    """Whether a rule asks for a real child, or for the likeness of an identifiable person."""

    NO = "no"
    YES = "yes"
    IDENTIFIABLE = "identifiable"


class Yields(StrEnum):
    """What a rule says when it is met. ``gap`` marks cases that the shipped rules do not answer.

    ``depiction`` is for places whose law does not part photographs, pseudo-photographs and prohibited images.
    """

    PHOTOGRAPHIC = "photographic"
    PROHIBITED_IMAGE = "prohibited_image"
    DEPICTION = "depiction"
    IMAGE_GENERATOR = "image_generator"
    GUIDE = "guide"
    GAP = "gap"


class CommencementStatus(StrEnum):
    """Whether a provision has been brought into force, as far as the rule file knows."""

    IN_FORCE = "in_force"
    ENACTED_NOT_COMMENCED = "enacted_not_commenced"
    UNVERIFIED = "unverified"
    REPEALED = "repealed"


class OutcomeKind(StrEnum):
    """What one jurisdiction's law says of the facts.

    ``depiction``, ``image_generator`` and ``guide`` cannot arise until somebody records that their rules are in force.
    """

    PHOTOGRAPH = "photograph"
    PSEUDO_PHOTOGRAPH = "pseudo_photograph"
    PHOTOGRAPH_OR_PSEUDO = "photograph_or_pseudo"
    PROHIBITED_IMAGE = "prohibited_image"
    DEPICTION = "depiction"
    IMAGE_GENERATOR = "image_generator"
    GUIDE = "guide"
    NOT_CRIMINAL = "not_criminal"
    NOT_DETERMINED = "not_determined"


PHOTOGRAPHIC = frozenset({OutcomeKind.PHOTOGRAPH, OutcomeKind.PSEUDO_PHOTOGRAPH, OutcomeKind.PHOTOGRAPH_OR_PSEUDO})
"""The kinds to which the letters A, B and C apply."""


class CrosswalkAction(StrEnum):
    """What to do with one field of a partner's format."""

    SEND = "send"
    OMIT = "omit"
    ASK = "ask"
