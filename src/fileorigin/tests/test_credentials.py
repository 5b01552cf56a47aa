"""Content Credentials: three outcomes, what each manifest states, and nothing over the network."""

import io
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography import x509
from PIL import Image

from fileorigin import AiInvolvement, Finding, RealBasis, Status, TrustLists, describe, examine
from fileorigin.checks import credentials
from fileorigin.containers.parts import Parts
from fileorigin.reading import Reading
from fileorigin.sealing import Seal


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_trusted_signer_is_trusted_in_every_format(marked: Any, signer: Any, kind: str) -> None:
    """With the root on the list, the statement of AI counts as signed and trusted."""
    evidence = examine(signer.sign(marked.picture(kind), kind=kind), trust=signer.trust)
    assert evidence.of("c2pa")[0].values["outcome"] == "trusted"
    assert evidence.ai_involvement is AiInvolvement.ASSERTED_SIGNED_TRUSTED
    assert evidence.real_basis is RealBasis.ASSERTED_ABSENT_SIGNED


def test_without_the_root_the_signer_is_unknown(marked: Any, signer: Any) -> None:
    """The same file without a trust list is untrusted, and asserts nothing on the real basis."""
    evidence = examine(signer.sign(marked.picture()))
    assert evidence.ai_involvement is AiInvolvement.ASSERTED_SIGNED_UNTRUSTED
    assert evidence.real_basis is RealBasis.UNKNOWN
    assert evidence.of("c2pa")[0].values["failures"] == ("signingCredential.untrusted",)


@pytest.mark.parametrize("purpose", ["1.3.6.1.5.5.7.3.36", "1.3.6.1.4.1.62558.2.1"])
def test_signers_for_documents_or_claims_only_are_trusted(marked: Any, signer_of: Any, purpose: str) -> None:
    """Certificates of the programme may have one of these purposes alone."""
    special = signer_of(x509.ObjectIdentifier(purpose))
    evidence = examine(special.sign(marked.picture(), trust=special.trust), trust=special.trust)
    assert evidence.of("c2pa")[0].values["outcome"] == "trusted"


def test_a_changed_byte_makes_it_invalid(marked: Any, signer: Any) -> None:
    """What an invalid manifest says is no more than an unsigned claim."""
    signed = bytearray(signer.sign(marked.picture()))
    signed[-20] ^= 1
    evidence = examine(bytes(signed), trust=signer.trust)
    assert evidence.of("c2pa")[0].values["outcome"] == "invalid"
    assert evidence.ai_involvement is AiInvolvement.CLAIMED_UNSIGNED
    assert evidence.real_basis is RealBasis.UNKNOWN


@pytest.mark.parametrize("known_when_signed", [True, False])
def test_ai_over_a_capture_is_an_altered_real_picture(marked: Any, signer: Any, known_when_signed: Any) -> None:
    """A camera's manifest under an AI edit: both axes speak, and the picture is treated as altered real."""
    trust = signer.trust if known_when_signed else None
    capture = signer.sign(marked.picture(), "digitalCapture")
    signed = signer.sign(marked.picture(), "compositeWithTrainedAlgorithmicMedia", over=capture, trust=trust)
    evidence = examine(signed, trust=signer.trust)
    assert evidence.suspects_altered_real
    assert evidence.real_basis is RealBasis.ASSERTED_SIGNED
    assert evidence.conflicts == ("capture_and_ai_signed",)


def test_trust_recorded_by_the_signer_is_not_believed(marked: Any, signer: Any, signer_of: Any) -> None:
    """An ingredient recorded as trusted is not, if its root is not on our list."""
    other = signer_of()
    capture = other.sign(marked.picture(), "digitalCapture")
    signed = signer.sign(marked.picture(), "composite", over=capture, trust=other.trust)
    assert examine(signed, trust=signer.trust).real_basis is RealBasis.INDICATED


@pytest.mark.parametrize("source", ["trainedAlgorithmicMedia", "digitalCapture"])
def test_a_stranger_borrows_no_trust(marked: Any, signer: Any, signer_of: Any, source: str) -> None:
    """A trusted picture taken in by an unknown signer says nothing trusted of what that signer made."""
    trusted = signer.sign(marked.picture(), source)
    signed = signer_of().sign(marked.picture(size=64), "composite", over=trusted)
    evidence = examine(signed, trust=signer.trust)
    assert evidence.of("c2pa")[0].values["trusted_manifests"] == 0
    assert evidence.ai_involvement is not AiInvolvement.ASSERTED_SIGNED_TRUSTED
    assert evidence.real_basis is RealBasis.INDICATED


def test_any_ingredient_prevents_a_statement_of_no_input(marked: Any, signer: Any) -> None:
    """An input of unknown origin may be a real photograph."""
    signed = signer.sign(marked.picture(), over=marked.picture(size=64))
    evidence = examine(signed, trust=signer.trust)
    assert "mediaUnknownProvenance" in evidence.of("c2pa")[0].values["signals"]
    assert evidence.suspects_altered_real
    assert evidence.real_basis is RealBasis.INDICATED


def test_a_revoked_signer_is_untrusted(marked: Any, signer: Any) -> None:
    """Offline there is no OCSP, so the operator's list decides."""
    lists = TrustLists(anchors=signer.trust.anchors, revoked=frozenset({signer.serial}))
    evidence = examine(signer.sign(marked.picture()), trust=lists)
    assert evidence.ai_involvement is AiInvolvement.ASSERTED_SIGNED_UNTRUSTED
    assert "signingCredential.revoked" in evidence.of("c2pa")[0].values["failures"]


def test_thumbnails_and_titles_are_sealed(marked: Any, signer: Any) -> None:
    """The picture before the edit comes out of the file, and only into the seal."""
    signed = signer.sign(marked.picture(), over=marked.picture(size=64))
    evidence = examine(signed)
    pictures = [v for k, v in evidence.sealed.items() if k.startswith("c2pa.thumbnail")]
    assert all(Image.open(io.BytesIO(p)).size for p in pictures)
    assert pictures
    assert "red cube" not in str(evidence.to_dict())


def test_a_broken_manifest_is_an_error_and_not_an_absence(marked: Any) -> None:
    """The box is there and cannot be read: a remnant."""
    picture = marked.picture()
    broken = picture[:2] + b"\xff\xeb\x00\x16JP\0\1\0\0\0\1\0\0\0\x0cjumbabcd" + picture[2:]
    evidence = examine(broken)
    assert evidence.of("c2pa")[0].status in {Status.ERROR, Status.PRESENT}
    assert evidence.of("c2pa")[0].values["outcome"] == "remnant"
    assert evidence.ai_involvement is AiInvolvement.NONE_FOUND
    assert len(describe(evidence)) == 2


def test_the_reader_is_called_only_for_files_with_a_manifest(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unmarked file costs no native code."""
    monkeypatch.setattr(credentials.c2pa.Reader, "try_create", lambda *_a, **_k: pytest.fail("was called"))
    assert examine(marked.picture()).of("c2pa")[0].status is Status.ABSENT


def test_no_settings_allow_the_network(signer: Any) -> None:
    """Remote manifests and OCSP are off, and no host is allowed, with and without trust."""
    for trust in (None, signer.trust):
        made = credentials.settings(trust)
        assert made["verify"] == {"remote_manifest_fetch": False, "ocsp_fetch": False}
        assert made["core"] == {"allowed_network_hosts": []}


@pytest.mark.parametrize("anchors", ["nothing here", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"])
def test_a_broken_trust_list_is_refused(anchors: str) -> None:
    """A mistake in the list must not look like unknown signers."""
    with pytest.raises(ValueError, match="not a list of certificates"):
        TrustLists(anchors=anchors)


def test_the_evidence_names_the_trust_list(marked: Any, signer: Any) -> None:
    """A later reader can tell which lists were in force."""
    assert examine(marked.picture(), trust=signer.trust).trust_list_sha256 == signer.trust.sha256
    assert examine(marked.picture()).trust_list_sha256 is None


def test_a_reference_to_remote_credentials_is_recorded(marked: Any, signer: Any) -> None:
    """The address that a signer left in the XMP is sealed, and not followed."""
    evidence = examine(signer.sign(marked.picture(), remote="http://127.0.0.1:9/m.c2pa"))
    assert evidence.of("c2pa_remote_reference")[0].status is Status.PRESENT
    assert "127.0.0.1" not in str(evidence.to_dict())


def test_a_manifest_that_is_here_and_elsewhere_is_read_here(marked: Any, signer: Any) -> None:
    """The copy in the file is verified; that there is another is recorded."""
    content = signer.sign(marked.picture(), remote="http://127.0.0.1:9/m.c2pa", embedded=True)
    evidence = examine(content, trust=signer.trust)
    assert evidence.of("c2pa")[0].values["outcome"] == "trusted"
    assert evidence.of("c2pa_remote_reference")[0].status is Status.PRESENT


def _knocks(marked: Any, signer: Any) -> tuple[bool, Finding]:
    """Make the reader see a file that points to this machine; was there a connection?"""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        content = signer.sign(marked.picture(), remote=f"http://127.0.0.1:{server.getsockname()[1]}/m")
        # A thread answers, so that a reader that does knock is not kept waiting.
        with ThreadPoolExecutor(1) as pool:
            knocked = pool.submit(_answer, server)
            parts = Parts("jpeg", manifests=["APP11@0x2"])
            found = credentials.credentials(Reading(content, parts, Seal()), signer.trust)
            return knocked.result(), found


def _answer(server: socket.socket) -> bool:
    try:
        connection, _ = server.accept()
    except TimeoutError:
        return False
    connection.close()
    return True


def test_a_remote_manifest_makes_no_connection(marked: Any, signer: Any) -> None:
    """Even the reader itself, given a file that points elsewhere, does not knock there."""
    knocked, found = _knocks(marked, signer)
    assert not knocked
    assert (found.status, found.values["outcome"]) == (Status.UNSUPPORTED, "remote_reference")


def test_with_the_settings_of_the_library_it_would(marked: Any, signer: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: without our settings the reader fetches, and the test above would see it."""
    monkeypatch.setattr(credentials, "settings", lambda _trust: {})
    assert _knocks(marked, signer)[0]
