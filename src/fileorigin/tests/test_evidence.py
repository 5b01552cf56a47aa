"""The open part of the evidence holds closed-list values only, on both sides of a pipe."""

import dataclasses
import json
from datetime import UTC, datetime, timedelta, timezone
from importlib import resources
from typing import Any

import jsonschema
import pytest

from fileorigin import (
    AiInvolvement,
    Evidence,
    Finding,
    Human,
    RealBasis,
    Status,
    Strength,
    Tag,
    describe,
    evidence,
    examine,
    moment,
    output,
    vocabulary,
    written,
)
from fileorigin.limits import LIMITS, REASONS, TITLES

AT = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
SAID = Human("real_picture_altered", "dec_4f", moment(AT))


def test_free_text_cannot_become_a_value() -> None:
    """The type itself refuses it, and does not repeat it."""
    with pytest.raises(ValueError, match="seal it") as refused:
        Finding("container", Status.PRESENT, values={"format": "a little name"})
    assert "little name" not in str(refused.value)


def test_without_the_rule_free_text_would_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: the closed lists are what refuses."""
    monkeypatch.setattr(vocabulary, "is_open", lambda _text: True)
    Finding("container", Status.PRESENT, values={"format": "a little name"})


@pytest.mark.parametrize(
    ("field", "value"),
    [("format", "a name"), ("schema", "provenance-evidence/9"), ("conflicts", ["x"]), ("file_sha256", "x")],
)
def test_the_parent_refuses_what_a_child_may_not_say(marked: Any, field: str, value: Any) -> None:
    """Evidence that comes out of a sandbox is checked again when it is read."""
    raw = examine(marked.picture()).to_dict() | {field: value}
    with pytest.raises(ValueError, match=r"schema|closed lists|SHA-256"):
        Evidence.from_dict(raw)


def test_evidence_survives_json(marked: Any, signer: Any) -> None:
    """What is stored reads back equal; the seal travels beside it."""
    evidence = examine(signer.sign(marked.png(parameters="Steps: 1"), kind="PNG"))
    again = Evidence.from_dict(json.loads(json.dumps(evidence.to_dict())), sealed=evidence.sealed)
    assert again == evidence


def test_every_reference_is_in_the_seal(marked: Any) -> None:
    """A finding that names sealed parts names parts that are there."""
    evidence = examine(marked.camera_with_ai())
    named = {r for f in evidence.findings for r in f.sealed_refs}
    assert named == set(evidence.sealed)


SCHEMA: dict[str, Any] = json.loads(resources.files("fileorigin").joinpath("evidence.schema.json").read_text())


def every(marked: Any, signer: Any) -> list[Evidence]:
    """Evidence of many kinds: marked, signed, broken, unknown."""
    files = [
        marked.png(parameters="a red cube\nSteps: 2, Denoising strength: 0.5, Size: 96x96"),
        marked.camera_with_ai(), marked.hidden("a cube"), marked.xmp("t:AIGC='{\"Label\": \"1\"}'"),
        signer.sign(marked.camera()), signer.sign(marked.picture(), over=marked.picture(size=64)),
        marked.picture("PNG")[:-20], marked.picture("BMP"), b"", marked.iptc("Made with Google AI"),
    ]  # fmt: skip
    return [examine(content, trust=signer.trust) for content in files]


def test_what_is_written_keeps_to_the_schema(marked: Any, signer: Any) -> None:
    """The schema that readers rely on is the one that is written."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for found in every(marked, signer):
        jsonschema.validate(json.loads(json.dumps(written(found))), SCHEMA)


def test_with_a_moment_and_a_conclusion_it_keeps_to_the_schema_too(marked: Any) -> None:
    """What the platform fills in has its place in it."""
    found = dataclasses.replace(examine(marked.camera_with_ai(), at=AT), human=SAID)
    jsonschema.validate(written(found), SCHEMA)
    assert Evidence.from_dict(written(found), sealed=found.sealed) == found


def test_what_is_kept_is_the_output_without_its_sentences(marked: Any) -> None:
    """Sentences follow from the rest, so a million files need not keep them a million times."""
    found = examine(marked.camera_with_ai())
    whole, kept = written(found), found.to_dict()
    assert set(whole) - set(kept) == {"text_en", "detectors_limits"}
    assert whole["text_en"] == " ".join(describe(found))
    assert [one["limits"] for one in whole["findings"]] == [LIMITS[one["check"]] for one in kept["findings"]]


def test_the_same_file_gives_the_same_output_whenever_it_is_run(marked: Any) -> None:
    """No clock is read: the moment is told, in UTC, and is the only thing that differs."""
    picture = marked.camera_with_ai()
    later = examine(picture, at=AT.astimezone(timezone(timedelta(hours=2))))
    assert (examine(picture).run_at, later.run_at) == (None, "2026-11-28T09:30:00Z")
    assert written(later) == {**written(examine(picture)), "run_at": later.run_at}


def test_no_moment_without_a_time_zone(marked: Any) -> None:
    """A reader in another country would take it for another moment."""
    with pytest.raises(ValueError, match="time zone"):
        examine(marked.picture(), at=AT.replace(tzinfo=None))


def test_that_nobody_has_said_anything_is_no_no(marked: Any) -> None:
    """As long as no person concluded anything every field is null, and no word stands in its place."""
    told = written(examine(marked.picture()))
    assert told["human"] == {"decision": None, "by": None, "at": None}
    for word in ("no", "none", "not_determined"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(told | {"human": {**told["human"], "decision": word}}, SCHEMA)


def test_no_score_of_a_detector_is_written_or_read(marked: Any) -> None:
    """None ships, the output says why, and nobody slips one in."""
    told = written(examine(marked.picture()))
    assert (told["detectors"], told["detectors_limits"]) == ([], output.NO_DETECTORS)
    scored = told | {"detectors": [{"id": "x", "score": 0.99}]}
    with pytest.raises(ValueError, match="there is none"):
        Evidence.from_dict(scored)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(scored, SCHEMA)


@pytest.mark.parametrize(
    "said",
    [
        ("fake", "dec_4f", "2026-11-28T09:30:00Z"),
        ("none_seen", None, None),
        ("none_seen", "Anna Example", "2026-11-28T09:30:00Z"),
        ("none_seen", "dec_4f", "yesterday"),
        ("none_seen", "dec_4f", "2026-11-28T09:30:00"),
        (None, "dec_4f", None),
    ],
)
def test_a_conclusion_is_a_listed_word_of_somebody_without_a_name(said: tuple[Any, Any, Any]) -> None:
    """All of it or nothing; no name ever stands in the evidence."""
    with pytest.raises(ValueError, match=r"conclusion|moment|outside id") as refused:
        Human(*said)
    assert "Anna" not in str(refused.value)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"tag": "authentic"}, "tag"),
        ({"ai_involvement": None}, "ai_involvement"),
        ({"note": "words"}, "note"),
        ({"length": -1}, "length"),
        ({"run_at": "2026-11-28"}, "2026-11-28"),
        ({"text_en": ""}, "text_en"),
    ],
)
def test_the_schema_refuses_anything_else(marked: Any, change: dict[str, Any], where: str) -> None:
    """Unset axes, other tags and further members are no evidence."""
    with pytest.raises(jsonschema.ValidationError, match=where):
        jsonschema.validate(written(examine(marked.picture())) | change, SCHEMA)


def test_the_schema_lets_no_failed_check_claim_anything(marked: Any) -> None:
    """A check that ended in error supports neither axis."""
    raw = written(examine(marked.picture()))
    raw["findings"][1] |= {"status": "error", "ai": "claimed_unsigned"}
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(raw, SCHEMA)


def test_the_schema_names_the_same_words_as_the_code() -> None:
    """Two lists of the same words do not drift apart."""
    told, finding = SCHEMA["properties"], SCHEMA["$defs"]["finding"]["properties"]
    assert told["schema"]["const"] == evidence.SCHEMA
    assert set(told["format"]["enum"]) == vocabulary.FORMATS
    assert set(told["conflicts"]["items"]["enum"]) == evidence.CONFLICTS
    assert finding["check"]["enum"] == list(evidence.CHECKS)
    assert set(told["human"]["properties"]["decision"]["enum"]) == {None, *evidence.CONCLUSIONS}
    for words, kind in (
        (told["tag"], Tag), (told["ai_involvement"], AiInvolvement), (told["real_basis"], RealBasis),
        (finding["ai"], AiInvolvement), (finding["real"], RealBasis), (finding["status"], Status),
        (finding["strength"], Strength),
    ):  # fmt: skip
        assert words["enum"] == [member.value for member in kind]


def test_every_check_has_a_title_and_its_limits() -> None:
    """No mark is shown without what it cannot say."""
    assert set(TITLES) == set(LIMITS) == set(evidence.CHECKS)
    assert set(REASONS) == vocabulary.REASONS


def test_every_check_reports_on_every_file(marked: Any, signer: Any) -> None:
    """Nothing is left out silently."""
    for found in every(marked, signer):
        assert {f.check for f in found.findings} == set(evidence.CHECKS)


def test_evidence_of_schema_1_is_still_read(marked: Any) -> None:
    """What was stored before tags and locations keeps its meaning, and gets the tag that it comes to."""
    raw = examine(marked.camera()).to_dict() | {"schema": "provenance-evidence/1", "module_version": "1"}
    del raw["tag"], raw["not_checkable_offline"], raw["run_at"], raw["human"], raw["detectors"]
    for finding in raw["findings"]:
        del finding["locations"]
    assert Evidence.from_dict(raw).tag is Tag.UNDETERMINED


def test_evidence_of_schema_2_is_still_read(marked: Any) -> None:
    """It does not say when it was run, nor what people concluded; written anew it is of the present schema."""
    raw = examine(marked.camera()).to_dict() | {"schema": "provenance-evidence/2", "module_version": "2"}
    del raw["run_at"], raw["human"], raw["detectors"]
    found = Evidence.from_dict(raw)
    assert (found.run_at, found.human, found.module_version) == (None, Human(), "2")
    jsonschema.validate(written(found), SCHEMA)


def test_a_tag_that_the_findings_do_not_come_to_is_refused(marked: Any) -> None:
    """A sandbox that was taken over cannot talk a picture into the strongest tag."""
    raw = examine(marked.picture()).to_dict() | {"tag": "supports_fully_ai_generated"}
    with pytest.raises(ValueError, match="not what its findings come to"):
        Evidence.from_dict(raw)


@pytest.mark.parametrize("place", ["a name", "tEXt@41", "Bob@0x1", "tEXt@0x1 "])
def test_a_location_is_a_part_and_an_offset(place: str) -> None:
    """Nothing else gets out as a location."""
    with pytest.raises(ValueError, match="location"):
        Finding("camera", Status.PRESENT, locations=(place,))


def test_evidence_cannot_be_changed(marked: Any) -> None:
    """It is a record."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        examine(marked.picture()).ai_involvement = AiInvolvement.NONE_FOUND
