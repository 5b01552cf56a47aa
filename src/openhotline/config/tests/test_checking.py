"""What `openhotline check` finds once everything is loaded."""

import pytest
from django.conf import LazySettings
from django.db import connection

from openhotline.accounts.models import Person
from openhotline.config import checking
from openhotline.config.checking import faults
from openhotline.core.sandbox.protocol import SandboxUnavailable

pytestmark = pytest.mark.django_db


def test_nothing_is_wrong_with_the_software_itself() -> None:
    assert faults(deploy=False) == []


def test_practice_is_not_fit_for_production_and_says_why(manager: Person) -> None:
    found = " ".join(faults(deploy=True))
    for sentence in ("This is practice mode.", "OPENHOTLINE_DOOR=all", "made in practice mode", "0 managers"):
        assert sentence in found


def test_a_missing_sandbox_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> None:
        raise SandboxUnavailable("Bubblewrap is missing.")

    monkeypatch.setattr(checking, "sandbox_posture", missing)
    assert "Bubblewrap is missing." in faults(deploy=True)


def test_a_door_that_opens_no_files_needs_no_sandbox(monkeypatch: pytest.MonkeyPatch, settings: LazySettings) -> None:
    settings.DOOR = "public"
    monkeypatch.setattr(checking, "sandbox_posture", lambda: pytest.fail("the public door opens no files"))
    assert list(checking._sandbox()) == []


def test_the_database_is_asked_what_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "postgresql":
        assert list(checking._database()) == []
        return
    assert checking._shown("fsync") in {"on", "off"}
    monkeypatch.setattr(checking, "_shown", lambda _: "off")
    assert len(list(checking._database())) == 3
