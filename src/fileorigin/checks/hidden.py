"""Text hidden in the lowest bits of the pixels."""

from __future__ import annotations

from fileorigin.evidence import AiInvolvement, Finding, Status, Strength, Value
from fileorigin.reading import Reading, digest, locations
from fileorigin.vocabulary import REASONS


def payload(reading: Reading) -> Finding:
    """A payload in alpha or colour: generators and their add-ons write it, and it outlives the removal of texts.

    The fifteen letters that begin it do not arise by chance. What they hold is judged with the other texts.
    """
    found = reading.payload
    if found.problem in REASONS:
        return Finding("alpha_payload", Status.UNSUPPORTED, values={"reason": found.problem})
    if found.channel is None:
        return reading.nothing("alpha_payload")
    values: dict[str, Value] = {"channel": found.channel, "length": len(found.raw), "sha256": digest(found.raw)}
    if found.problem:
        values["problems"] = (found.problem,)
    return Finding(
        "alpha_payload",
        Status.PRESENT,
        Strength.WEAK,
        ai=AiInvolvement.CLAIMED_UNSIGNED,
        values=values,
        sealed_refs=(reading.seal.put("payload", found.raw),),
        locations=locations(["pixels@0x0"]),
    )
