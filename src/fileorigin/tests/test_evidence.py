"""The open part of the evidence holds closed-list values only, on both sides of a pipe."""

import dataclasses
import json
from importlib import resources
from typing import Any

import jsonschema
import pytest

from fileorigin import AiInvolvement, Evidence, Finding, RealBasis, Status, Strength, Tag, evidence, examine, vocabulary
from fileorigin.limits import LIMITS, REASONS, TITLES


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
        jsonschema.validate(json.loads(json.dumps(found.to_dict())), SCHEMA)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"tag": "authentic"}, "tag"),
        ({"ai_involvement": None}, "ai_involvement"),
        ({"note": "words"}, "note"),
        ({"length": -1}, "length"),
    ],
)
def test_the_schema_refuses_anything_else(marked: Any, change: dict[str, Any], where: str) -> None:
    """Unset axes, other tags and further members are no evidence."""
    with pytest.raises(jsonschema.ValidationError, match=where):
        jsonschema.validate(examine(marked.picture()).to_dict() | change, SCHEMA)


def test_the_schema_lets_no_failed_check_claim_anything(marked: Any) -> None:
    """A check that ended in error supports neither axis."""
    raw = examine(marked.picture()).to_dict()
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
    del raw["tag"], raw["not_checkable_offline"]
    for finding in raw["findings"]:
        del finding["locations"]
    assert Evidence.from_dict(raw).tag is Tag.UNDETERMINED


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
