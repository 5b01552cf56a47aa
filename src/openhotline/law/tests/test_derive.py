"""What the engine says of recorded facts."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from openhotline.law import queries
from openhotline.law.errors import UnknownJurisdiction
from openhotline.law.models import FactIn, Facts, Outcome, Rule, RuleBook
from openhotline.law.services.derive import derive
from openhotline.law.states import FACTS, PHOTOGRAPHIC, AiInvolvement, OutcomeKind, Severity, Truth

DAY = date(2026, 11, 21)
UK = queries.GROUPS["GB"]
PHOTOGRAPH = {
    "content_kind": "image",
    "depicts_child": "yes",
    "looks_like_photograph": "yes",
    "indecent": "yes",
    "ai_involvement": "none_seen",
    "severity": "B",
}
Images = list[tuple[dict[str, str], Outcome]]
LIMBS = ("limb_62_2_a", "limb_62_2_b", "limb_62_2_c")
DRAWN = {
    "content_kind": "image",
    "depicts_child": "yes",
    "looks_like_photograph": "no",
    "dominant_impression_child": "yes",
    "severity": "A",
    **dict.fromkeys(LIMBS, "yes"),
}
ESSENTIAL = {
    "photographic": ("content_kind", "depicts_child", "looks_like_photograph", "indecent"),
    "prohibited_image": (
        *("content_kind", "depicts_child", "looks_like_photograph", "dominant_impression_child"),
        *LIMBS,
    ),
}


def outcome(place: str = "GB-EAW", /, rules: RuleBook | None = None, on: date = DAY, **facts: str) -> Outcome:
    return derive(Facts.from_dict(facts), jurisdiction=place, as_of=on, rules=rules)


def every_combination(place: str, *names: str, **fixed: str) -> Iterator[tuple[dict[str, str], Outcome]]:
    """Each combination of the values of `names`, with its outcome."""
    for values in product(*(FACTS[name] for name in names)):
        recorded = {**fixed, **dict(zip(names, map(str, values), strict=True))}
        yield recorded, outcome(place, **recorded)


@pytest.mark.parametrize("place", UK)
@pytest.mark.parametrize(
    ("ai", "kind"),
    [
        ("none_seen", "photograph"),
        ("wholly_synthetic", "pseudo_photograph"),
        ("real_picture_altered", "pseudo_photograph"),
        ("not_determined", "photograph_or_pseudo"),
        ("training_data", "photograph_or_pseudo"),
        ("non_photographic_ai", "photograph_or_pseudo"),
    ],
)
def test_ai_involvement_decides_between_photograph_and_pseudo_photograph(place: str, ai: str, kind: str) -> None:
    found = outcome(place, **PHOTOGRAPH | {"ai_involvement": ai})
    assert (found.kind, found.criminal, found.category) == (kind, True, "B")


def test_both_provisions_on_photographs_are_named() -> None:
    assert outcome(**PHOTOGRAPH).provisions == (
        "Protection of Children Act 1978, s1(1)",
        "Criminal Justice Act 1988, s160(1)",
    )


@pytest.mark.parametrize("place", ["GB-EAW", "GB-NIR"])
def test_a_prohibited_image_has_no_letter(place: str) -> None:
    found = outcome(place, **DRAWN)
    assert (found.kind, found.criminal, found.category) == ("prohibited_image", True, None)


def test_scotland_says_that_its_rules_do_not_answer_for_what_does_not_look_like_a_photograph() -> None:
    found = outcome("GB-SCT", **DRAWN)
    assert (found.kind, found.criminal) == ("not_determined", None)
    assert "shipped rules for Scotland do not answer" in found.notes[0]


@pytest.fixture(
    scope="module",
    params=[pytest.param(place, marks=pytest.mark.slow) for place in ("GB-EAW", "GB-SCT", "GB-NIR")],
)
def all_images(request: pytest.FixtureRequest) -> Images:
    """Every combination of the facts that the rules on imagery read, in one place of the kingdom."""
    names = ("looks_like_photograph", "depicts_child", "ai_involvement", "indecent", *LIMBS)
    found = every_combination(request.param, *names, "dominant_impression_child", content_kind="image")
    return list(found)


def test_photograph_and_prohibited_image_exclude_each_other_over_every_combination(
    all_images: Images,
) -> None:
    for recorded, found in all_images:
        yielded = {queries.rule(rule_id).yields for rule_id in found.rule_ids}
        assert len(yielded) <= 1
        if found.kind in PHOTOGRAPHIC:
            assert recorded["looks_like_photograph"] == "yes"
        if found.kind == "prohibited_image":
            assert recorded["looks_like_photograph"] == "no"


def test_no_combination_with_an_open_essential_fact_is_criminal(all_images: Images) -> None:
    for recorded, found in all_images:
        essential = ESSENTIAL["prohibited_image" if found.kind == "prohibited_image" else "photographic"]
        is_open = {"not_determined", "age_not_clear"} & {recorded[name] for name in essential}
        assert not (found.criminal and is_open)


def test_criminal_is_open_exactly_where_the_kind_is(all_images: Images) -> None:
    assert all((found.criminal is None) is (found.kind == "not_determined") for _, found in all_images)


def test_every_kind_of_image_arises_and_no_other(all_images: Images) -> None:
    kinds = {*PHOTOGRAPHIC, "prohibited_image", "not_criminal", "not_determined"}
    scotland = all_images[0][1].jurisdiction == "GB-SCT"
    assert {found.kind for _, found in all_images} == kinds - ({"prohibited_image"} if scotland else set())


@pytest.mark.slow
@pytest.mark.parametrize("place", UK)
def test_who_is_shown_settles_it_over_every_combination(place: str) -> None:
    names = ("depicts_child", "looks_like_photograph", "indecent", *LIMBS, "ai_involvement")
    for recorded, found in every_combination(place, *names, content_kind="video"):
        shown = recorded["depicts_child"]
        no_test_met = recorded["indecent"] == "no" and all(recorded[limb] == "no" for limb in LIMBS)
        if shown == "age_not_clear":
            assert found.kind == "not_determined"
        elif shown == "no" or no_test_met:
            assert found.kind == "not_criminal"


@pytest.mark.parametrize("place", UK)
def test_opening_an_answered_fact_never_turns_one_answer_into_the_other(place: str) -> None:
    """Unknown stays unknown: forgetting an answer keeps the outcome or makes it not determined."""
    names = ("depicts_child", "looks_like_photograph", "indecent", "limb_62_2_a")
    fixed = {**DRAWN, "ai_involvement": "none_seen"}
    for recorded, found in every_combination(place, *names, **fixed):
        for name in names:
            less = outcome(place, **recorded | {name: "not_determined"})
            # "Age not clear" is itself a finding of doubt; taking it back may free another answer.
            doubted = recorded["depicts_child"] == "age_not_clear"
            assert doubted or less.criminal in {found.criminal, None}


@pytest.mark.parametrize("kind", [str(kind) for kind in FACTS["content_kind"] if kind not in {"image", "video"}])
def test_content_that_no_rule_in_force_covers_is_not_called_not_criminal(kind: str) -> None:
    found = outcome(content_kind=kind, depicts_child="no", indecent="no", test_soa_46a="yes", test_sca_69="yes")
    assert (found.kind, found.criminal) == ("not_determined", None)
    assert "No rule in force on this day covers this kind of content" in " ".join(found.notes)


def test_nothing_recorded_is_not_determined_and_says_what_is_missing() -> None:
    found = outcome()
    assert found.kind == "not_determined"
    assert found.missing[:3] == ("content_kind", "depicts_child", "looks_like_photograph")


@pytest.mark.parametrize("severity", Severity)
def test_only_the_three_letters_become_a_category(severity: Severity) -> None:
    letter = outcome(**PHOTOGRAPH | {"severity": str(severity)}).category
    assert letter == (str(severity) if severity in {"A", "B", "C"} else None)


def test_an_open_severity_is_named_as_missing() -> None:
    assert outcome(**PHOTOGRAPH | {"severity": "not_determined"}).missing == ("severity",)


@pytest.mark.parametrize("involvement", AiInvolvement)
def test_no_ai_involvement_makes_an_image_not_criminal(involvement: AiInvolvement) -> None:
    assert outcome(**PHOTOGRAPH | {"ai_involvement": str(involvement)}).criminal is True


def test_a_law_that_was_not_yet_in_force_decides_nothing_and_says_so() -> None:
    found = outcome(on=date(2010, 4, 5), **DRAWN)
    step = next(step for step in found.trace if "s62" in step.provision)
    assert found.kind != "prohibited_image"
    assert (step.applied, step.standing) == (False, "Not yet law on 2010-04-05: in force from 2010-04-06.")


def test_it_decides_from_its_first_day() -> None:
    assert outcome(on=date(2010, 4, 6), **DRAWN).kind == "prohibited_image"


def test_before_every_shipped_rule_nothing_is_called_not_criminal() -> None:
    assert outcome(on=date(1990, 1, 1), content_kind="image", depicts_child="no").kind == "not_determined"


def test_a_provision_not_brought_into_force_stands_in_the_trace_only() -> None:
    found = outcome(content_kind="ai_model_or_tool", test_soa_46a="yes")
    step = next(step for step in found.trace if "s72" in step.provision)
    assert (found.kind, step.applied, step.result) == ("not_determined", False, Truth.TRUE)
    assert "nobody has recorded that it was brought into force" in step.standing


def test_rules_in_force_decide_before_their_source_is_recorded_as_read_and_the_outcome_says_so() -> None:
    found = outcome(**PHOTOGRAPH)
    assert (found.criminal, found.verified) == (True, False)
    assert any("nobody has recorded as read" in note for note in found.notes)


def test_the_trace_gives_a_reason_for_every_condition() -> None:
    step = outcome(**PHOTOGRAPH | {"indecent": "not_determined"}).trace[0]
    assert step.result is Truth.UNKNOWN
    assert str(step.reasons[-1]) == "indecent is not_determined, asked for yes: unknown"


def test_an_unknown_jurisdiction_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UnknownJurisdiction, match=r"'XX'.*GB-EAW, GB-NIR, GB-SCT, IE, US"):
        outcome("XX")


def test_the_shipped_rules_are_the_default() -> None:
    assert isinstance(queries.rules(), RuleBook)
    assert outcome(**PHOTOGRAPH) == outcome(rules=queries.rules(), **PHOTOGRAPH)


def test_planted_bug_reading_open_as_no_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Were an open fact judged as a "no", the empty record of an image would come out as not criminal."""
    empty = {"content_kind": "image"}
    assert outcome(**empty).kind is OutcomeKind.NOT_DETERMINED
    monkeypatch.setattr(
        FactIn,
        "judge",
        lambda self, facts: Truth("true" if getattr(facts, self.fact) in self.values else "false"),
    )
    book = RuleBook(tuple(_copy(rule) for rule in queries.rules().rules), "planted")
    assert outcome(rules=book, **empty).kind is OutcomeKind.NOT_CRIMINAL


def _copy(rule: Rule) -> Rule:
    """The same rule under a new identity, so that nothing judged earlier is remembered."""
    names = [name for name in rule.__dataclass_fields__ if name not in {"covers", "conditions", "reads"}]
    return type(rule)(**{name: getattr(rule, name) for name in names})
