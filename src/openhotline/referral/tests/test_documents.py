"""What lies in a package beside the originals: for people, for tools, and for whoever has no software of ours."""

import json
import shutil
import subprocess
import tarfile
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pyrage
import pytest
from pyrage import x25519

from fileorigin import examine
from fileorigin.evidence import CHECKS
from marking import Marked, landscape
from openhotline.accounts.errors import NotApproved
from openhotline.accounts.models import Person
from openhotline.core.crypto import DoesNotOpen
from openhotline.core.errors import Misconfigured
from openhotline.evidence.models import Item
from openhotline.evidence.queries import stored_evidence
from openhotline.referral.models import Referral, documents, verify_package
from openhotline.referral.models.documents import measured
from openhotline.referral.models.vics import Case, vics_pieces
from openhotline.referral.queries import package_path, priority_of
from openhotline.referral.services import build_referral as operation
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral

pytestmark = pytest.mark.django_db
Make = Callable[..., Item]
Sign = Callable[[Referral], Referral]


@pytest.fixture
def opened(
    decided: Make, approved: Sign, analyst: Person, now: datetime, identity: str, tmp_path: Path
) -> Callable[..., Path]:
    """The folder in which a partner unpacked a package, with pyrage in place of age."""

    def unpack(*items: Item) -> Path:
        keys = [item.pk for item in items or (decided(),)]
        drafted = approved(draft_referral(item_ids=keys, actor=analyst, now=now))
        built = build_referral(referral_id=drafted.pk, actor=analyst, now=now)
        (tmp_path / "p.tar").write_bytes(
            pyrage.decrypt(package_path(built.public_id).read_bytes(), [x25519.Identity.from_str(identity.strip())])
        )
        with tarfile.open(tmp_path / "p.tar") as tar:
            tar.extractall(tmp_path / "out", filter="data")
        return tmp_path / "out"

    return unpack


def test_sha256sum_alone_confirms_everything(opened: Callable[..., Path]) -> None:
    folder = opened()
    if shutil.which("sha256sum") is None:
        pytest.skip("the public tool is not installed")
    told = subprocess.run(["sha256sum", "-c", "SHA256SUMS"], cwd=folder, capture_output=True, text=True, check=False)
    files = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    assert told.returncode == 0
    assert {line.removesuffix(": OK") for line in told.stdout.splitlines()} == files - {"SHA256SUMS"}


@pytest.mark.skipif(shutil.which("age") is None, reason="the public tool is not installed")
def test_the_public_age_opens_it(decided: Make, built: Callable[..., Referral], identity: str, tmp_path: Path) -> None:
    """Exactly as a partner would: age, tar and sha256sum, and nothing of ours."""
    path = package_path(built(decided()).public_id)
    key = tmp_path / "key"
    key.write_text(identity)
    tar = tmp_path / "p.tar"
    subprocess.run(["age", "-d", "-i", key, "-o", tar, path], check=True)
    subprocess.run(["tar", "xf", tar, "-C", tmp_path], check=True)
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=tmp_path, check=False).returncode == 0


def test_the_cover_prints_without_cutting_an_item(opened: Callable[..., Path]) -> None:
    folder = opened()
    assert 'href="cover.css"' in (folder / "cover.html").read_text()
    assert "break-inside: avoid" in (folder / "cover.css").read_text()


@pytest.mark.skipif(shutil.which("chromium") is None, reason="no browser is installed")
def test_a_browser_makes_a_pdf_of_the_cover(opened: Callable[..., Path], tmp_path: Path) -> None:
    """What a partner reads on paper or files: from the package alone, without a line to anywhere."""
    pdf, profile = tmp_path / "cover.pdf", tmp_path / "profile"
    headless = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}"]
    away = ["--proxy-server=127.0.0.1:9", f"--print-to-pdf={pdf}"]
    cover = opened() / "cover.html"
    subprocess.run([*headless, *away, cover.as_uri()], check=True, capture_output=True, timeout=120)
    assert pdf.read_bytes().startswith(b"%PDF")


def test_tools_read_it_as_a_case(opened: Callable[..., Path], decided: Make) -> None:
    item = decided(ai_involvement="wholly_synthetic")
    folder = opened(item)
    (case,) = json.loads((folder / "vics.json").read_text())["value"]
    (media,) = case["Media"]
    manifest = json.loads((folder / "manifest.json").read_text())
    told = manifest["items"][0]
    assert (media["MD5"], media["SHA1"]) == (told["hashes"]["md5"].upper(), told["hashes"]["sha1"].upper())
    assert (folder / media["RelativeFilePath"]).is_file()
    assert "ai_involvement:wholly_synthetic" in media["Tags"].split(";")
    assert case["Comments"] == "PRACTICE - NOT FINDINGS"


def test_what_is_not_known_is_never_a_no_for_tools(opened: Callable[..., Path]) -> None:
    text = (opened() / "vics.json").read_text()
    assert "false" not in text
    assert "ai_involvement:not_determined" in text
    assert "real_child:not_determined" in text


def test_ai_facts_stand_beside_with_their_basis(opened: Callable[..., Path], decided: Make) -> None:
    item = decided(ai_involvement="real_picture_altered", ai_basis="file_evidence", ai_confidence="high")
    (line,) = (opened(item) / "ai-facts.jsonl").read_text().splitlines()
    told = json.loads(line)
    assert (told["ai_involvement"], told["ai_basis"], told["ai_confidence"]) == (
        "real_picture_altered",
        "file_evidence",
        "high",
    )
    assert (told["real_child"], told["file_evidence"]["ai_involvement"]) == ("not_determined", "not_examined")
    assert (told["evidence"], told["file_evidence"]["suspects_altered_real"]) == ("not_examined", "not_examined")


def with_evidence(item: Item, data: bytes, now: datetime) -> Item:
    """Let it be examined."""
    found = examine(data, at=now)
    item.provenance, item.real_basis, item.suspects_altered_real = stored_evidence(found), found.real_basis, False
    item.ai_involvement = found.ai_involvement
    item.save()
    return item


PROMPT = "a hill under clouds"


def test_the_file_evidence_goes_along_whole_and_what_it_seals_does_not(
    opened: Callable[..., Path], decided: Make, now: datetime
) -> None:
    """Each check with its outcome, limits and time; a prompt is in the original alone, from which it was sealed."""
    data = Marked(landscape(1)).png(parameters=f"{PROMPT}\nSteps: 20, Sampler: Euler a, Seed: 1")
    item = with_evidence(decided(data), data, now)
    folder = opened(item)
    (line,) = map(json.loads, (folder / "ai-facts.jsonl").read_text().splitlines())
    told = line["evidence"]
    jsonschema.validate(told, json.loads(files("fileorigin").joinpath("evidence.schema.json").read_text()))
    assert told["file_sha256"] == line["sha256"]
    assert told["run_at"] == now.strftime("%Y-%m-%dT%H:%M:%SZ")
    statuses = {one["check"]: one["status"] for one in told["findings"]}
    assert (statuses["generator_marks"], statuses["camera"], set(statuses)) == ("present", "absent", set(CHECKS))
    assert all(one["limits"] for one in told["findings"])
    assert (told["detectors"], told["human"]["decision"]) == ([], None)
    assert line["file_evidence"]["suspects_altered_real"] == "not_determined"
    holding = [one.parent.name for one in folder.rglob("*") if one.is_file() and PROMPT.encode() in one.read_bytes()]
    assert holding == ["originals"]


def test_planted_bug_evidence_that_changed_after_two_people_signed_is_not_built(
    decided: Make, approved: Sign, analyst: Person, now: datetime
) -> None:
    """They signed what the sidecar says of the file, also what stands in a row that somebody touched."""
    data = Marked(landscape(1)).picture()
    item = with_evidence(decided(data), data, now)
    drafted = approved(draft_referral(item_ids=[item.pk], actor=analyst, now=now))
    item.provenance["run_at"] = "2020-01-01T00:00:00Z"
    item.save()
    with pytest.raises(NotApproved, match=r"ai-facts\.jsonl would not be the one"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)


def test_the_evidence_of_another_item_is_never_written_beside_an_item() -> None:
    item = {"item": "itm_a", "file": "a", "hashes": {"sha256": "0"}, "assessed": {}}
    with pytest.raises(ValueError, match="is that of itm_b"):
        list(documents.ai_fact_pieces([item], [("itm_b", None)]))


def test_the_cover_names_no_person_and_no_address_that_opens(opened: Callable[..., Path], analyst: Person) -> None:
    cover = (opened() / "cover.html").read_text()
    assert "PRACTICE - NOT FINDINGS" in cover
    assert "http://127[.]0[.]0[.]1:8090" in cover
    assert "127.0.0.1" not in cover
    assert "<a" not in cover
    assert analyst.name not in cover


@pytest.mark.parametrize(
    "facts",
    [
        {"real_child": "yes"},
        {"ai_involvement": "real_picture_altered"},
        {"used_to_coerce": "yes"},
        {"taken_by_child": "yes"},
        {"likeness_identifiable": "yes"},
    ],
)
def test_a_real_child_who_may_need_help_comes_first(facts: dict[str, str]) -> None:
    assert priority_of(facts)["first"] == "yes"
    assert len(priority_of(facts)["reasons"]) == 1


@pytest.mark.parametrize("facts", [{}, {"real_child": "not_determined"}, {"real_child": "no"}])
def test_an_open_question_is_never_said_to_be_no_priority(facts: dict[str, str]) -> None:
    assert priority_of(facts) == {"first": "not_determined", "reasons": []}


def test_the_cyber_tipline_file_is_an_option(opened: Callable[..., Path], decided: Make, settings: Any) -> None:
    settings.CYBERTIPLINE = True
    folder = opened(decided(ai_involvement="wholly_synthetic"), decided(ai_involvement="not_determined"))
    text = (folder / "cybertipline.xml").read_text()
    assert text.count("<fileDetails>") == 2
    assert text.count("<generativeAi/>") == 1


def test_without_the_option_there_is_none(opened: Callable[..., Path]) -> None:
    assert not (opened() / "cybertipline.xml").exists()


def test_what_software_would_write_otherwise_now_is_not_built(
    decided: Make, approved: Sign, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The two signed exactly these bytes, also of the cover."""
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    monkeypatch.setattr(documents, "_cover", lambda *_: b"another cover")
    with pytest.raises(NotApproved, match=r"cover\.html would not be the one"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)
    assert not package_path(drafted.public_id).exists()


def test_an_original_that_does_not_open_is_told_as_such(
    decided: Make, approved: Sign, analyst: Person, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not as a failure to encrypt."""
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))

    def damaged(_item: Item) -> bytes:
        raise DoesNotOpen("The object is damaged.")

    monkeypatch.setattr(operation, "open_original", damaged)
    with pytest.raises(DoesNotOpen, match="damaged"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)


def test_planted_without_the_comparison_it_would_be(
    decided: Make, approved: Sign, analyst: Person, now: datetime, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted bug: what was signed is not compared. The partner's check is then the one that notices."""
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    other = [measured("cover.html", lambda: [b"another cover"])]
    monkeypatch.setattr(operation, "_checked", lambda *_: other)
    built = build_referral(referral_id=drafted.pk, actor=analyst, now=now)
    with pytest.raises(Exception, match=r"cover\.html"):
        verify_package(package_path(built.public_id), identity=identity)


def test_an_expired_key_seals_nothing(
    decided: Make, approved: Sign, analyst: Person, now: datetime, settings: Any
) -> None:
    item = decided()
    settings.POLICE_KEY_EXPIRES = now.date() + timedelta(days=1)
    drafted = approved(draft_referral(item_ids=[item.pk], actor=analyst, now=now))
    settings.POLICE_KEY_EXPIRES = date(2026, 11, 21)
    with pytest.raises(Misconfigured, match="expired on 21 November 2026"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)
    with pytest.raises(Misconfigured, match="expired"):
        draft_referral(item_ids=[decided().pk], actor=analyst, now=now)


def test_a_partner_with_another_key_gets_a_new_draft(
    decided: Make, approved: Sign, analyst: Person, now: datetime, settings: Any
) -> None:
    drafted = approved(draft_referral(item_ids=[decided().pk], actor=analyst, now=now))
    settings.POLICE_KEY = str(x25519.Identity.generate().to_public())
    with pytest.raises(NotApproved, match="key has changed"):
        build_referral(referral_id=drafted.pk, actor=analyst, now=now)


def generated(count: int) -> Iterator[dict[str, Any]]:
    """What manifests would tell of so many items."""
    for number in range(count):
        yield {
            "item": f"itm_{number}",
            "file": f"originals/itm_{number}.png",
            "bytes": 1000,
            "format": "PNG",
            "hashes": {"md5": f"{number:032x}", "sha1": f"{number:040x}", "sha256": f"{number:064x}", "pdq": "00"},
            "assessed": {"ai_involvement": "not_determined"},
            "ai_statement": "Whether AI was involved was not determined.",
            "file_evidence": {"ai_involvement": "not_examined"},
            "outcomes": [{"jurisdiction": "GB-EAW", "kind": "photograph", "category": "A"}],
        }


def peak_of(items: int) -> int:
    tracemalloc.start()
    case = Case("ref_x", "Hotline", items, "Referral")
    measured("vics.json", lambda: vics_pieces(case, generated(items)))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def test_memory_does_not_grow_with_the_items() -> None:
    assert peak_of(4_000) < peak_of(400) + 50_000


def test_planted_a_case_in_one_piece_would_grow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted bug: everything is put together before it is written."""
    pieces = vics_pieces
    monkeypatch.setitem(globals(), "vics_pieces", lambda *asked: [b"".join(pieces(*asked))])
    assert peak_of(4_000) > peak_of(400) + 50_000


def test_an_empty_case_is_json_too() -> None:
    whole = b"".join(vics_pieces(Case("ref_x", "Hotline", 0, "Referral"), []))
    assert json.loads(whole)["value"][0]["Media"] == []
