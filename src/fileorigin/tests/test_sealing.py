"""Free text and pictures out of a file are in the seal, and nowhere outside it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from fileorigin import Evidence, describe, examine
from fileorigin.cli import app
from fileorigin.sealing import MAX_SEALED, Seal
from marking import SOURCE, Marked, after_start, encoded, exif_with, landscape, resource

SECRET = "zebrafinch"


def secrets(marked: Any, signer: Any) -> dict[str, bytes]:
    """The same word in every place where a file can hold free text."""
    made = {"action": "c2pa.created", "digitalSourceType": SOURCE + "digitalArt", "description": SECRET}
    return {
        "text": marked.png(parameters=f"{SECRET}\nSteps: 1, Sampler: {SECRET}"),
        "packed text": marked.png(zipped=True, Comment=SECRET),
        "key": marked.png(**{SECRET: "x"}),
        "graph": marked.png(prompt=json.dumps({"1": {"class_type": "LoadImage", "inputs": {"image": SECRET}}})),
        "exif": marked.exif(make=SECRET, model=SECRET, software=SECRET, inner={0x829A: 0.01}),
        "artist": marked.exif(artist=SECRET),
        "comment": marked.commented(SECRET),
        "source type": marked.xmp(f'e:DigitalSourceType="http://example/{SECRET}"'),
        "prompt writer": marked.xmp(f'e:AIPromptWriterName="{SECRET}"'),
        "credit": marked.iptc(SECRET),
        "label": marked.xmp(f't:AIGC=\'{{"Label": "{SECRET}", "{SECRET}": "{SECRET}"}}\''),
        "remote": marked.xmp(f'd:provenance="http://{SECRET}/"'),
        "gif": encoded(marked.image(), "GIF", comment=SECRET.encode()),
        "hidden": marked.hidden(json.dumps({SECRET: SECRET})),
        "settings": marked.png(Comment=json.dumps({"request_type": SECRET, "signed_hash": SECRET})),
        "credentials": signer.sign(marked.picture(), actions=[made]),
        "tiff": marked.exif("TIFF", description=SECRET),
        "avif": marked.exif("AVIF", description=SECRET),
    }


@pytest.fixture(scope="module")
def files(marked: Any, signer: Any) -> dict[str, bytes]:
    return secrets(marked, signer)


def test_no_text_of_a_file_stands_outside_the_seal(files: dict[str, bytes]) -> None:
    """Not in the open part, not in a sentence, not in what a debugger shows."""
    for name, content in files.items():
        evidence = examine(content)
        outside = json.dumps(evidence.to_dict()) + repr(evidence) + " ".join(describe(evidence))
        assert SECRET not in outside, name
        written = (SECRET.encode(), SECRET.encode("utf-16-be"))
        assert any(form in kept for form in written for kept in evidence.sealed.values()), name


def test_the_command_prints_none_of_it(files: dict[str, bytes], tmp_path: Path) -> None:
    """Neither for people nor for programs."""
    for name, content in files.items():
        path = tmp_path / name.replace(" ", "-")
        path.write_bytes(content)
        for more in ([], ["--json"]):
            assert SECRET not in CliRunner().invoke(app, [str(path), *more]).output, name


def test_pictures_within_the_file_are_sealed_whole(marked: Any) -> None:
    """A thumbnail may be the picture before it was changed."""
    small = landscape(3, 40, 30)
    evidence = examine(Marked(landscape(4)).thumbnailed(small))
    assert encoded(small, "JPEG") in evidence.sealed.values()


def test_a_seal_that_is_full_is_an_error(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """What did not fit is lost, and that is said."""
    monkeypatch.setattr("fileorigin.sealing.MAX_SEALED", 100)
    evidence = examine(marked.png(Comment="x" * 500))
    assert "seal_full" in evidence.of("container")[0].values["problems"]


def test_the_seal_keeps_to_its_limit() -> None:
    """However much is put in."""
    seal = Seal()
    for _ in range(40):
        seal.put("part", b"x" * 1_000_000)
    assert seal.full
    assert sum(map(len, seal.contents.values())) <= MAX_SEALED


def test_without_the_closed_lists_text_would_get_out(marked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: a sampler that is passed on as it stands is refused by the finding itself."""
    monkeypatch.setattr("fileorigin.checks.generators.SAMPLERS", {SECRET})
    evidence = examine(marked.png(parameters=f"a cube\nSteps: 1, Sampler: {SECRET}"))
    assert evidence.of("generator_marks")[0].status == "error"
    assert SECRET not in json.dumps(evidence.to_dict())


def test_photoshop_s_resources_are_sealed(marked: Any) -> None:
    """Those that are not read as well."""
    body = b"Photoshop 3.0\0" + resource(SECRET.encode(), 0x0425)
    evidence = examine(after_start(marked.picture(), b"\xed", body))
    assert any(SECRET.encode() in kept for kept in evidence.sealed.values())


def test_reading_evidence_needs_no_decoder() -> None:
    """A process that only shows evidence loads neither decoders nor the native reader."""
    loaded = "import sys, fileorigin; print(sorted({'c2pa', 'numpy', 'PIL', 'nacl'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.strip() == "[]"


def test_evidence_read_back_holds_no_seal(marked: Any) -> None:
    """The open part alone is what is stored in clear."""
    assert Evidence.from_dict(examine(marked.camera()).to_dict()).sealed == {}


def test_a_whole_file_is_not_copied_into_the_seal(marked: Any) -> None:
    """A TIFF is its own EXIF block: only its texts are sealed."""
    evidence = examine(marked.exif("TIFF", description=SECRET))
    assert max(map(len, evidence.sealed.values())) < 1_000


def test_an_exif_block_without_a_thumbnail_makes_none() -> None:
    """Nothing is sealed as a thumbnail that is not there."""
    block = exif_with(landscape(1, 32, 32))
    cut = block[: block.index(b"\xff\xd8")]
    evidence = examine(after_start(encoded(landscape(1, 64, 64), "JPEG"), b"\xe1", b"Exif\0\0" + cut))
    assert not [name for name in evidence.sealed if name.startswith("thumbnail")]
