"""Hashes that young people made come to members apart, unreviewed, and leave when they are taken back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from openhotline.core.jobs import drain
from openhotline.hashlists.errors import NotAgreed
from openhotline.hashlists.models import Member, Routine, SelfReportedHash
from openhotline.hashlists.models.canaries import CANARIES
from openhotline.hashlists.queries.sealed import sealed_folder, whose
from openhotline.hashlists.services.keep_self_reported import keep_self_reported
from openhotline.hashlists.services.make_member_key import make_member_key
from openhotline.hashlists.services.release_sealed import release_sealed
from openhotline.hashlists.services.withdraw_self_reported import withdraw_self_reported
from openhotline.hashlists.states import CRIMINAL, SealedKind
from openhotline.hashlists.tests.asking import Machine, picture
from openhotline.hashlists.tests.sealing import Keyring, Opened
from openhotline.intake.states import Scope

pytestmark = pytest.mark.django_db
KIND = SealedKind.SELF_REPORTED
PDQ = "0f" * 32
MakeMember = Callable[..., Member]


@pytest.fixture
def machine(make_member: MakeMember, machine_of: Callable[..., Machine], ring: Keyring) -> Machine:
    """A member's machine that may fetch them."""
    return machine_of(make_member(self_reported=True, age_key=ring.public))


@pytest.fixture
def out(begin: Callable[..., Routine], now: datetime) -> Callable[[], None]:
    """What came or was taken back goes out, an hour later each time."""
    begin(KIND)
    hours = iter(range(1, 9))

    def release() -> None:
        release_sealed(kind=KIND, actor="step:test", now=now + timedelta(hours=next(hours)))
        drain()

    return release


def sent(origin: str, now: datetime, pdq: str = PDQ) -> None:
    keep_self_reported(hashes=[SelfReportedHash(origin=origin, pdq=pdq, quality=80)], actor="step:x", now=now)


def fetched(machine: Machine, ring: Keyring, ask: str = "") -> Opened:
    answer = machine.get(f"v1/self-reported{ask}")
    assert answer.status_code == 200, answer.content
    return ring.open(b"".join(answer.streaming_content))


def test_a_member_fetches_it_and_each_line_says_to_look_first(
    machine: Machine, ring: Keyring, out: Callable[[], None], now: datetime
) -> None:
    sent("dev_a", now)
    out()
    opened = fetched(machine, ring)
    (line,) = [one for one in opened.of_kind("entry") if one["hashes"]["pdq"] == PDQ]
    assert line["standing"] == "unreviewed: look at the picture before acting"
    assert "legal_basis" not in line
    assert opened.manifest["list"] == "self_reported"


def test_what_is_taken_back_leaves_with_the_next_version(
    machine: Machine, ring: Keyring, out: Callable[[], None], now: datetime
) -> None:
    sent("dev_a", now)
    sent("dev_b", now, "f0" * 32)
    out()
    withdraw_self_reported(origins=["dev_a"], actor="step:x", now=now)
    out()
    told = fetched(machine, ring, "?since=1")
    assert [one["kind"] for one in told.lines.values()] == ["tombstone"]
    assert PDQ.encode() not in fetched(machine, ring).plain


def test_what_is_taken_back_before_it_went_out_leaves_no_trace(
    machine: Machine, ring: Keyring, out: Callable[[], None], now: datetime
) -> None:
    sent("dev_a", now)
    withdraw_self_reported(origins=["dev_a"], actor="step:x", now=now)
    out()
    assert machine.get("v1/self-reported").status_code == 404


def test_it_is_never_an_answer_of_the_match_service(machine: Machine, out: Callable[[], None], now: datetime) -> None:
    sent("dev_a", now)
    out()
    assert machine.match(picture(PDQ))[0]["match"] == "no"


def test_without_its_own_scope_or_agreement_there_is_nothing(
    make_member: MakeMember,
    machine_of: Callable[..., Machine],
    ring: Keyring,
    out: Callable[[], None],
    senior: object,
    now: datetime,
) -> None:
    agreed, not_agreed = make_member(self_reported=True, age_key=ring.public), make_member("Other")
    sent("dev_a", now)
    out()
    assert machine_of(agreed, Scope.LIST).get("v1/self-reported").status_code == 403
    assert machine_of(not_agreed).get("v1/self-reported").status_code == 403
    ends = now + timedelta(days=9)
    with pytest.raises(NotAgreed, match="list:self-reported"):
        make_member_key(member=not_agreed, scopes=[Scope.SELF_REPORTED], expires_at=ends, actor=senior, now=now)  # type: ignore[arg-type] # a person


def test_no_line_tells_a_member_of_several_streams_which_are_its_own(
    machine: Machine, ring: Keyring, out: Callable[[], None], now: datetime
) -> None:
    """Canaries name all of its streams, as the hashes beside them do."""
    sent("dev_a", now)
    out()
    lines = fetched(machine, ring).of_kind("entry")
    assert len(lines) == 1 + CANARIES
    assert {tuple(line["streams"]) for line in lines} == {tuple(sorted(CRIMINAL))}


def test_a_list_that_leaked_says_whose_it_was_and_the_signed_file_holds_no_hash(
    machine: Machine, ring: Keyring, out: Callable[[], None], now: datetime
) -> None:
    sent("dev_a", now)
    out()
    leaked = "\n".join(one["hashes"]["pdq"] for one in fetched(machine, ring).of_kind("entry"))
    assert list(whose(leaked)) == [Member.objects.get()]
    assert PDQ not in (sealed_folder(KIND) / "1.jsonl").read_text()
