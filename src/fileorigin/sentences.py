"""Evidence in plain sentences for the desk: what was found, and how far it carries."""

from __future__ import annotations

from fileorigin.evidence import AiInvolvement, Evidence, RealBasis, Status

NOTHING = "No evidence either way."

_AI = {
    AiInvolvement.CLAIMED_UNSIGNED: (
        "The file carries an unsigned claim of AI; anyone can write or remove such a mark."
    ),
    AiInvolvement.INDICATED_STATISTICALLY: "A statistical indication of AI was found; it is no proof.",
    AiInvolvement.WATERMARK_DECODED: "An open AI watermark was decoded; anyone can embed one.",
    AiInvolvement.ASSERTED_SIGNED_UNTRUSTED: ("A signed statement says that AI was involved; the signer is unknown."),
    AiInvolvement.ASSERTED_SIGNED_TRUSTED: (
        "A signed statement by a trusted signer says that AI was involved; "
        "it vouches for the signer, not for the scene."
    ),
}
_REAL = {
    RealBasis.INDICATED: "There are signs that a real photograph may lie underneath: treat as real.",
    RealBasis.ASSERTED_SIGNED: "A trusted signer states that a camera captured this: treat as real.",
    RealBasis.ASSERTED_ABSENT_SIGNED: (
        "The trusted signer names no input picture; only a person may draw a conclusion from that."
    ),
}
_CONFLICTS = {
    "camera_and_ai_marks": "Conflicting evidence: marks of a camera and marks of AI in the same file.",
    "capture_and_ai_signed": "Conflicting evidence: a signed camera capture and a statement of AI.",
    "thumbnail_and_ai_marks": (
        "Conflicting evidence: the embedded thumbnail shows another picture, and the file carries a mark of AI."
    ),
    "several_generators": "Marks of several generators in the same file.",
}
_OUTCOMES = {
    "invalid": ("Content Credentials are present and not valid: they prove nothing; a harmless edit can be the cause."),
    "remnant": "Remains of Content Credentials are present and cannot be read.",
    "remote_reference": "The Content Credentials are kept elsewhere; they were not fetched.",
    "trusted_interim": "Only the frozen interim list vouches for the signer; that counts as an unknown signer.",
}
_FACTS = (
    ("c2pa", "failures", "signingCredential.revoked", "A signer is on the operator's list of withdrawn certificates."),
    (
        "thumbnail",
        "differs",
        True,
        "The embedded thumbnail shows another picture: the file was changed after it was made.",
    ),
    (
        "novelai_signature",
        "outcome",
        "signature_valid",
        "The generator NovelAI signed exactly these pixels; a picture may still have gone in.",
    ),
    (
        "novelai_signature",
        "outcome",
        "signature_invalid",
        "A signature of NovelAI is in the file and does not fit its pixels: it was changed, or the mark was copied.",
    ),
    (
        "aigc_label",
        "by_propagator_only",
        True,
        "The AIGC label names only a platform that passed the file on; that platform may only suspect AI.",
    ),
)


def _says(evidence: Evidence, check: str, name: str, value: object) -> bool:
    found = [f.values.get(name) for f in evidence.of(check)]
    return any(value in held if isinstance(held, tuple) else held == value for held in found)


def describe(evidence: Evidence) -> list[str]:
    """Sentences for the desk, most important first. The default is `NOTHING`.

    Never says that a file is free of AI, wholly AI, or that no child was harmed: evidence in a file cannot.
    """
    out = _axes(evidence)
    out += [_CONFLICTS[c] for c in evidence.conflicts]
    out += [_OUTCOMES[o] for f in evidence.of("c2pa") if (o := f.values.get("outcome")) in _OUTCOMES]
    out += [sentence for check, name, value, sentence in _FACTS if _says(evidence, check, name, value)]
    if any(f.status is Status.ERROR for f in evidence.findings):
        out.append("Part of the file could not be read; that is not the same as finding no marks.")
    elif evidence.of("container")[:1] and evidence.of("container")[0].status is Status.UNSUPPORTED:
        out.append("Marks in this kind of file cannot be read yet; that is not the same as finding none.")
    return out


def _axes(evidence: Evidence) -> list[str]:
    out = [
        sentence
        for sentence in (_AI.get(evidence.ai_involvement), _REAL.get(evidence.real_basis))
        if sentence is not None
    ]
    if evidence.suspects_altered_real:
        out.append("A mark says that another picture may have gone in: this may be an altered real picture.")
    elif evidence.ai_involvement is not AiInvolvement.NONE_FOUND:
        out.append("How far AI was involved is not known: treat as real.")
    return out or [NOTHING]
