"""An approved referral becomes a sealed package that holds what its manifest says."""

import io
import stat
import tarfile
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from pyrage import x25519

from openhotline.accounts.errors import NeedsTwoPeople, NotApproved
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.core import models as core
from openhotline.evidence.models import Item
from openhotline.referral.errors import PackageRefused
from openhotline.referral.models import Referral, verify_package, write_package
from openhotline.referral.queries import package_path
from openhotline.referral.services import build_referral as operation
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.states import ReferralState

pytestmark = pytest.mark.django_db
Make = Callable[..., Item]
Build = Callable[..., Referral]
Sign = Callable[[Referral], Referral]


def packed(manifest: bytes, *files: tuple[str, bytes], to: Path) -> str:
    """Write a package for a fresh key; return its identity."""
    identity = x25519.Identity.generate()
    write_package(to, manifest, files, recipient=str(identity.to_public()), at=0)
    return str(identity)


def manifest_of(**files: bytes) -> bytes:
    items = ",".join(
        f'{{"file":"{n}","bytes":{len(d)},"hashes":{{"sha256":"{sha256(d).hexdigest()}"}}}}' for n, d in files.items()
    )
    return f'{{"format":"openhotline-referral/1","referral":"ref_x","practice":true,"items":[{items}]}}'.encode()


def test_the_partner_opens_exactly_what_was_approved(decided: Make, built: Build, identity: str) -> None:
    items = [decided(b"GIF89a" + bytes(range(256))), decided(bytes(70_000))]
    done = built(*items)
    path = package_path(done.public_id)
    found = verify_package(path, identity=identity, manifest_sha256=done.manifest_sha256)
    assert (found.items, found.referral, found.practice) == (2, done.public_id, True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert done.package_sha256 == sha256(path.read_bytes()).hexdigest()
    assert core.Event.objects.get(kind="ReferralBuilt").ids == [done.pk]


def test_a_plain_tar_lies_inside_age(decided: Make, built: Build, identity: str) -> None:
    """Readable with the partner's own tools; sealed, nothing of it can be read."""
    data = b"GIF89a" + bytes(range(256))
    sealed = package_path(built(decided(data)).public_id).read_bytes()
    assert data not in sealed
    plain = pyrage.decrypt(sealed, [x25519.Identity.from_str(identity.strip())])
    with tarfile.open(fileobj=io.BytesIO(plain)) as tar:
        original = tar.getmembers()[-1]
        content = tar.extractfile(original)
        assert content is not None
        assert content.read() == data


def test_nothing_is_opened_before_a_second_person_approved(
    decided: Make, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    opened: list[Item] = []
    monkeypatch.setattr(operation, "open_original", opened.append)
    with pytest.raises(NotApproved, match="second person"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)
    assert (opened, package_path(drafted.public_id).exists()) == ([], False)


def test_planted_bug_without_the_check_one_person_would_take_originals_out(
    decided: Make, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    monkeypatch.setattr(operation, "check_approved", lambda *_: None)
    monkeypatch.setattr(operation, "use_approval", lambda **_: None)
    assert build_referral(referral_id=drafted.pk, actor=analyst, now=now).state == ReferralState.BUILT


def test_who_drafted_cannot_approve(decided: Make, senior: Person, now: datetime) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=senior, now=now)
    approval = approval_of("referral", drafted.public_id)
    assert approval is not None
    with pytest.raises(NeedsTwoPeople):
        approve(approval_id=approval.pk, manifest_sha256=drafted.manifest_sha256, actor=senior, now=now)


def test_a_manifest_changed_after_approval_is_not_built(
    decided: Make, analyst: Person, now: datetime, approved: Sign
) -> None:
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    drafted.manifest = drafted.manifest.replace("GB-EAW", "GB-SCT")
    drafted.save()
    with pytest.raises(NotApproved, match="is not this referral"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)


def test_an_approval_holds_for_a_day(decided: Make, analyst: Person, now: datetime, approved: Sign) -> None:
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    with pytest.raises(NotApproved, match="expired"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now + timedelta(days=1))


def test_a_lapsed_draft_is_not_built(decided: Make, analyst: Person, now: datetime) -> None:
    drafted = draft_referral(item_ids=[decided().pk], actor=analyst, now=now)
    Referral.objects.update(state=ReferralState.LAPSED)
    with pytest.raises(NotApproved, match="lapsed"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)


def test_built_twice_is_built_once(built: Build, now: datetime) -> None:
    done = built()
    again = build_referral(referral_id=done.pk, actor="step:x", now=now + timedelta(days=9))
    assert (again.package_sha256, again.built_at) == (done.package_sha256, now)


def test_another_key_opens_nothing(built: Build) -> None:
    path = package_path(built().public_id)
    with pytest.raises(PackageRefused, match="does not open with this identity"):
        verify_package(path, identity=str(x25519.Identity.generate()))


@pytest.mark.parametrize("place", [0.3, 0.9, 0.9999])
def test_a_changed_or_cut_package_is_refused(built: Build, identity: str, tmp_path: Path, place: float) -> None:
    sealed = bytearray(package_path(built().public_id).read_bytes())
    cut, changed = tmp_path / "cut.age", tmp_path / "changed.age"
    at = int(len(sealed) * place)
    cut.write_bytes(sealed[:at])
    sealed[at] ^= 1
    changed.write_bytes(sealed)
    for path in (cut, changed):
        with pytest.raises(PackageRefused):
            verify_package(path, identity=identity)


@pytest.mark.parametrize(
    ("files", "sentence"),
    [
        ((), "1 of 1 files are missing"),
        ((("a", b"other"),), "'a' is not as the manifest says"),
        ((("a", b"x"), ("b", b"y")), "'b' is not as the manifest says"),
        ((("a", b"x"), ("a", b"x")), "'a' is not as the manifest says"),
    ],
)
def test_what_the_manifest_does_not_say_is_refused(
    tmp_path: Path, files: tuple[tuple[str, bytes], ...], sentence: str
) -> None:
    identity = packed(manifest_of(a=b"x"), *files, to=tmp_path / "p.age")
    with pytest.raises(PackageRefused, match=sentence):
        verify_package(tmp_path / "p.age", identity=identity)


@pytest.mark.parametrize("manifest", [b"", b"{", b"[]", b"{}", b'{"format":"x"}'])
def test_a_manifest_that_is_none_is_refused(tmp_path: Path, manifest: bytes) -> None:
    identity = packed(manifest, to=tmp_path / "p.age")
    with pytest.raises(PackageRefused):
        verify_package(tmp_path / "p.age", identity=identity)


def test_a_manifest_that_was_not_announced_is_refused(built: Build, identity: str) -> None:
    with pytest.raises(PackageRefused, match="not the one that was announced"):
        verify_package(package_path(built().public_id), identity=identity, manifest_sha256="00" * 32)


def test_no_package_and_no_identity_are_sentences(tmp_path: Path, identity: str) -> None:
    with pytest.raises(PackageRefused, match="no package at"):
        verify_package(tmp_path / "x.age", identity=identity)
    with pytest.raises(PackageRefused, match="no age secret key"):
        verify_package(tmp_path / "x.age", identity="nothing")
