"""The open part of the evidence holds closed-list values only, on both sides of a pipe."""

import dataclasses
import json
from typing import Any

import pytest

from fileorigin import AiInvolvement, Evidence, Finding, Status, examine, vocabulary


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


def test_evidence_cannot_be_changed(marked: Any) -> None:
    """It is a record."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        examine(marked.picture()).ai_involvement = AiInvolvement.NONE_FOUND
