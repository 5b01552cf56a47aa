"""What the manifests of a C2PA store state, by the signals of the conformance rubric (2026-08-06)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fileorigin.vocabulary import RELATIONSHIPS, SOURCE_TYPES, SourceType, source_type

_INCEPTION = {"c2pa.created", "c2pa.opened"}
_INCEPTION_SIGNALS = {
    "trainedAlgorithmicMedia": "fullyGenAIMedia",
    "compositeWithTrainedAlgorithmicMedia": "partlyGenAICreation",
    "composite": "compositionMayContainGenAI",
    "screenCapture": "screenCaptureMayContainGenAI",
    "digitalCapture": "capturedMedia",
    "computationalCapture": "capturedMedia",
}
_EDIT_SIGNALS = {
    "trainedAlgorithmicMedia": "perceptibleGenAI",
    "compositeWithTrainedAlgorithmicMedia": "perceptibleGenAI",
    "compositeSynthetic": "perceptibleGenAI",
    "trainedAlgorithmicData": "perceptibleGenAI",
    "digitalArt": "perceptiblePossiblyGenAI",
    "composite": "perceptiblePossiblyGenAI",
}


@dataclass(frozen=True)
class Manifest:
    """One manifest: whether its own signer is trusted, its signals, source types and ingredients."""

    trusted: bool
    serial: str
    signals: frozenset[str]
    source_types: frozenset[str]
    relationships: tuple[str, ...]
    opened: bool

    @property
    def types(self) -> tuple[SourceType, ...]:
        """What its source types say."""
        return tuple(SOURCE_TYPES[n] for n in self.source_types if n in SOURCE_TYPES)

    @property
    def states_ai(self) -> bool:
        """A trained model had a part in it."""
        return any(t.ai for t in self.types)

    @property
    def states_capture(self) -> bool:
        """It is, or was made of, a camera capture."""
        return any(t.capture for t in self.types)

    @property
    def altered(self) -> bool:
        """Something lies underneath: an ingredient, an opened picture, or a type that says so."""
        return bool(self.relationships) or self.opened or any(t.altered for t in self.types)


def read(store: Mapping[str, Any]) -> tuple[Manifest, ...]:
    """Every manifest of the store that c2pa reports, the active one first."""
    active = store.get("active_manifest")
    labels = sorted(store.get("manifests", {}), key=lambda label: label != active)
    trusted = _trusted_labels(store)
    return tuple(_manifest(store["manifests"][label], trusted=label in trusted) for label in labels)


def _trusted_labels(store: Mapping[str, Any]) -> frozenset[str]:
    """Manifests whose signer is trusted now.

    An ingredient carries the results that were recorded when it was taken in, and the validator adds what is
    different now; so recorded trust counts only if nothing new speaks against it.
    """
    trusted = {store.get("active_manifest")} if store.get("validation_state") == "Trusted" else set()
    deltas = list(_deltas(store))
    trusted |= {i.get("active_manifest") for i in _ingredients(store) if _still_trusted(i, deltas)}
    return frozenset(label for label in trusted if label)


def _still_trusted(ingredient: Mapping[str, Any], deltas: list[tuple[str, str, str]]) -> bool:
    label = ingredient.get("active_manifest")
    if not label:
        return False
    recorded = (ingredient.get("validation_results") or {}).get("activeManifest") or {}
    now = [(kind, code) for kind, address, code in deltas if label in address]
    failures = {status.get("code") for status in recorded.get("failure", [])} - {"signingCredential.untrusted"}
    if failures or any(kind == "failure" for kind, _ in now):
        return False
    codes = {status.get("code") for status in recorded.get("success", [])} | {code for _, code in now}
    return "signingCredential.trusted" in codes


def _deltas(store: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(success or failure, address, code) of each change since an ingredient was taken in."""
    for delta in (store.get("validation_results") or {}).get("ingredientDeltas") or []:
        for kind in ("success", "failure"):
            for status in (delta.get("validationDeltas") or {}).get(kind) or []:
                yield kind, status.get("url") or "", status.get("code") or ""


def _ingredients(store: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for manifest in store.get("manifests", {}).values():
        yield from manifest.get("ingredients") or []


def _manifest(raw: Mapping[str, Any], *, trusted: bool) -> Manifest:
    actions = list(_actions(raw))
    signals = {signal for action in actions for signal in _signals(action)}
    types = {source_type(str(a["digitalSourceType"])) for a in actions if a.get("digitalSourceType")}
    if not actions or not _all_included(raw):
        signals.add("ambiguousActions")
    ingredients = raw.get("ingredients") or []
    if any(not i.get("active_manifest") for i in ingredients):
        signals.add("mediaUnknownProvenance")
    return Manifest(
        trusted=trusted,
        serial=str((raw.get("signature_info") or {}).get("cert_serial_number") or ""),
        signals=frozenset(signals),
        source_types=frozenset(types),
        relationships=tuple(_relationship(i) for i in ingredients),
        opened=any(action.get("action") == "c2pa.opened" for action in actions),
    )


def _signals(action: Mapping[str, Any]) -> Iterator[str]:
    name = action.get("action", "")
    table = _INCEPTION_SIGNALS if name in _INCEPTION else _EDIT_SIGNALS
    kind = source_type(str(action.get("digitalSourceType") or ""))
    if action.get("digitalSourceType") and kind in table:
        yield table[kind]
    if not name.startswith("c2pa.") or name == "c2pa.unknown":
        yield "ambiguousActions"


def _relationship(ingredient: Mapping[str, Any]) -> str:
    name = str(ingredient.get("relationship"))
    return name if name in RELATIONSHIPS else "other"


def _action_assertions(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for assertion in raw.get("assertions") or []:
        if str(assertion.get("label", "")).startswith("c2pa.actions"):
            yield assertion.get("data") or {}


def _actions(raw: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for body in _action_assertions(raw):
        yield from body.get("actions") or []


def _all_included(raw: Mapping[str, Any]) -> bool:
    return all(body.get("allActionsIncluded") is True for body in _action_assertions(raw))
