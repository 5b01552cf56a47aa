"""Examine one file: run every check, never raise, conclude."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from fileorigin import reading
from fileorigin.checks import (
    camera,
    credentials,
    generators,
    hidden,
    novelai,
    statements,
    thumbnail,
    watermark,
)
from fileorigin.conclusion import conclude
from fileorigin.containers import walking
from fileorigin.containers.parts import Parts
from fileorigin.evidence import Evidence, Finding, Status, moment
from fileorigin.pixels import MAX_PIXELS
from fileorigin.reading import Reading
from fileorigin.sealing import Seal
from fileorigin.trust import TrustLists

Check = Callable[[], Finding | tuple[Finding, ...]]


def examine(
    data: bytes, *, trust: TrustLists | None = None, at: datetime | None = None, most_pixels: int = MAX_PIXELS
) -> Evidence:
    """Provenance evidence of one file, offline. `at` is now, to be kept as `run_at`; no clock is read here.

    Of a picture of more than `most_pixels` none are decoded, so marks in them are `unsupported`; 0 decodes nothing.

    Never raises on any bytes: a check that fails becomes a finding with status `error`. Bounded in what it
    inflates and keeps (see `containers.parts`), but not in time: run it in a sandbox with a time limit. Native code
    reads Content Credentials, and only if the file has them; pixels are decoded only where a mark can be in them.
    """
    read = Reading(data, _walk(data), Seal(), most_pixels)
    findings = (
        # Pixels first, so that a file whose pixels cannot be read has no absent marks.
        *_guarded("alpha_payload", lambda: hidden.payload(read)),
        *_guarded("generator_marks", lambda: generators.findings(read)),
        *_guarded("digital_source_type", lambda: statements.digital_source_type(read)),
        *_guarded("ai_properties", lambda: statements.ai_properties(read)),
        *_guarded("aigc_label", lambda: statements.aigc_label(read)),
        *_guarded("c2pa", lambda: credentials.credentials(read, trust)),
        *_guarded("c2pa_remote_reference", lambda: statements.remote_reference(read)),
        *_guarded("camera", lambda: camera.camera(read)),
        *_guarded("thumbnail", lambda: thumbnail.thumbnail(read)),
        *_guarded("novelai_signature", lambda: novelai.signature(read)),
        *_guarded("pixel_watermark", lambda: watermark.watermark(read)),
    )
    # Last, so that it reports the problems that the checks met.
    findings = (*_guarded("container", lambda: reading.container(read)), *findings)
    return _evidence(read, findings, trust, at)


def _evidence(read: Reading, findings: tuple[Finding, ...], trust: TrustLists | None, at: datetime | None) -> Evidence:
    result = conclude(findings)
    return Evidence(
        file_sha256=hashlib.sha256(read.data).hexdigest(),
        length=len(read.data),
        format=read.parts.format,
        findings=findings,
        ai_involvement=result.ai,
        real_basis=result.real,
        suspects_altered_real=result.altered_real,
        conflicts=result.conflicts,
        trust_list_sha256=trust.sha256 if trust is not None else None,
        run_at=moment(at) if at is not None else None,
        sealed=read.seal.contents,
    )


def _walk(data: bytes) -> Parts:
    try:
        return walking.walk(data)
    except Exception:  # noqa: BLE001 - the bytes are hostile; whatever happens is an error finding
        return Parts("unknown", problems={"check_failed"})


def _guarded(name: str, check: Check) -> tuple[Finding, ...]:
    try:
        found = check()
    except Exception:  # noqa: BLE001 - as above; the exception's text may quote the file, so it is not kept
        return (Finding(name, Status.ERROR, values={"problems": ("check_failed",)}),)
    return found if isinstance(found, tuple) else (found,)
