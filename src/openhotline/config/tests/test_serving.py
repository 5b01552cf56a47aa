"""The web server's processes: which of them open a sandbox, and when."""

import pytest
from django.conf import LazySettings

from openhotline.config import serving
from openhotline.core.sandbox.parent import Posture
from openhotline.core.sandbox.protocol import SandboxUnavailable


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []

    def posture() -> Posture:
        seen.append("opened")
        return Posture("sandboxed", ())

    monkeypatch.setattr(serving, "sandbox_posture", posture)
    return seen


def test_the_media_door_has_its_sandbox_before_the_first_request(settings: LazySettings, opened: list[str]) -> None:
    settings.DOOR = "media"
    serving.open_sandbox(None)
    assert opened == ["opened"]


@pytest.mark.parametrize("door", ["public", "desk", "members"])
def test_a_door_that_shows_no_picture_opens_no_sandbox(settings: LazySettings, opened: list[str], door: str) -> None:
    settings.DOOR = door
    serving.open_sandbox(None)
    assert opened == []


def test_the_door_answers_where_files_cannot_be_opened_safely(
    settings: LazySettings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def posture() -> Posture:
        raise SandboxUnavailable("There is no bubblewrap.")

    monkeypatch.setattr(serving, "sandbox_posture", posture)
    settings.DOOR = "media"
    serving.open_sandbox(None)
    assert "There is no bubblewrap." in caplog.text
