"""After `warm()`, an examination needs no file, no thread, no process and no connection."""

import subprocess
import sys
from pathlib import Path
from typing import Any

from nacl.signing import SigningKey

from marking import Marked, encoded, landscape

UTF_16 = {0x9286: b"UNICODE\0" + "Steps: 1".encode("utf-16-be")}
CHILD = """
import os, resource, sys
import fileorigin

anchors, *pictures = (open(p, "rb").read() for p in sys.argv[1:])
if "COLD" not in os.environ:
    fileorigin.warm()
trust = fileorigin.TrustLists(anchors=anchors.decode())
done, report = os.pipe()
if os.fork() == 0:
    def refuse(event, _arguments):
        if event in {"open", "import", "socket.connect", "subprocess.Popen", "os.fork"}:
            os.write(report, event.encode())
            os._exit(1)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(refuse)
    words = [fileorigin.examine(p, trust=trust) for p in pictures]
    os.write(report, " ".join(e.of("c2pa")[0].values.get("outcome", "-") for e in words).encode())
    os._exit(0)
os.wait()
print(os.read(done, 1000).decode())
"""


def _run(folder: Path, files: dict[str, bytes], **environment: str) -> list[str]:
    for name, content in files.items():
        (folder / name).write_bytes(content)
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", CHILD, *(str(folder / n) for n in files)],
        env={"PYTHONPATH": str(Path(__file__).parents[2])} | environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return ran.stdout.split()


def test_it_works_after_fork_without_files(marked: Any, signer: Any, tmp_path: Path) -> None:
    """In the child, any opened file, import or connection would end it."""
    files = {
        "roots.pem": signer.trust.anchors.encode(),
        "a.jpg": signer.sign(marked.camera_with_ai()),
        "b.png": signer.sign(marked.png(parameters="Steps: 1", zipped=True), kind="PNG"),
        "c.webp": marked.xmp('e:DigitalSourceType="composite"', "WEBP"),
        "d.png": marked.hidden("a cube"),
        "e.png": marked.novelai(SigningKey(b"\1" * 32)),
        "f.jpg": Marked(landscape(1)).thumbnailed(landscape(2, 64, 64)),
        "g.png": Marked(landscape(1)).watermarked("sdxl_48"),
        "h.jpg": encoded(landscape(1), "JPEG", subsampling=0),
        "i.webp": marked.hidden("a cube", kind="WEBP"),
        "j.tiff": signer.sign(marked.picture("TIFF"), kind="TIFF"),
        "k.avif": signer.sign(marked.picture("AVIF"), kind="AVIF"),
        "l.jpg": marked.iptc("Made with Google AI"),
    }
    assert _run(tmp_path, files) == ["trusted", "trusted", *"-" * 7, "trusted", "trusted", "-"]


def test_without_warm_the_child_reaches_for_files(marked: Any, signer: Any, tmp_path: Path) -> None:
    """Planted bug: a process that was not warmed has to import in the sandbox."""
    files = {"roots.pem": signer.trust.anchors.encode(), "c.jpg": marked.exif(inner=UTF_16)}
    assert _run(tmp_path, files) == ["-"]
    assert _run(tmp_path, files, COLD="1")[0] in {"open", "import"}
