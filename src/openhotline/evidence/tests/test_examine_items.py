"""Sealed items are examined in the sandbox."""

import base64
import io
import json
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from PIL import Image

from marking import Marked, Signer, landscape
from openhotline.audit.models import Record
from openhotline.core import blobs
from openhotline.core import models as core
from openhotline.core.errors import Misconfigured
from openhotline.core.sandbox.protocol import Answer, Failure
from openhotline.evidence import queries
from openhotline.evidence.examiner import sandboxed
from openhotline.evidence.models import Item, Rendition
from openhotline.evidence.services.examine_items import examine_items
from openhotline.evidence.states import UNREADABLE_SENTENCES, ItemState, UnreadableReason

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def _bomb() -> bytes:
    """A PNG that claims 400 megapixels."""
    header = struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", b"") + _chunk(b"IEND", b"")


def _reason(item: Item) -> str:
    item.refresh_from_db()
    return item.unreadable_reason


def test_an_item_gets_its_facts_and_a_tile(examined: Item) -> None:
    assert (examined.state, examined.format, examined.width, examined.height) == ("examined", "JPEG", 1600, 1200)
    assert (len(examined.pdq), examined.pdq_canonical) == (64, "upright-srgb-white/1")
    assert examined.ai_involvement == "none_found"
    assert examined.suspects_altered_real is False
    tile = Image.open(io.BytesIO(queries.open_tile(examined)))
    assert max(tile.size) == 160


def test_the_evidence_says_when_it_was_found_and_the_log_what_it_was(examined: Item, now: datetime) -> None:
    assert examined.provenance["run_at"] == now.strftime("%Y-%m-%dT%H:%M:%SZ")
    line = Record.objects.get(action="items_examined")
    assert line.detail["evidence"] == queries.evidence_digest(queries.evidence_writes([examined]))


@pytest.mark.parametrize(("given", "said"), [(True, "asserted_signed_trusted"), (False, "asserted_signed_untrusted")])
def test_a_signer_is_trusted_by_the_operator_s_list_alone(
    seal: Callable[..., list[Item]],
    now: datetime,
    settings: LazySettings,
    tmp_path: Path,
    *,
    given: bool,
    said: str,
) -> None:
    """The lists go into the sandbox, where no file can be opened; their digest stands in the evidence."""
    signer = Signer()
    (tmp_path / "anchors.pem").write_text(signer.trust.anchors)
    settings.C2PA_TRUST = tmp_path if given else None
    (item,) = seal(signer.sign(Marked(landscape(1, 320, 240)).picture()))
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    assert item.ai_involvement == said
    assert item.provenance["trust_list_sha256"] == (signer.trust.sha256 if given else None)


def test_a_trust_list_that_is_none_is_a_sentence_and_no_unknown_signer(settings: LazySettings, tmp_path: Path) -> None:
    settings.C2PA_TRUST = tmp_path / "roots.pem"
    settings.C2PA_TRUST.write_text("nothing here")
    with pytest.raises(Misconfigured, match=r"OPENHOTLINE_C2PA_TRUST: .*not a list of certificates"):
        sandboxed.trust_lists()


def test_broken_files_and_bombs_have_reasons_and_the_rest_goes_on(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime
) -> None:
    files = [b"", b"no picture at all", paint(1, "JPEG")[:900], _bomb(), paint(2)]
    items = seal(*files)
    examine_items(ids=[item.pk for item in items], now=now)
    assert [_reason(item) for item in items] == ["empty", "unknown_format", "truncated", "too_large", ""]
    assert items[-1].state == ItemState.EXAMINED
    assert all(UNREADABLE_SENTENCES[UnreadableReason(_reason(item))] for item in items[:-1])


def test_again_examines_and_announces_nothing(examined: Item, now: datetime) -> None:
    announced = core.Event.objects.count()
    assert examine_items(ids=[examined.pk], now=now) == []
    assert (core.Event.objects.count(), Rendition.objects.count()) == (announced, 1)


def test_what_was_examined_meanwhile_is_not_written_twice(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two workers have the same items: the slower one finds them done and leaves them."""
    (item,) = seal(paint(1))
    real = sandboxed.examined

    def slow(sources: Any) -> Any:
        answers = list(real(sources))
        Item.objects.update(state=ItemState.EXAMINED, format="GIF")
        return iter(answers)

    monkeypatch.setattr(sandboxed, "examined", slow)
    assert examine_items(ids=[item.pk], now=now) == []
    item.refresh_from_db()
    assert item.format == "GIF"


def test_an_object_that_was_swapped_stays_sealed_and_is_recorded(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime
) -> None:
    damaged, whole = seal(paint(1), paint(2))
    blobs.store().put(damaged.public_id, blobs.store().get(whole.public_id))
    assert examine_items(ids=[damaged.pk, whole.pk], now=now) == [whole.pk]
    assert Record.objects.filter(action="items_damaged", count=1).exists()
    assert Item.objects.get(pk=damaged.pk).state == ItemState.SEALED


def test_prompts_are_sealed_and_not_in_the_open_part(seal: Callable[..., list[Item]], now: datetime) -> None:
    sink = io.BytesIO()
    note = _png_note("parameters", "a hill under clouds\nSteps: 20, Sampler: Euler a, Seed: 1")
    Image.linear_gradient("L").save(sink, "PNG", pnginfo=note)
    (item,) = seal(sink.getvalue())
    examine_items(ids=[item.pk], now=now)
    item.refresh_from_db()
    assert "hill" not in json.dumps(item.provenance)
    assert b"hill" not in bytes(item.provenance_sealed)
    assert queries.digests_of(item)["sha256"] not in json.dumps(item.provenance)
    told = json.loads(queries.open_provenance(item) or "{}")
    assert any(b"hill" in base64.b64decode(part) for part in told.values())
    assert item.ai_involvement == "claimed_unsigned"


def _png_note(key: str, text: str) -> Any:
    from PIL.PngImagePlugin import PngInfo

    note = PngInfo()
    note.add_text(key, text)
    return note


def test_a_child_that_lies_makes_the_file_unreadable(
    seal: Callable[..., list[Item]], paint: Callable[..., bytes], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    (item,) = seal(paint(1))
    monkeypatch.setattr(sandboxed, "examined", lambda sources: ((key, Answer({}, [])) for key, _ in sources))
    examine_items(ids=[item.pk], now=now)
    assert _reason(item) == "killed"


def test_what_has_too_many_bytes_for_the_sandbox_is_told_apart(
    seal: Callable[..., list[Item]], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long video is no bomb: it waits for a person, who may refer it."""
    sandboxed.close()
    monkeypatch.setattr(sandboxed, "LIMITS", replace(sandboxed.LIMITS, bytes_in=100))
    (item,) = seal(bytes(101))
    examine_items(ids=[item.pk], now=now)
    sandboxed.close()
    assert _reason(item) == "too_many_bytes"
    assert list(queries.unseen_items()) == [item]


@pytest.mark.parametrize("reason", ["timeout", "memory", "killed"])
def test_a_file_that_the_sandbox_gave_up_on_is_tried_once_more(
    seal: Callable[..., list[Item]],
    paint: Callable[..., bytes],
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    reason: str,
) -> None:
    """A machine that was busy for a moment makes nothing unreadable; twice in a row does, and it is decoded no more."""
    busy, hostile = seal(paint(1), paint(2))
    tries: list[int] = []
    real = sandboxed.examined

    def once(sources: Any) -> Any:
        for key, data in list(sources):
            tries.append(key)
            gives_up = key == hostile.pk or tries.count(key) == 1
            yield (key, Failure(reason)) if gives_up else next(real([(key, data)]))

    monkeypatch.setattr(sandboxed, "examined", once)
    examine_items(ids=[busy.pk, hostile.pk], now=now)
    assert (_reason(busy), busy.state) == ("", ItemState.EXAMINED)
    assert (_reason(hostile), hostile.state) == ("timeout" if reason == "timeout" else "killed", ItemState.UNREADABLE)
    assert sorted(tries) == sorted([busy.pk, hostile.pk] * 2)
    # Its evidence is there all the same, and says that nobody looked into its pixels.
    hostile.refresh_from_db()
    told = {one["check"]: one for one in hostile.provenance["findings"]}
    assert hostile.format == "PNG"
    assert (told["pixel_watermark"]["status"], told["pixel_watermark"]["values"]["reason"]) == (
        "unsupported",
        "not_decoded",
    )
