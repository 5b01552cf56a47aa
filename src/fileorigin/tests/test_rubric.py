"""The signals of a manifest, one a rule of the conformance programme's rubric."""

from typing import Any

import pytest

from fileorigin import RealBasis, Tag, examine
from fileorigin.checks.rubric import signals
from marking import SOURCE

AI = SOURCE + "trainedAlgorithmicMedia"


def node(*actions: dict[str, Any], gathered: bool = False, included: Any = True, **more: Any) -> dict[str, Any]:
    reference = [{"url": "self#jumbf=c2pa.assertions/c2pa.actions.v2"}]
    body = {"actions": list(actions), "allActionsIncluded": included}
    return {
        "assertions": {"c2pa.actions.v2": body, **more},
        "claim.v2": {("gathered" if gathered else "created") + "_assertions": reference},
    }


def made(source: str, action: str = "c2pa.created") -> dict[str, Any]:
    return {"action": action, "digitalSourceType": source}


@pytest.mark.parametrize("action", ["c2pa.created", "c2pa.opened"])
@pytest.mark.parametrize(
    ("source", "signal"),
    [
        ("trainedAlgorithmicMedia", "fullyGenAIMedia"),
        ("compositeWithTrainedAlgorithmicMedia", "partlyGenAICreation"),
        ("composite", "compositionMayContainGenAI"),
        ("screenCapture", "screenCaptureMayContainGenAI"),
        ("digitalCapture", "capturedMedia"),
        ("computationalCapture", "capturedMedia"),
        ("compositeCapture", "capturedMediaStitched"),
        ("digitalCreation", "nonGenAIDigitalCreation"),
    ],
)
def test_how_it_began(action: str, source: str, signal: str) -> None:
    """An inception action gives the signal of its source type."""
    assert signals(node(made(SOURCE + source, action))) == {signal}


def test_an_empty_canvas() -> None:
    """The source type of C2PA's own vocabulary is known by its last part."""
    assert signals(node(made("http://c2pa.org/digitalsourcetype/empty"))) == {"blankCanvas"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("trainedAlgorithmicMedia", {"perceptibleGenAI"}),
        ("compositeWithTrainedAlgorithmicMedia", {"perceptibleGenAI"}),
        ("compositeSynthetic", {"perceptibleGenAI"}),
        ("trainedAlgorithmicData", {"perceptibleGenAI"}),
        ("composite", {"perceptibleNonGenAI", "perceptiblePossiblyGenAI"}),
        ("digitalArt", {"perceptibleNonGenAI", "perceptiblePossiblyGenAI"}),
        ("humanEdits", {"perceptibleNonGenAI"}),
    ],
)
def test_what_was_done_afterwards(source: str, expected: set[str]) -> None:
    """An action that is seen in the picture gives the signal of its source type."""
    assert signals(node(made(SOURCE + source, "c2pa.edited"))) == expected


@pytest.mark.parametrize("action", ["c2pa.converted", "c2pa.enhanced", "c2pa.edited.metadata", "c2pa.watermarked"])
def test_what_changes_nothing_is_not_editorial(action: str) -> None:
    """Such an action is no generative change, whatever source type it names."""
    assert signals(node(made(AI, action))) == {"nonEditorial"}


@pytest.mark.parametrize(
    "raw",
    [
        {},
        node(),
        node(made(AI), included=None),
        node(made(AI), gathered=True),
        node(made(AI), {"action": "c2pa.unknown"}),
        node(made(AI), {"action": "org.example.sharpened"}),
        {"assertions": {"c2pa.actions": {"actions": [made(AI)], "allActionsIncluded": True}}},
    ],
)
def test_what_is_not_complete_and_standard_is_ambiguous(raw: dict[str, Any]) -> None:
    """No actions, not all of them, gathered by somebody else, unknown, or of the older kind."""
    assert "ambiguousActions" in signals(raw)


@pytest.mark.parametrize("label", ["c2pa.ingredient.v3", "c2pa.ingredient.v3__2", "c2pa.ingredient"])
def test_an_ingredient_without_credentials_is_of_unknown_origin(label: str) -> None:
    """Whichever it is of several."""
    assert "mediaUnknownProvenance" in signals(node(made(AI), **{label: {"relationship": "inputTo"}}))


@pytest.mark.parametrize(
    "assertion",
    [{"created": False}, {"data": {"actions": [{"action": "c2pa.created", "digitalSourceType": AI}]}}],
)
def test_ambiguity_takes_the_statement_of_no_input_away(marked: Any, signer: Any, assertion: Any) -> None:
    """Actions that were only gathered, or are not said to be all, do not exclude an input."""
    evidence = examine(signer.sign(marked.picture(), assertion=assertion), trust=signer.trust)
    assert evidence.of("c2pa")[0].values["outcome"] == "trusted"
    assert evidence.real_basis is RealBasis.UNKNOWN
    assert evidence.tag is Tag.EXTENT_UNKNOWN


def test_repackaging_does_not(marked: Any, signer: Any) -> None:
    """Another container adds no picture."""
    actions = [made(AI), {"action": "c2pa.converted"}, {"action": "c2pa.published"}]
    evidence = examine(signer.sign(marked.picture(), actions=actions), trust=signer.trust)
    assert evidence.tag is Tag.SUPPORTS_FULLY_AI_GENERATED


@pytest.mark.parametrize("source", ["composite", "screenCapture", "digitalCreation", "compositeCapture"])
def test_another_beginning_does_not_say_so(marked: Any, signer: Any, source: str) -> None:
    """Only a wholly generated beginning does."""
    evidence = examine(signer.sign(marked.picture(), source), trust=signer.trust)
    assert evidence.tag is not Tag.SUPPORTS_FULLY_AI_GENERATED
    assert evidence.real_basis is not RealBasis.ASSERTED_ABSENT_SIGNED
