"""A found collection is opened under the recorded authority."""

from datetime import datetime
from pathlib import Path

import pytest

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.models import Authority
from openhotline.audit.models import Record
from openhotline.core.errors import Missing
from openhotline.intake.models import Collection
from openhotline.intake.models.manifest import open_source
from openhotline.intake.services.open_collection import open_collection

pytestmark = pytest.mark.django_db


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """A manifest of two lines and a blank one."""
    path = tmp_path / "manifest.jsonl"
    path.write_text('{"file": "a", "number": 1}\n\nnot json\n')
    return path


def _open(manifest: Path, now: datetime) -> Collection:
    return open_collection(source=open_source(manifest.parent, manifest), name="one", actor="test", now=now)


def test_it_names_its_authority_and_how_many_finds_to_expect(
    manifest: Path, authority: Authority, now: datetime
) -> None:
    collection = _open(manifest, now)
    assert (collection.authority, collection.finds_expected) == (authority.public_id, 2)


def test_opened_again_it_is_the_same(manifest: Path, authority: Authority, now: datetime) -> None:
    assert _open(manifest, now) == _open(manifest, now)
    assert Record.objects.filter(action="collection_opened").count() == 1


def test_a_manifest_that_has_grown_raises_what_is_expected(manifest: Path, authority: Authority, now: datetime) -> None:
    _open(manifest, now)
    with manifest.open("a") as lines:
        lines.write('{"file": "b", "number": 3}\n')
    assert _open(manifest, now).finds_expected == 3
    assert Collection.objects.get().finds_expected == 3


def test_without_an_authority_nothing_is_opened(manifest: Path, now: datetime) -> None:
    with pytest.raises(AuthorityMissing):
        _open(manifest, now)


def test_a_missing_manifest_is_told(tmp_path: Path, authority: Authority, now: datetime) -> None:
    with pytest.raises(Missing, match="cannot be read"):
        _open(tmp_path / "manifest.jsonl", now)


def test_a_missing_folder_is_told(tmp_path: Path, authority: Authority, now: datetime) -> None:
    with pytest.raises(Missing, match="no folder"):
        _open(tmp_path / "gone" / "manifest.jsonl", now)
