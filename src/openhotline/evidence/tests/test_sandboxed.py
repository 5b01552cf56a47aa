"""The sandbox of this process: which walls it insists on."""

from typing import Any

import pytest

from openhotline.evidence import queries
from openhotline.evidence.examiner import sandboxed


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
