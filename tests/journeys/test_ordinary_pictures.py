"""A folder of ordinary pictures, as packages bring them along, and of kinds that telephones and scanners write."""

import io
import re
import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from typer.testing import CliRunner

from journeys.road import UNDO_WINDOW, Road
from looking import reveal
from marking import PHOTOGRAPHS, landscape
from openhotline.accounts.models import Person
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.evidence.models import Item
from openhotline.evidence.queries import file_evidence, unseen_items
from openhotline.intake.commands import collection_app
from openhotline.intake.models import Collection
from openhotline.law.models import Facts
from openhotline.referral.queries import for_police
from openhotline.referral.services.draft_referral import draft_referral
from stills import gridded, stills

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]

SCANNED = "multipage.tif"
"""A sample of scikit-image's: two pages of a checked pattern in one file."""


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Samples of scikit-image that show things, textures and the sky, four of kinds of their own, and a text."""
    spec = find_spec("skimage")
    assert spec is not None
    samples, place = Path(str(spec.origin)).parent / "data", tmp_path / "ordinary"
    place.mkdir()
    for name in (*PHOTOGRAPHS, SCANNED):
        shutil.copy(samples / name, place)
    made = {
        "scan.tif": saved(landscape(1), "TIFF", compression="tiff_lzw"),
        "telephone.heic": stills()[0],
        "site.avif": gridded(landscape(2, 120, 100), turned=1),
        "drawing.bmp": saved(landscape(3), "BMP"),
        "notes.txt": b"A text.",
    }
    for name, body in made.items():
        (place / name).write_bytes(body)
    return place


@pytest.fixture
def imported(road: Road, folder: Path) -> Collection:
    """The folder, imported by the command and worked off."""
    done = CliRunner().invoke(collection_app, ["import", str(folder), "--found-by", "Example office"])
    assert done.exit_code == 0, done.output
    road.settle()
    return Collection.objects.get()


def page_of(collection: Collection, person: Person) -> str:
    """Return the words of the collection's page at the desk."""
    desk = Client()
    desk.force_login(person)
    answer = desk.get(reverse("desk_collection", args=[collection.public_id]))
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_page_says_what_came_of_every_file(road: Road, imported: Collection) -> None:
    """Fourteen files: eleven with their pixels, two without, and one that is no picture."""
    formats = sorted(Item.objects.filter(state="examined").values_list("format", flat=True))
    assert formats == sorted([*["PNG"] * 6, *["JPEG"] * 2, "TIFF", "HEIF", "AVIF"])
    text = page_of(imported, road.cast.sign_ins[0])
    assert "14 different files" in text
    assert "They stand so: 3 waiting for a person at a sorting sheet." in text
    assert "The file is no picture and no video of the kinds that are known here. 1" in text
    assert "13 to be sorted by people" in text
    assert "Set aside The picture is an icon, too small to assess. 1" in text


def test_what_could_not_be_opened_has_its_evidence(imported: Collection) -> None:
    """Examined in the sandbox as any other: only that nobody can be shown it."""
    unseen = list(unseen_items().order_by("format"))
    assert [one.format for one in unseen] == ["", "BMP", "TIFF"]
    found = [file_evidence(one) for one in unseen]
    assert [one and one.format for one in found] == [None, "bmp", "tiff"]


def assess_all(road: Road, person: Person) -> None:
    """Record of every turn that nothing is determined, having looked at what can be shown."""
    while (turn := take_turn(actor=person, now=road.now)) is not None:
        if turn.item.state == "examined":
            reveal(turn.item.public_id, person, road.now)
        key = f"{person.username} {turn.pk}"
        assess_item(turn_id=turn.pk, facts=Facts(), idempotency=key, actor=person, now=road.now)


def test_what_nobody_could_open_is_decided_and_goes_to_the_police(road: Road, imported: Collection) -> None:
    """By two people of the queue, and two of the referral: it does not end silently."""
    first, second = road.cast.analysts[:2]
    road.sort(first)
    for person in (first, second):
        assess_all(road, person)
    road.wait(UNDO_WINDOW)
    unseen = {one.pk for one in unseen_items()}
    assert {one.item_id for one in for_police("GB-EAW")} == unseen
    draft_referral(item_ids=sorted(unseen), actor=road.cast.seniors[0], now=road.now)
    assert "3 decided, 3 of these in a referral" in page_of(imported, road.cast.sign_ins[0])
