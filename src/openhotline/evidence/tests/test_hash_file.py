"""Bytes are hashed in the sandbox and kept nowhere."""

import io
from hashlib import sha256

import numpy as np
import pytest
from PIL import Image

from hashmatch import pdq
from moving import moving
from openhotline.audit.models import Record
from openhotline.core.errors import NotNow
from openhotline.core.sandbox.protocol import SandboxUnavailable
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.models import Item
from openhotline.evidence.services.hash_file import hash_file

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]


def test_a_picture_has_the_hashes_that_it_has_everywhere() -> None:
    sink = io.BytesIO()
    y, x = np.mgrid[0:96, 0:96]
    Image.fromarray(np.uint8((x * y) % 251)).save(sink, "PNG")
    found = hash_file(data=sink.getvalue())
    assert found.digests["sha256"] == sha256(sink.getvalue()).hexdigest()
    assert found.pdq == pdq.from_bytes(sink.getvalue()).hash.hex()


def test_what_is_no_picture_has_no_pdq_and_nothing_is_kept() -> None:
    found = hash_file(data=b"no picture at all")
    assert (found.pdq, found.quality) == (None, None)
    assert not Item.objects.exists()
    assert not Record.objects.exists()


def test_of_a_video_nothing_is_decoded_for_a_member() -> None:
    """It has digests, as any file has; frames would cost seconds that whoever asks does not pay."""
    found = hash_file(data=moving(1))
    assert (found.digests["sha256"], found.pdq) == (sha256(moving(1)).hexdigest(), None)


def test_where_no_sandbox_is_it_is_refused_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A member's program is told to come back, and the service has no error."""

    def missing() -> None:
        raise SandboxUnavailable("Bubblewrap is missing.")

    monkeypatch.setattr(sandboxed, "sandbox", missing)
    with pytest.raises(NotNow, match="ask again later"):
        hash_file(data=b"anything")
