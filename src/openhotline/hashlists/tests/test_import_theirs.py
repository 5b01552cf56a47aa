"""Partners' lists come in their own forms, with deletions, in pieces that are taken once."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from openhotline.core.clock import now as present
from openhotline.core.crypto import lookup
from openhotline.core.models import Event
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.models import KnownFile, KnownList, KnownPicture
from openhotline.hashlists.models.their_formats import Theirs, read_theirs
from openhotline.hashlists.queries import Picture, near_known, read_so_far, verdicts_for
from openhotline.hashlists.services.import_known import import_known
from openhotline.hashlists.services.import_theirs import Origin, Taken, import_theirs
from openhotline.hashlists.states import HashKind, Sharing, TheirFormat, Verdict

pytestmark = pytest.mark.django_db

PDQ, MD5, SHA1, SHA256 = "f0" * 32, "a" * 32, "b" * 40, "d" * 64
SPACE = 'xmlns="https://hashsharing.ncmec.org/hashsharing/v2"'
XML = f"""<queryResult {SPACE}><images count="2" maxTimestamp="2026-11-21T12:00:00Z">
<image><member id="7">P</member><id>one</id><fingerprints><md5>{MD5.upper()}</md5><pdq>{PDQ}</pdq><pdna>x</pdna>
</fingerprints></image><deletedImage><member id="7">P</member><id>two</id></deletedImage></images></queryResult>"""
EXCHANGED = [
    {"id": 1, "type": "HASH_PDQ", "indicator": PDQ, "descriptors": [{"status": "MALICIOUS"}]},
    {"id": 2, "type": "HASH_MD5", "indicator": MD5, "should_delete": True},
    {"id": 3, "type": "HASH_TMK", "indicator": "x"},
    {"id": 4, "type": "HASH_SHA1", "indicator": SHA1, "descriptors": [{"status": "NON_MALICIOUS"}]},
]
STOPPED = [
    {"signalType": "ImagePDQ", "hashValue": PDQ.upper(), "hashStatus": "Active"},
    {"signalType": "VideoMD5", "hashValue": MD5, "hashStatus": "Withdrawn"},
]
ORIGIN = Origin("partner", Verdict.KNOWN, "Example Partner", Sharing.MEMBERS_ONLY)


def told(tmp_path: Path, form: TheirFormat, text: str) -> list[tuple[str, str, bool]]:
    path = tmp_path / "list"
    path.write_text(text)
    return [(str(one.kind), one.hash or one.name, one.gone) for one in read_theirs(path, form)]


def test_ncmec_with_deletions_and_kinds_that_are_not_compared(tmp_path: Path) -> None:
    found = told(tmp_path, TheirFormat.NCMEC, XML)
    assert found == [("md5", MD5, False), ("pdq", PDQ, False), ("None", "one", False), ("None", "two", True)]


@pytest.mark.parametrize("indent", [None, 1])
def test_threatexchange_whole_or_a_page_a_line(tmp_path: Path, indent: int | None) -> None:
    found = told(tmp_path, TheirFormat.THREATEXCHANGE, json.dumps({"data": EXCHANGED}, indent=indent))
    assert found == [("pdq", PDQ, False), ("md5", MD5, True), ("None", "3", False), ("sha1", SHA1, True)]


def test_stopncii(tmp_path: Path) -> None:
    found = told(tmp_path, TheirFormat.STOPNCII, json.dumps({"hashRecords": STOPPED}))
    assert found == [("pdq", PDQ, False), ("md5", MD5, True)]


def test_csv_by_its_head(tmp_path: Path) -> None:
    text = f"ID,PDQ,Quality,MD5,Deleted\n1,{PDQ},90,{MD5},\n2,,,,yes\n"
    assert told(tmp_path, TheirFormat.CSV, text) == [("md5", MD5, False), ("pdq", PDQ, False), ("None", "2", True)]


def test_a_table_may_say_which_form_of_a_picture_was_hashed(tmp_path: Path) -> None:
    """Of a picture alone; where it does not say, it stays unsaid."""
    path = tmp_path / "list.csv"
    path.write_text(f"pdq,md5,canonical\n{PDQ},{MD5},upright-srgb-white/1\n{SHA256},,\n")
    assert [one.canonical for one in read_theirs(path, TheirFormat.CSV)] == ["", "upright-srgb-white/1", ""]
    path.write_text(f"pdq,canonical\n{PDQ},<script>\n")
    with pytest.raises(LineRefused, match="names no form"):
        list(read_theirs(path, TheirFormat.CSV))


@pytest.mark.parametrize("form", [one for one in TheirFormat if one is not TheirFormat.PLAIN])
@examples(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(content=st.binary(max_size=200) | st.sampled_from([XML.encode(), json.dumps({"data": EXCHANGED}).encode()]))
def test_whatever_a_file_holds_it_is_read_or_refused_with_a_sentence(
    tmp_path: Path, form: TheirFormat, content: bytes
) -> None:
    (tmp_path / "any").write_bytes(content)
    with suppress(LineRefused):
        list(read_theirs(tmp_path / "any", form))


@pytest.fixture
def take(now: datetime) -> Callable[..., Taken]:
    def give(*lines: Theirs, start: int = 0, file: str = "a" * 64) -> Taken:
        return import_theirs(origin=ORIGIN, file_sha256=file, start=start, lines=lines, actor="test", now=now)

    return give


def line(kind: HashKind, value: str, **other: object) -> Theirs:
    return Theirs(1, kind, value, **other)  # type: ignore[arg-type] # whatever a test gives


def test_what_a_list_says_of_a_picture_is_kept_and_no_more(take: Callable[..., Taken]) -> None:
    """Quality and form as the list says them; unset where it does not."""
    take(line(HashKind.PDQ, PDQ, quality=80, canonical="upright-srgb-white/1"), line(HashKind.PDQ, SHA256))
    kept = KnownPicture.objects.order_by("pk").values_list("quality", "canonical")
    assert list(kept) == [(80, "upright-srgb-white/1"), (None, "")]


def test_source_and_permission_are_kept_with_the_list(take: Callable[..., Taken]) -> None:
    assert take(line(HashKind.MD5, MD5), line(HashKind.PDQ, PDQ), Theirs(3)) == Taken(2, 0, 1)
    known = KnownList.objects.get()
    assert (known.source, known.sharing) == ("Example Partner", Sharing.MEMBERS_ONLY)
    assert (KnownFile.objects.count(), KnownPicture.objects.count()) == (1, 1)


def test_a_piece_is_taken_once_and_what_was_broken_off_goes_on(take: Callable[..., Taken]) -> None:
    assert take(line(HashKind.MD5, MD5)).new == 1
    assert take(line(HashKind.MD5, "c" * 32)) == Taken(0, 0, 0)  # the first piece again
    assert read_so_far("partner", "a" * 64) == 1
    assert take(line(HashKind.MD5, "c" * 32), start=1).new == 1


def test_what_is_taken_back_matches_nothing_and_is_judged_again(take: Callable[..., Taken]) -> None:
    take(line(HashKind.MD5, MD5, name="e1"), line(HashKind.PDQ, PDQ, name="e1"))
    key = lookup("md5", MD5)
    assert key in verdicts_for([key])
    assert near_known({1: Picture(PDQ, 100)})
    assert take(Theirs(1, name="e1", gone=True), file="b" * 64) == Taken(0, 2, 0)
    assert verdicts_for([key]) == {}
    assert near_known({1: Picture(PDQ, 100)}) == []
    assert Event.objects.filter(kind__in=["KnownFilesAdded", "KnownPicturesChanged"]).count() == 4


def test_what_is_taken_back_by_its_name_later_in_a_piece_is_gone(take: Callable[..., Taken]) -> None:
    """Said and then taken back by its name alone, in one piece, a hash matches nothing."""
    assert take(line(HashKind.MD5, MD5, name="e1"), Theirs(2, name="e1", gone=True)) == Taken(1, 1, 0)
    assert verdicts_for([lookup("md5", MD5)]) == {}


def test_a_hash_that_was_known_without_a_name_is_taken_back_by_the_name_it_was_given(
    take: Callable[..., Taken],
) -> None:
    """A list that first came plain, and then in its owner's form, loses what the owner takes back."""
    import_known(
        list_name="partner", verdict=Verdict.KNOWN, lines=[MD5], kind=HashKind.MD5, actor="test", now=present()
    )
    assert take(line(HashKind.MD5, MD5, name="e1")).new == 0
    assert take(Theirs(1, name="e1", gone=True), file="b" * 64).gone == 1
    assert verdicts_for([lookup("md5", MD5)]) == {}


def test_a_deleted_entry_of_ncmec_that_still_has_its_hashes_is_no_addition(tmp_path: Path) -> None:
    """Fingerprints inside a deleted entry are taken back with it."""
    deleted = XML.replace("<id>two</id>", f"<id>two</id><fingerprints><sha1>{SHA1}</sha1></fingerprints>")
    assert told(tmp_path, TheirFormat.NCMEC, deleted)[-2:] == [("None", "two", True), ("sha1", SHA1, True)]


def test_what_comes_again_after_it_was_taken_back_matches_again(take: Callable[..., Taken]) -> None:
    take(line(HashKind.MD5, MD5))
    take(line(HashKind.MD5, MD5, gone=True), file="b" * 64)
    assert take(line(HashKind.MD5, MD5), file="c" * 64).new == 1
    assert lookup("md5", MD5) in verdicts_for([lookup("md5", MD5)])
