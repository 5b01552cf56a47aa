"""A collection's finds are read from its folder and sealed."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from openhotline.accounts.models import Authority
from openhotline.core.net import object_store
from openhotline.core.net.fetch import Fetched
from openhotline.evidence import queries
from openhotline.evidence.models import Item, Sighting
from openhotline.evidence.services import seal_finds as module
from openhotline.evidence.services.seal_finds import seal_finds
from openhotline.intake.models import Collection, Find
from openhotline.intake.models.containers import container
from openhotline.intake.states import FindState, WhyRefused

pytestmark = pytest.mark.django_db


@pytest.fixture
def collection(tmp_path: Path, now: datetime) -> Collection:
    """A collection in a folder with two pictures, and a secret beside the folder."""
    (tmp_path / "found" / "inside").mkdir(parents=True)
    (tmp_path / "found" / "a.png").write_bytes(b"first")
    (tmp_path / "found" / "inside" / "b.png").write_bytes(b"second")
    (tmp_path / "secret").write_bytes(b"secret")
    return Collection.objects.create(
        name="Practice",
        folder=str(tmp_path / "found"),
        authority="aut_x",
        opened_at=now,
        opened_by="per_x",
        finds_expected=2,
    )


@pytest.fixture
def find(collection: Collection) -> Callable[..., Find]:
    """Register a find by its path."""

    def register(path: str, **claims: object) -> Find:
        number = Find.objects.count() + 1
        claimed = json.dumps(claims) if claims else None
        return Find.objects.create(collection=collection, number=number, path=path, claimed=claimed)

    return register


def _settled(find: Find, now: datetime) -> Find:
    seal_finds(ids=[find.pk], now=now, clock=lambda: now)
    find.refresh_from_db()
    return find


def test_finds_become_items_and_are_taken(find: Callable[..., Find], now: datetime) -> None:
    finds = [find("a.png"), find("inside/b.png")]
    items = seal_finds(ids=[one.pk for one in finds], now=now, clock=lambda: now)
    assert [queries.open_original(item) for item in items] == [b"first", b"second"]
    assert set(Find.objects.values_list("state", flat=True)) == {FindState.TAKEN}


def test_again_changes_nothing(find: Callable[..., Find], now: datetime) -> None:
    one = find("a.png")
    seal_finds(ids=[one.pk], now=now, clock=lambda: now)
    assert seal_finds(ids=[one.pk], now=now, clock=lambda: now) == []
    assert Sighting.objects.get().find_id == one.pk


def test_a_find_interrupted_before_it_was_marked_is_sealed_once(
    find: Callable[..., Find], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = find("a.png")
    with monkeypatch.context() as patch:
        patch.setattr(module, "set_find_states", lambda **_: None)
        seal_finds(ids=[one.pk], now=now, clock=lambda: now)
    assert _settled(one, now).state == FindState.TAKEN
    assert Sighting.objects.count() == 1


@pytest.mark.parametrize(
    "path",
    ["../secret", "/etc/hostname", "inside/../../secret", "link", "tied/secret", "inside", "gone.png", "", "a.png/x"],
)
def test_no_path_leads_out_and_each_refusal_has_a_sentence(
    find: Callable[..., Find], now: datetime, tmp_path: Path, path: str
) -> None:
    (tmp_path / "found" / "link").symlink_to(tmp_path / "secret")
    (tmp_path / "found" / "tied").symlink_to(tmp_path)
    refused = _settled(find(path), now)
    assert refused.state == FindState.REFUSED
    assert refused.refusal.endswith(".")
    assert not Item.objects.exists()


def test_one_bad_path_does_not_stop_the_others(find: Callable[..., Find], now: datetime) -> None:
    finds = [find("../secret"), find("a.png")]
    assert len(seal_finds(ids=[one.pk for one in finds], now=now, clock=lambda: now)) == 1


def test_planted_a_reader_that_follows_links_would_take_the_secret(
    find: Callable[..., Find], now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "found" / "link").symlink_to(tmp_path / "secret")
    monkeypatch.setattr(os, "O_NOFOLLOW", 0)
    assert _settled(find("link"), now).state == FindState.TAKEN


@pytest.mark.parametrize("claims", [{"sha256": "0" * 64}, {"sha1": "0" * 40}, {"md5": "0" * 32}, {"bytes": 4}])
def test_a_manifest_that_lies_is_told_so(find: Callable[..., Find], now: datetime, claims: dict[str, object]) -> None:
    refused = _settled(find("a.png", **claims), now)
    assert refused.state == FindState.REFUSED
    assert "manifest" in refused.refusal


def test_a_manifest_that_says_the_truth_is_believed(find: Callable[..., Find], now: datetime) -> None:
    digest = hashlib.sha256(b"first").hexdigest()
    assert _settled(find("a.png", sha256=digest, bytes=5), now).state == FindState.TAKEN


def test_a_file_beyond_the_limit_is_refused(
    find: Callable[..., Find], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(container, "LARGEST", 4)
    assert "at most 4" in _settled(find("a.png"), now).refusal


def test_large_batches_go_in_groups(find: Callable[..., Find], now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "GROUP_BYTES", 1)
    finds = [find("a.png"), find("inside/b.png"), find("gone")]
    assert len(seal_finds(ids=[one.pk for one in finds], now=now, clock=lambda: now)) == 2
    assert Find.objects.filter(state=FindState.REFUSED).count() == 1


def test_bytes_that_were_there_already_are_folded_and_where_they_were_is_kept(
    find: Callable[..., Find], now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "found" / "again.png").write_bytes(b"first")
    one, again = find("a.png"), find("again.png")
    seal_finds(ids=[one.pk, again.pk], now=now, clock=lambda: now)
    assert _settled(one, now).state == FindState.TAKEN
    assert _settled(again, now).state == FindState.FOLDED
    assert Item.objects.count() == 1
    assert Sighting.objects.count() == 2


def test_a_file_that_grew_since_it_was_listed_is_refused_for_now(find: Callable[..., Find], now: datetime) -> None:
    refused = _settled(find("a.png", bytes=3, listed=True), now)
    assert refused.why == WhyRefused.CHANGED
    assert "import again" in refused.refusal


def test_finds_of_an_archive_are_sealed_without_unpacking_it(
    collection: Collection, find: Callable[..., Find], now: datetime, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "c.zip", "w") as archive:
        archive.writestr("in/a.png", b"packed")
    collection.folder = str(tmp_path / "c.zip")
    collection.save()
    (item,) = seal_finds(ids=[find("in/a.png").pk], now=now, clock=lambda: now)
    assert queries.open_original(item) == b"packed"
    assert not (tmp_path / "in").exists()


def test_a_collection_that_was_carried_away_says_so(
    collection: Collection, find: Callable[..., Find], now: datetime, tmp_path: Path
) -> None:
    (tmp_path / "found").rename(tmp_path / "elsewhere")
    refused = _settled(find("a.png"), now)
    assert (refused.state, refused.why) == (FindState.REFUSED, WhyRefused.MISSING)


def test_an_object_store_is_asked_for_nothing_after_the_authoritys_end(
    collection: Collection, find: Callable[..., Find], authority: Authority, now: datetime,
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings,
) -> None:  # fmt: skip
    """Each object is asked for under what is in force then; the rest is looked at again by another import."""
    settings.OBJECT_STORE = {"origin": "https://s3.example", "region": "x", "key_id": "k", "secret": "s"}
    Collection.objects.update(folder="s3://found/box")
    asked: list[str] = []

    def answer(address: str, **given: Any) -> Fetched:
        assert given["policy"].authority == authority.public_id
        asked.append(address)
        return Fetched(200, {}, b"bytes", address, "", truncated=False)

    monkeypatch.setattr(object_store, "ask", answer)
    finds = [find("a.png"), find("b.png")]
    clock = lambda: authority.expires_at if asked else now  # noqa: E731
    assert len(seal_finds(ids=[one.pk for one in finds], now=now, clock=clock)) == 1
    assert asked == ["https://s3.example/found/box/a.png"]
    finds[1].refresh_from_db()
    assert (finds[1].why, "no recorded authority is in force" in finds[1].refusal) == (WhyRefused.DAMAGED, True)
