"""Whatever comes in, it gets its sentence, and everything beside it goes on."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from journeys.road import PAGE, MakeRoad, Road, picture
from openhotline.accounts.models import Authority
from openhotline.desk.queries.reports import captures_of, report_lines
from openhotline.evidence.models import Capture, Item
from openhotline.evidence.states import CaptureState, ItemState
from openhotline.intake.models import Collection, Report
from openhotline.intake.models.manifest import open_source
from openhotline.intake.panels import collection_panel, report_panel
from openhotline.intake.queries import find_page
from openhotline.intake.services.open_collection import open_collection
from openhotline.intake.services.register_finds import register_finds
from openhotline.practice.collection.broken import broken_bytes
from openhotline.triage.models import Selection
from openhotline.triage.states import SelectionState

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

SENTENCES = {
    "truncated_jpeg": "The picture ends before it is complete.",
    "text_as_jpeg": "The file is no picture and no video of the kinds that are known here.",
    "bytes_as_png": "The file is no picture and no video of the kinds that are known here.",
    "empty": "The file has no bytes.",
    "png_400_megapixels": "The picture claims more pixels or data than may be decoded.",
    # The one word for every bound of size that the decoder keeps.
    "png_inflating_text": "The picture claims more pixels or data than may be decoded.",
    "gif_100000_frames": "The picture has more frames than may be decoded.",
}


def newest_report() -> Report:
    return Report.objects.latest("pk")


def ended(road: Road) -> dict[str, tuple[str, str]]:
    """Return path -> how its capture ended and the sentence, as the desk reads them."""
    rows = captures_of(newest_report())
    return {address.removeprefix(road.site.origin): (how, why) for address, how, why in rows}


def waiting_for_a_person() -> int:
    return Selection.objects.filter(state=SelectionState.UNSORTED).count()


@pytest.fixture
def hostile(make_road: MakeRoad) -> Road:
    """One page with every broken file and every bomb, and one sound picture at its end."""
    files = {f"files/{kind}.png": broken_bytes(kind, 1) for kind in SENTENCES}
    return make_road({PAGE: files | {"files/sound.png": picture(1)}})


def test_every_broken_file_of_a_page_gets_its_sentence_and_the_sound_one_goes_on(hostile: Road) -> None:
    hostile.report(hostile.site.origin + PAGE)
    hostile.settle()
    lines = report_lines(newest_report())
    told = [sentence for sentence in SENTENCES.values() if any(line.sentence.startswith(sentence) for line in lines)]
    assert told == [*SENTENCES.values()]
    assert [line.sentence for line in lines if line.tag == "wrong"] == [SENTENCES["empty"]]
    assert [line.state for line in lines if line.tag != "wrong"] == ["For a sorting sheet"] * len(SENTENCES)
    assert waiting_for_a_person() == len(SENTENCES), "all but the empty one, and the sound one"


def test_the_sentences_stand_on_the_report_s_page_at_the_desk(hostile: Road) -> None:
    hostile.report(hostile.site.origin + PAGE)
    hostile.settle()
    desk = Client()
    desk.force_login(hostile.cast.sign_ins[0])
    page = desk.get(reverse("desk_report", args=[newest_report().public_id])).content.decode()
    assert [sentence for sentence in SENTENCES.values() if sentence not in page] == []


def test_a_page_that_never_ends_is_read_up_to_a_bound(road: Road) -> None:
    road.report(f"{road.site.origin}/endless", road.site.origin + PAGE)
    road.settle()
    assert ended(road)["/endless"] == ("Captured", "The page was read up to 20,000,000 bytes.")
    assert Item.objects.filter(state=ItemState.EXAMINED).count() == 3


def test_a_redirect_to_a_refused_address_is_refused(road: Road) -> None:
    road.report(f"{road.site.origin}/away", road.site.origin + PAGE)
    road.settle()
    how, why = ended(road)["/away"]
    assert (how, ended(road)[PAGE][0]) == ("Refused", "Captured")
    assert "practice site" in why
    assert Item.objects.count() == 3


def test_what_is_no_address_is_kept_and_the_other_one_is_captured(road: Road) -> None:
    pages: list[str] = []
    road.report("it was on the blue page", road.site.origin + PAGE, pages=pages)
    road.settle()
    assert "One line does not look like an address." in pages[0]
    panel = report_panel(newest_report())
    assert "it was on the blue page" in panel
    assert "This is not a web address that can be read." in panel
    assert Item.objects.count() == 3


def test_a_report_without_any_usable_address_waits_for_a_person(road: Road) -> None:
    road.report("javascript:nothing", "http://[bad")
    road.settle()
    assert newest_report().state == "for_a_person"
    assert Capture.objects.count() == 0


def test_an_address_that_is_gone_already_says_so(road: Road) -> None:
    road.report(f"{road.site.origin}/missing")
    road.settle()
    assert ended(road) == {"/missing": ("Nothing came in", "The site answered with status 404.")}


def manifest_of(folder: Path) -> Path:
    """Write two sound files and a manifest with one sound line before and one after every lie."""
    for name, seed in (("first.png", 1), ("last.png", 2), ("third.png", 3)):
        (folder / name).write_bytes(picture(seed))
    (folder.parent / "outside.png").write_bytes(picture(4))
    lines = [
        {"number": 1, "file": "first.png", "sha256": sha256(picture(1)).hexdigest()},
        {"number": 2, "file": "missing.png"},
        {"number": 3, "file": "../outside.png"},
        {"number": 4, "file": "third.png", "sha256": "0" * 64},
        {"number": 1, "file": "last.png"},
        "{not json",
        {"number": 6, "file": "/etc/hostname"},
        {"number": 7, "file": "last.png", "bytes": len(picture(2))},
    ]
    manifest = folder / "manifest.jsonl"
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    manifest.write_text("\n".join(texts) + "\n")
    return manifest


@pytest.fixture
def lying(road: Road, tmp_path: Path) -> Collection:
    """A collection whose manifest lies, imported."""
    folder = tmp_path / "lying"
    folder.mkdir()
    manifest = manifest_of(folder)
    source = open_source(folder, manifest)
    opened = open_collection(source=source, name="lying", actor="test", now=road.now)
    for lines in source.batches():
        register_finds(collection=opened, lines=lines, now=road.now)
    road.settle()
    return opened


def test_every_lie_of_a_manifest_gets_its_sentence(lying: Collection) -> None:
    refusals = sorted(find.refusal for find in find_page(lying).refusals)
    assert refusals == [
        "Line 6 of the manifest is not JSON. It needs one JSON object.",
        "The file is not the one the manifest names: its SHA-256 differs. Correct the manifest.",
        "The manifest gives the number of its line 1 again, in line 5.",
        "The manifest names a file that is not in the folder of the collection.",
        *["The manifest names a path outside the folder of the collection; it is not read."] * 2,
    ]


def test_the_sound_files_of_a_lying_collection_go_on(lying: Collection) -> None:
    assert [find.path for find in lying.finds.filter(state="taken").order_by("number")] == ["first.png", "last.png"]
    assert waiting_for_a_person() == 2
    assert "2 taken, 0 folded into what was there already, 0 waiting, 6 refused" in collection_panel(lying)


def test_without_an_authority_nothing_is_fetched_and_the_report_says_why(road: Road) -> None:
    Authority.objects.update(expires_at=road.now)
    road.report(road.site.origin + PAGE)
    road.settle()
    assert Capture.objects.get().state == CaptureState.REFUSED
    assert "no recorded authority is in force" in ended(road)[PAGE][1]
    assert Item.objects.count() == 0
