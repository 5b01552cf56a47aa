"""The short form of the faults of file evidence, and that they would be seen."""

import pytest

from faults import damaging, fault_provenance
from faults.fault_provenance import misbehaving, play

REMOTE = "http://127.0.0.1:9/m.c2pa"


@pytest.mark.slow
def test_every_container_is_among_the_cases() -> None:
    forms = {damaging.case(REMOTE, 4, number)[0] for number in range(300)}
    assert forms == {"JPEG", "PNG", "WEBP", "GIF", "TIFF", "AVIF", "JXL"}


def test_a_case_is_its_seed_and_number() -> None:
    assert damaging.case(REMOTE, 4, 7) == damaging.case(REMOTE, 4, 7)
    assert damaging.case(REMOTE, 4, 7) != damaging.case(REMOTE, 5, 7)


@pytest.mark.slow
def test_damaged_files_do_no_harm() -> None:
    told = play(400, 4)
    assert told.faults == []
    assert told.cases == 400
    assert told.containers.keys() >= {"error", "present"}
    assert told.credentials.keys() >= {"error", "absent", "invalid"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("crash", "ended its child with signal 9"),
        ("hang", "took too long"),
        ("raise", "ValueError: planted"),
        ("connect", "It tried what none may: socket.getaddrinfo"),
    ],
)
def test_a_fault_would_be_seen_and_the_rest_goes_on(how: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bugs: one file in a hundred or so does what none may."""
    monkeypatch.setattr(fault_provenance, "BATCH", 60)
    told = play(120, 4, misbehaving(how), seconds=1.0)
    assert told.cases == 120
    assert told.faults
    assert all(words in fault for fault in told.faults)


@pytest.mark.slow
def test_a_connection_past_python_would_be_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: with the settings of the library, the native reader fetches what is kept elsewhere."""
    monkeypatch.setattr("fileorigin.checks.credentials.settings", lambda _anchors="": {})
    monkeypatch.setattr("fileorigin.containers.parts.Parts.has_manifest", property(lambda _self: True))
    told = play(60, 4)
    # Where the reader waits for the other side, its child hangs, which is as red.
    assert told.connections or told.hangs
