"""The files a manifest names become finds; a manifest that lies is told so, line by line."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.models import Authority
from openhotline.audit.models import Record
from openhotline.core import models as core_models
from openhotline.intake.models import Address, Batch, Collection, Find, ManifestLine
from openhotline.intake.models.containers.folder import Folder
from openhotline.intake.models.manifest import open_source
from openhotline.intake.queries import find_page
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.intake.states import FindState

Import = Callable[..., Collection]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, and one outside."""
    (tmp_path / "outside.png").touch()
    inside = tmp_path / "collection"
    inside.mkdir()
    for name in "abc":
        (inside / f"{name}.png").touch()
    return inside


@pytest.fixture
def bring_in(folder: Path, authority: Authority, now: datetime) -> Import:
    """Import these manifest lines, given as data or as text."""

    def imported(*lines: Any, site: str | None = None) -> Collection:
        texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
        path = folder / "manifest.jsonl"
        path.write_text("\n".join(texts))
        source = open_source(folder, path)
        collection = open_collection(source=source, name="c", site=site, actor="test", now=now)
        for batch in source.batches():
            register_finds(collection=collection, lines=batch, now=now)
        return collection

    return imported


def _line(number: Any, file: Any, **more: Any) -> dict[str, Any]:
    return {"file": file, "number": number, **more}


@pytest.mark.django_db
def test_finds_are_registered_and_announced_together(bring_in: Import) -> None:
    bring_in(_line(1, "a.png"), _line(2, "b.png"))
    ids = list(Find.objects.order_by("number").values_list("pk", flat=True))
    assert [event.ids for event in core_models.Event.objects.all()] == [ids]
    assert Record.objects.get(action="finds_registered").count == 2


@pytest.mark.django_db
def test_again_it_goes_on_where_it_stopped(bring_in: Import) -> None:
    bring_in(_line(1, "a.png"))
    collection = bring_in(_line(1, "a.png"), _line(2, "b.png"), "lies")
    bring_in(_line(1, "a.png"), _line(2, "b.png"), "lies")
    assert find_page(collection).counts == dict.fromkeys(FindState, 0) | {FindState.REGISTERED: 2, FindState.REFUSED: 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("lie", "sentence"),
    [
        (_line(9, "gone.png"), "not in the folder"),
        (_line(9, "."), "not in the folder"),
        (_line(9, "../outside.png"), "outside the folder"),
        (_line(9, "/etc/hostname"), "outside the folder"),
        (_line(1, "b.png"), "the number of its line 1 again"),
        (_line(9, "a.png"), "the file of its line 1 again"),
        ("not json", "is not JSON"),
        ("[1]", "is no JSON object"),
        (_line(9, 7), "names no file"),
        (_line(9, "a\0.png"), "names no file"),
        (_line("9", "b.png"), "has no number"),
        (_line(9, "\ud800.png"), "names no file"),
        (_line(9, "b.png", page="\udfff"), "page of this file"),
        (_line(9, "b" * 900 + ".png"), "cannot be followed"),
        (_line([1], "b.png"), "has no number"),
        ('{"file": "b.png", "number": true}', "has no number"),
        (_line(-1, "b.png"), "has no number"),
        (_line(9, "b.png", page=3), "page of this file"),
        (_line(9, "b.png", bytes="big"), "bytes of this file"),
        (_line(9, "b.png", sha256="no"), "sha256 of this file"),
    ],
)
def test_a_lie_gets_its_sentence_and_everything_else_goes_on(bring_in: Import, lie: Any, sentence: str) -> None:
    collection = bring_in(_line(1, "a.png"), lie, _line(3, "c.png"))
    facts = find_page(collection)
    assert facts.counts[FindState.REGISTERED] == 2
    assert [sentence in find.refusal for find in facts.refusals] == [True]


@pytest.mark.django_db
def test_a_link_that_leads_outside_is_refused(bring_in: Import, folder: Path) -> None:
    (folder / "link.png").symlink_to(folder.parent / "outside.png")
    collection = bring_in(_line(1, "link.png"))
    assert "outside the folder" in find_page(collection).refusals[0].refusal


@pytest.mark.django_db
def test_a_reader_that_trusts_paths_is_seen(bring_in: Import, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted: without the check on disk the path outside is registered."""
    monkeypatch.setattr(Folder, "check", lambda _self, _path: None)
    assert find_page(bring_in(_line(1, "../outside.png"))).counts[FindState.REGISTERED] == 1


@pytest.mark.django_db
def test_with_a_site_finds_have_the_address_of_file_and_page(bring_in: Import) -> None:
    bring_in(_line(1, "a.png", page="/p/1.html"), _line(2, "b.png", page="/p/1.html"), site="http://localhost:8090")
    find = Find.objects.get(number=2)
    assert find.address is not None
    assert find.page is not None
    assert find.address.canonical == "http://localhost:8090/b.png"
    assert find.page.canonical == "http://localhost:8090/p/1.html"
    assert Address.objects.count() == 3


@pytest.mark.django_db
def test_what_the_manifest_claims_is_kept_for_sealing(bring_in: Import) -> None:
    bring_in(_line(1, "a.png", bytes=7, sha256="A" * 64), _line(2, "b.png"))
    claims = [find.claimed and json.loads(find.claimed) for find in Find.objects.order_by("number")]
    assert claims == [{"sha256": "a" * 64, "bytes": 7}, None]


@pytest.mark.django_db
def test_a_batch_takes_few_queries(
    folder: Path, authority: Authority, now: datetime, django_assert_max_num_queries: Any
) -> None:
    collection = Collection.objects.create(
        name="c", folder="x", authority="a", site="http://localhost", opened_at=now, finds_expected=500
    )
    lines = [ManifestLine(number, f"{number}.png", page=f"/{number}") for number in range(500)]
    with django_assert_max_num_queries(28):
        register_finds(collection=collection, lines=lines, now=now)
    assert Find.objects.count() == 500


@pytest.mark.django_db
def test_more_than_five_hundred_at_once_is_a_mistake(now: datetime) -> None:
    with pytest.raises(ValueError, match="at most 500"):
        register_finds(collection=Collection(), lines=[ManifestLine(n, "a") for n in range(501)], now=now)


@pytest.mark.django_db
def test_a_batch_says_by_whom_it_was_brought_and_under_which_authority(bring_in: Import, authority: Authority) -> None:
    bring_in(_line(1, "a.png"), _line(2, "gone.png"))
    batch = Batch.objects.get()
    assert (batch.by, batch.authority, batch.finds) == ("step:register_finds", authority.public_id, 2)
    assert set(Find.objects.values_list("batch", flat=True)) == {batch.pk}


@pytest.mark.django_db
def test_an_import_that_outlasts_its_authority_stops(bring_in: Import, authority: Authority, now: datetime) -> None:
    collection = bring_in(_line(1, "a.png"))
    Authority.objects.update(expires_at=now)
    with pytest.raises(AuthorityMissing):
        register_finds(collection=collection, lines=[ManifestLine(2, "b.png")], now=now)
    assert Find.objects.count() == 1


@pytest.mark.django_db
def test_without_numbers_a_find_is_known_by_its_path(bring_in: Import) -> None:
    bring_in({"file": "b.png"}, {"file": "gone.png"})
    bring_in({"file": "a.png"}, {"file": "b.png"}, {"file": "gone.png"})
    found = {find.path: find.number for find in Find.objects.all()}
    assert found == {"b.png": 0, "gone.png": 1, "a.png": 2}


@pytest.mark.django_db
def test_what_was_missing_is_registered_once_it_is_there(bring_in: Import, folder: Path) -> None:
    bring_in(_line(1, "late.png"))
    (folder / "late.png").touch()
    collection = bring_in(_line(1, "late.png", sha256="a" * 64))
    find = Find.objects.get()
    assert (find.state, find.why, find.refusal) == (FindState.REGISTERED, "", "")
    assert json.loads(find.claimed or "") == {"sha256": "a" * 64}
    assert find_page(collection).counts[FindState.REFUSED] == 0


@pytest.mark.django_db
def test_a_number_that_names_another_file_later_stays_with_the_first(bring_in: Import, folder: Path) -> None:
    bring_in(_line(1, "gone.png"))
    bring_in(_line(1, "a.png"))
    assert Find.objects.get().path == "gone.png"


@pytest.mark.django_db
def test_where_and_by_whom_it_was_found_is_kept_as_told(bring_in: Import) -> None:
    bring_in(_line(1, "a.png", place="a disk", found_by="Example office", found_at="2026-01-02", category=2))
    told = json.loads(Find.objects.get().told or "")
    assert told == {"place": "a disk", "found_by": "Example office", "found_at": "2026-01-02", "category": "2"}
