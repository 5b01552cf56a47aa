"""The manifests of a C2PA store: what each states, and whose signer is trusted now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fileorigin.checks import rubric
from fileorigin.vocabulary import RELATIONSHIPS, SOURCE_TYPES, SourceType


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


def read(store: Mapping[str, Any], crjson: Mapping[str, Any]) -> tuple[Manifest, ...]:
    """Every manifest of the store, the active one first.

    `store` is the reader's report, with trust and certificates; `crjson` its document for the rubric. A manifest
    that the second does not hold has no actions to judge, and so is ambiguous.
    """
    active = store.get("active_manifest")
    nodes = {node.get("label"): node for node in crjson.get("manifests") or [] if isinstance(node, Mapping)}
    held = store.get("manifests") or {}
    labels = sorted({*held, *(label for label in nodes if label)}, key=lambda label: (label != active, label))
    trusted = _trusted_labels(store)
    return tuple(_manifest(held.get(label) or {}, nodes.get(label) or {}, label in trusted) for label in labels)


def _manifest(raw: Mapping[str, Any], node: Mapping[str, Any], trusted: bool) -> Manifest:  # noqa: FBT001 - a fact
    held = [*(raw.get("ingredients") or []), *rubric.ingredients(node)]
    return Manifest(
        trusted=trusted,
        serial=str((raw.get("signature_info") or {}).get("cert_serial_number") or ""),
        signals=rubric.signals(node),
        source_types=rubric.source_types(node),
        relationships=tuple(sorted({_relationship(i) for i in held})),
        opened=rubric.opened(node),
    )


def _trusted_labels(store: Mapping[str, Any]) -> frozenset[str]:
    """Manifests that are trusted now: their own signer is, and so is every signer on the way to them.

    An ingredient carries the results that were recorded when it was taken in, and the validator adds what is
    different now; so recorded trust counts only if nothing new speaks against it. What a trusted signer says of an
    ingredient is true of that; only a trusted signer above can say that this picture was made of it.
    """
    deltas = list(_deltas(store))
    active = str(store.get("active_manifest"))
    waiting, trusted = [active] if store.get("validation_state") == "Trusted" else [], set[str]()
    while waiting:
        label = waiting.pop()
        if label in trusted:
            continue
        trusted.add(label)
        below = ((store.get("manifests") or {}).get(label) or {}).get("ingredients") or []
        waiting += [str(i["active_manifest"]) for i in below if _still_trusted(i, deltas)]
    return frozenset(trusted)


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


def _relationship(ingredient: Mapping[str, Any]) -> str:
    name = str(ingredient.get("relationship"))
    return name if name in RELATIONSHIPS else "other"
