"""The sandbox of this process: which walls it insists on."""

from hashlib import sha256
from typing import Any

import pytest

from marking import encoded, landscape
from openhotline.core.largest_file import LARGEST_FILE
from openhotline.core.sandbox.protocol import Answer
from openhotline.evidence import queries
from openhotline.evidence.examiner import in_parts, program, sandboxed
from openhotline.evidence.examiner.answers import Examined, Unseen, read_answer
from openhotline.intake.models.containers import LARGEST


@pytest.mark.parametrize(("practice", "required"), [(True, False), (False, True)])
def test_only_practice_may_open_files_with_a_wall_missing(
    monkeypatch: pytest.MonkeyPatch, settings: Any, practice: Any, required: Any
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(sandboxed, "_open", {})
    monkeypatch.setattr(sandboxed, "TwoSandboxes", lambda *_, **wanted: asked.append(wanted))
    settings.PRACTICE = practice
    sandboxed.sandbox()
    assert asked[0]["require"] is required


@pytest.mark.sandbox
def test_on_this_machine_every_wall_stands_and_one_sandbox_serves_all() -> None:
    assert queries.sandbox_posture().kind == "sandboxed"
    assert sandboxed.sandbox() is sandboxed.sandbox()


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_closed_sandbox_is_opened_anew() -> None:
    before = sandboxed.sandbox()
    sandboxed.close()
    assert sandboxed.sandbox() is not before


def test_what_a_collection_takes_is_examined() -> None:
    """One limit: a file that is taken and not examined would come to a person with nothing said of it."""
    assert LARGEST == sandboxed.LIMITS.bytes_in == in_parts.LIMITS.bytes_in
    assert sandboxed.LIMITS.memory == program.MEMORY


@pytest.mark.sandbox
@pytest.mark.slow
@pytest.mark.parametrize(("side", "kind"), [(5_500, Examined), (6_500, Unseen)])
def test_the_largest_file_is_decoded_as_far_as_memory_goes_and_told_of_in_any_case(side: int, kind: type) -> None:
    """Thirty million pixels fit beside two hundred megabytes; forty do not, and nothing has to be killed for that."""
    picture = encoded(landscape(1, 64, 64).resize((side, side)), "TIFF")
    data = picture.ljust(LARGEST_FILE, b"\0")
    ((_, answer),) = sandboxed.examined([("a", data)])
    assert isinstance(answer, Answer)
    found = read_answer(answer, sha256=sha256(data).hexdigest())
    assert isinstance(found, kind)
    assert (found.provenance.format, found.provenance.length) == ("tiff", LARGEST_FILE)
    assert found.provenance.of("camera")[0].status == "absent"
