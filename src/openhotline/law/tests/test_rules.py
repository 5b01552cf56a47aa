"""Rule files: what is accepted, what is refused and how."""

from datetime import date

import pytest

from openhotline.law import queries
from openhotline.law.errors import RulesInvalid
from openhotline.law.models import Facts, RuleBook, rule
from openhotline.law.services.derive import derive
from openhotline.law.states import AppliesTo, OutcomeKind, RealismTest, Yields

PLACE = """
[jurisdiction]
code = "XX"
name = "Example"
zone = "Europe/London"

[[instrument]]
title = "Example Act"
year = 1999
source = "https://example.org/act"
"""
RULE = """
[[rule]]
id = "xx-1"
instrument = "Example Act"
provision = "s1"
applies_to = "imagery"
realism_test = "photograph_like"
real_person_needed = "no"
age = 18
valid_from = 2000-01-01
commencement_status = "in_force"
yields = "photographic"
when = { fact = "indecent", in = ["yes"] }
source = "https://example.org/act"
verified_on = 2026-01-01
"""
SHOWN = {"content_kind": "image", "looks_like_photograph": "yes", "depicts_child": "yes", "indecent": "yes"}


def book(text: str = RULE, old: str = "", new: str = "") -> RuleBook:
    assert old in PLACE + text
    return RuleBook.from_toml({"xx.toml": (PLACE + text).replace(old, new)})


def kind(rules: RuleBook, on: date = date(2026, 1, 1), **facts: str) -> OutcomeKind:
    return derive(Facts.from_dict(SHOWN | facts), jurisdiction="XX", as_of=on, rules=rules).kind


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"indecent"', '"indecnt"', r"'xx-1': there is no fact named 'indecnt'. Allowed: content_kind"),
        ('["yes"]', '["maybe"]', r"'indecent' cannot be asked for \['maybe'\].*more of yes, no"),
        ('["yes"]', '["not_determined"]', "What is open never satisfies a rule"),
        ('["yes"]', "[]", "a list of one or more"),
        ('{ fact = "indecent", in = ["yes"] }', "{ all = [] }", "at least one condition"),
        ('{ fact = "indecent", in = ["yes"] }', "{ some = 1 }", "is not a condition. Allowed:"),
        ('provision = "s1"', 'provison = "s1"', "missing fields: provision; unknown fields: provison"),
        ('provision = "s1"', 'provision = ""', "provision must be a text that is not empty"),
        ('"in_force"', '"soon"', "commencement_status cannot be 'soon'. Allowed: in_force, enacted"),
        ("2000-01-01", '"2000"', "valid_from cannot be '2000'. Allowed: a date such as"),
        ("valid_from = 2000-01-01\n", "", "in_force needs valid_from"),
        ('"in_force"', '"repealed"', "repealed needs valid_to"),
        ("age = 18", "age = 21", "age cannot be 21. Allowed: whole years from 1 to 18"),
        ("age = 18\n", "", "A rule on imagery needs an age"),
        ("age = 18", "age = 18\nvalid_to = 1999-01-01", "lies before valid_from"),
        ('"photograph_like"', '"not_photograph_like"', "exclude each other by the look of the image"),
        ("[[rule]]", "[[rule", "is not TOML"),
        ("[[rule]]", "[rule]", r"xx\.toml: each rule must be a \[\[rule\]\] table"),
        ("[[rule]]", "[[rules]]", r"it holds jurisdiction, instrument, rules"),
        ('code = "XX"\n', "", r"xx\.toml, line 2: The jurisdiction has the fields name, zone\. Needed"),
        ("Europe/London", "Europe/Londn", r"xx\.toml, line 5: .*knows no time zone 'Europe/Londn'"),
        ("year = 1999", 'year = "1999"', r"line 9: The instrument: year cannot be '1999'\. Allowed: a year"),
        ("year = 1999", "year = 2001", r"line 20: .*valid_from 2000-01-01 lies before Example Act was made in 2001"),
        ('instrument = "Example Act"', 'instrument = "An Act"', r"line 14: .*no instrument 'An Act' in this file"),
        ("[[rule]]", '[[instrument]]\ntitle = "Example Act"\nyear = 1\nsource = "x"\n[[rule]]', "Two instruments"),
        ('"indecent"', '"indecnt"', r"^Rule file xx\.toml, line 23: Rule 'xx-1'"),
    ],
)
def test_a_broken_rule_is_refused_with_a_sentence(old: str, new: str, sentence: str) -> None:
    with pytest.raises(RulesInvalid, match=sentence):
        book(old=old, new=new)


def test_two_rules_of_one_id_are_refused() -> None:
    with pytest.raises(RulesInvalid, match=r"xx\.toml: two rules are named 'xx-1'"):
        book(RULE + RULE)


def test_two_versions_that_overlap_in_time_are_refused() -> None:
    with pytest.raises(RulesInvalid, match="overlap in time"):
        book(RULE + RULE.replace("xx-1", "xx-2"))


def test_a_later_version_takes_over_on_its_first_day() -> None:
    younger = RULE.replace("xx-1", "xx-2").replace("2000-01-01", "2010-01-01")
    older = RULE.replace("age = 18", "age = 16\nvalid_to = 2009-12-31")
    rules = book(older + younger)
    assert kind(rules, date(2009, 12, 31), age_band="16-17") == "not_criminal"
    assert kind(rules, date(2010, 1, 1), age_band="16-17") == "photograph_or_pseudo"


@pytest.mark.parametrize(
    ("limit", "band", "expected"),
    [
        (16, "14-15", "photograph_or_pseudo"),
        (16, "16-17", "not_criminal"),
        (16, "not_determined", "not_determined"),
        (15, "14-15", "not_determined"),
        (18, "not_determined", "photograph_or_pseudo"),
    ],
)
def test_an_age_below_eighteen_is_held_against_the_apparent_band(limit: int, band: str, expected: str) -> None:
    assert kind(book(old="age = 18", new=f"age = {limit}"), age_band=band) == expected


@pytest.mark.parametrize("status", ["enacted_not_commenced", "unverified"])
def test_what_is_not_known_to_be_in_force_decides_nothing(status: str) -> None:
    assert kind(book(old='"in_force"', new=f'"{status}"')) == "not_determined"


def test_a_repealed_rule_decides_for_days_within_its_time() -> None:
    rules = book(old='"in_force"', new='"repealed"\nvalid_to = 2005-01-01')
    assert kind(rules, date(2005, 1, 1)) == "photograph_or_pseudo"
    assert kind(rules, date(2005, 1, 2)) == "not_determined"


@pytest.mark.parametrize(("needed", "fact"), [("yes", "real_child"), ("identifiable", "likeness_identifiable")])
def test_a_rule_may_need_a_real_person(needed: str, fact: str) -> None:
    rules = book(old='real_person_needed = "no"', new=f'real_person_needed = "{needed}"')
    answers = [kind(rules, **{fact: answer}) for answer in ("yes", "no", "not_determined")]
    assert answers == ["photograph_or_pseudo", "not_criminal", "not_determined"]


def test_any_and_not_keep_unknown_unknown() -> None:
    condition = '{ any = [{ fact = "commercial", in = ["yes"] }, { not = { fact = "indecent", in = ["no"] } }] }'
    rules = book(old='{ fact = "indecent", in = ["yes"] }', new=condition)
    assert kind(rules, indecent="not_determined", commercial="yes") == "photograph_or_pseudo"
    assert kind(rules, indecent="not_determined", commercial="no") == "not_determined"
    assert kind(rules, indecent="no", commercial="no") == "not_criminal"


def test_an_outcome_on_read_sources_is_verified() -> None:
    assert derive(Facts.from_dict(SHOWN), jurisdiction="XX", as_of=date(2026, 1, 1), rules=book()).verified


def test_the_version_follows_the_text_of_the_rules() -> None:
    assert book().version != book(old="s1", new="s2").version


def test_the_kingdom_is_three_jurisdictions() -> None:
    assert queries.jurisdictions("GB") == ("GB-EAW", "GB-NIR", "GB-SCT")


def test_no_shipped_rule_claims_a_reading_that_nobody_recorded() -> None:
    """Whoever reads a source sets its day and names the rule here; a day without a reader is untrue."""
    assert [found.id for found in queries.rules().rules if found.verified_on] == []


def test_no_provision_of_2026_is_taken_as_in_force_before_somebody_recorded_it() -> None:
    recent = [found for found in queries.rules().rules if "2026" in found.instrument]
    assert len(recent) == 4
    assert {str(found.commencement_status) for found in recent} == {"enacted_not_commenced", "unverified"}


def test_planted_bug_without_the_shape_check_the_two_tracks_would_mix(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Were the shape not checked, a file could call what does not look like a photograph a photograph."""
    mixed = RULE.replace('"photograph_like"', '"not_photograph_like"')
    with pytest.raises(RulesInvalid):
        book(mixed)
    monkeypatch.setitem(rule._MUST, Yields.PHOTOGRAPHIC, (AppliesTo.IMAGERY, (RealismTest.NOT_PHOTOGRAPH_LIKE,)))
    assert kind(book(mixed), looks_like_photograph="no") == "photograph_or_pseudo"
