"""The files a manifest names become finds; a manifest that lies is told so, line by line."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openhotline.accounts.models import Authority
from openhotline.audit.models import Record
from openhotline.core import models as core_models
from openhotline.intake.models import Address, Collection, Find, ManifestLine
from openhotline.intake.models import manifest as module
from openhotline.intake.models.manifest import batches, read
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
        collection = open_collection(folder=folder, name="c", manifest=path, actor="test", now=now)
        for batch in batches(path, folder):
            register_finds(collection=collection, lines=batch, site=site, now=now)
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
    assert find_page(collection).counts == {FindState.REGISTERED: 2, FindState.TAKEN: 0, FindState.REFUSED: 1}


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
    monkeypatch.setattr(module, "_checked_on_disk", lambda line, _inside: line)
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
    claims = [json.loads(find.claimed or "") for find in Find.objects.order_by("number")]
    assert claims == [{"sha256": "a" * 64, "bytes": 7}, {"sha256": None, "bytes": None}]


@pytest.mark.django_db
def test_a_batch_takes_few_queries(
    folder: Path, authority: Authority, now: datetime, django_assert_max_num_queries: Any
) -> None:
    collection = Collection.objects.create(name="c", folder="x", authority="a", opened_at=now, finds_expected=500)
    lines = [ManifestLine(number, f"{number}.png", page=f"/{number}") for number in range(500)]
    with django_assert_max_num_queries(25):
        register_finds(collection=collection, lines=lines, site="http://localhost", now=now)
    assert Find.objects.count() == 500


@pytest.mark.django_db
def test_more_than_five_hundred_at_once_is_a_mistake(now: datetime) -> None:
    with pytest.raises(ValueError, match="at most 500"):
        register_finds(collection=Collection(), lines=[ManifestLine(n, "a") for n in range(501)], site=None, now=now)


_text = st.text(st.characters(exclude_categories=[]))
_values = st.none() | st.booleans() | st.integers() | st.floats() | _text | st.lists(st.integers(), max_size=2)
_objects = st.dictionaries(st.sampled_from(["file", "number", "page", "bytes", "sha256", "x"]), _values)


@given(st.lists(st.text() | _objects.map(json.dumps), max_size=8))
def test_whatever_a_manifest_holds_every_line_is_told(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    """No line stops the reading, none but refused ones lack a file, and no number comes twice."""
    folder = tmp_path_factory.mktemp("lies")
    path = folder / "manifest.jsonl"
    path.write_text("\n".join(texts), encoding="utf-8", errors="surrogatepass")
    lines = list(read(path, folder))
    assert all(line.refusal for line in lines)
    assert len({line.number for line in lines}) == len(lines) == module.count_lines(path)
