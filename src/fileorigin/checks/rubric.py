"""The signals of one C2PA manifest, by the local-signals rubric of the C2PA conformance programme (2026-08-06).

The rubric is a set of expressions over crJSON, one a signal, evaluated for each manifest of the store by itself;
the lists and the conditions here are those of its files `globals-actions`, `globals-signals`, `signal-inception-*`
and `signal-transformations-*`. Where ours sees more than the rubric (actions of the older assertion, a second
ingredient, an address of a source type in another form), it is towards doubt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from fileorigin.vocabulary import source_type

ACTIONS = "c2pa.actions"
_CURRENT = "c2pa.actions.v2"

_INCEPTION = frozenset({"c2pa.created", "c2pa.opened"})
_NON_EDITORIAL = frozenset({
    "c2pa.converted", "c2pa.published", "c2pa.repackaged", "c2pa.transcoded", "c2pa.resized.proportional",
    "c2pa.enhanced", "c2pa.edited.metadata", "c2pa.watermarked", "c2pa.watermarked.bound",
    "c2pa.watermarked.unbound", "c2pa.redacted",
})  # fmt: skip
_INCEPTION_SIGNALS = {
    "trainedAlgorithmicMedia": "fullyGenAIMedia",
    "compositeWithTrainedAlgorithmicMedia": "partlyGenAICreation",
    "composite": "compositionMayContainGenAI",
    "screenCapture": "screenCaptureMayContainGenAI",
    "digitalCapture": "capturedMedia",
    "computationalCapture": "capturedMedia",
    "compositeCapture": "capturedMediaStitched",
    "digitalCreation": "nonGenAIDigitalCreation",
    "empty": "blankCanvas",
}
_AI_TYPES = frozenset({
    "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic", "trainedAlgorithmicData",
})  # fmt: skip
_POSSIBLY_AI_TYPES = frozenset({"digitalArt", "composite"})


def signals(node: Mapping[str, Any]) -> frozenset[str]:
    """The signals of one manifest of a crJSON document; an empty one is ambiguous."""
    found = {signal for action in actions(node) for signal in _of_action(action)}
    if any(not ingredient.get("activeManifest") for ingredient in ingredients(node)):
        found.add("mediaUnknownProvenance")
    if _ambiguous(node):
        found.add("ambiguousActions")
    return frozenset(found)


def actions(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every action of every actions assertion."""
    for label, assertion in _assertions(node):
        if label.startswith(ACTIONS):
            yield from (a for a in assertion.get("actions") or [] if isinstance(a, Mapping))


def ingredients(node: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Every ingredient assertion, whatever its version and number."""
    return tuple(assertion for label, assertion in _assertions(node) if label.startswith("c2pa.ingredient"))


def source_types(node: Mapping[str, Any]) -> frozenset[str]:
    """The digital source types of all actions, by name."""
    return frozenset(source_type(str(a["digitalSourceType"])) for a in actions(node) if a.get("digitalSourceType"))


def opened(node: Mapping[str, Any]) -> bool:
    """Whether it says that something was opened."""
    return any(action.get("action") == "c2pa.opened" for action in actions(node))


def _of_action(action: Mapping[str, Any]) -> Iterator[str]:
    name = str(action.get("action") or "")
    raw = action.get("digitalSourceType")
    kind = source_type(str(raw)) if raw else None
    if name in _NON_EDITORIAL:
        yield "nonEditorial"
    elif name in _INCEPTION:
        if kind in _INCEPTION_SIGNALS:
            yield _INCEPTION_SIGNALS[kind]
    elif kind in _AI_TYPES:
        yield "perceptibleGenAI"
    elif kind is not None:
        yield "perceptibleNonGenAI"
        if kind in _POSSIBLY_AI_TYPES:
            yield "perceptiblePossiblyGenAI"


def _ambiguous(node: Mapping[str, Any]) -> bool:
    named = [str(action.get("action") or "") for action in actions(node)]
    current = [assertion for label, assertion in _assertions(node) if label.startswith(_CURRENT)]
    gathered = (node.get("claim.v2") or {}).get("gathered_assertions") or []
    return (
        not named
        or not current
        or any(assertion.get("allActionsIncluded") is not True for assertion in current)
        or any(not name.startswith("c2pa.") or name == "c2pa.unknown" for name in named)
        or any(ACTIONS in str(reference.get("url")) for reference in gathered)
    )


def _assertions(node: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for label, assertion in (node.get("assertions") or {}).items():
        if isinstance(assertion, Mapping):
            yield str(label), assertion
