"""The health of the sandbox, as an operator asks for it."""

from datetime import datetime, timedelta

import pytest
from django.test import Client, RequestFactory

from openhotline.core.clock import now as present
from openhotline.core.models import Event, Overdue, Round
from openhotline.core.sandbox.parent import Posture
from openhotline.core.sandbox.protocol import SandboxUnavailable, Wear
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.views import media_health

pytestmark = pytest.mark.django_db

ASKED = RequestFactory().get("/media/health/")


def test_a_sound_sandbox_is_told_with_what_files_cost(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sandboxed.Health(Posture("sandboxed", ()), sandboxed.LIMITS, Wear(files=3, peak=1 << 20))
    monkeypatch.setattr(sandboxed, "health", lambda: whole)
    answer = media_health(ASKED)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-store")
    assert b'"posture": "sandboxed"' in answer.content
    assert b'"files": 3' in answer.content


def test_a_missing_wall_is_told_and_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    hole = Posture("degraded", ("The decoder sees a network.",))
    monkeypatch.setattr(sandboxed, "health", lambda: sandboxed.Health(hole, sandboxed.LIMITS, Wear()))
    answer = media_health(ASKED)
    assert answer.status_code == 503
    assert b"sees a network" in answer.content


def test_no_sandbox_at_all_is_told_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> sandboxed.Health:
        raise SandboxUnavailable("The program bwrap is not installed.")

    monkeypatch.setattr(sandboxed, "health", missing)
    answer = media_health(ASKED)
    assert answer.status_code == 503
    assert b"not installed" in answer.content


def test_work_that_was_given_up_is_told_and_is_not_healthy(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    whole = sandboxed.Health(Posture("sandboxed", ()), sandboxed.LIMITS, Wear())
    monkeypatch.setattr(sandboxed, "health", lambda: whole)
    Event.objects.create(kind="ReportReceived", ids=[1], at=now)
    answer = media_health(ASKED)
    assert answer.status_code == 503
    assert b'"given_up": 1' in answer.content
    assert b"openhotline announcements status" in answer.content


def test_what_is_due_and_fails_is_told_and_is_not_healthy(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sandboxed.Health(Posture("sandboxed", ()), sandboxed.LIMITS, Wear())
    monkeypatch.setattr(sandboxed, "health", lambda: whole)
    began = present() - timedelta(hours=1)
    Overdue.objects.create(name="police holds run out", since=began, tried_at=began, error="ValueError")
    answer = media_health(ASKED)
    assert answer.status_code == 503
    assert b'"overdue": ["police holds run out"]' in answer.content
    assert b"is not done: police holds run out" in answer.content


def test_a_worker_that_does_not_run_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sandboxed.Health(Posture("sandboxed", ()), sandboxed.LIMITS, Wear())
    monkeypatch.setattr(sandboxed, "health", lambda: whole)
    Round.objects.create(pk=1, ended_at=present() - timedelta(hours=1))
    answer = media_health(ASKED)
    assert answer.status_code == 503
    assert b"no worker runs, or it hangs" in answer.content


def test_a_stranger_is_not_told(client: Client) -> None:
    assert client.get("/media/health/").status_code == 302


@pytest.mark.sandbox
@pytest.mark.slow
def test_on_this_machine_the_sandbox_is_sound() -> None:
    found = sandboxed.health()
    assert (found.posture.kind, found.wear.restarts) == ("sandboxed", 0)
    assert found.wear.own < found.limits.memory
