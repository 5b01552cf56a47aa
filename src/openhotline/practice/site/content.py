"""What the practice site holds: boards, thread pages and pictures, as the manifest of a collection lists them."""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path

_TYPES = {".jpg": "image/jpeg", ".png": "image/png", ".webp": "image/webp", ".gif": "image/gif"}
HTML = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Found:
    """One answer of the site: the bytes and their content type."""

    body: bytes
    content_type: str


class Content:
    """Pages and files by path. Only files that the manifest names are ever read."""

    def __init__(self, folder: Path) -> None:
        """Read ``manifest.jsonl`` of a collection's folder. Raises OSError when there is none."""
        self.folder = folder
        self.threads: dict[str, list[str]] = defaultdict(list)
        with (folder / "manifest.jsonl").open(encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                self.threads[row["page"]].append(f"/{row['file']}")
        self.files = {path for paths in self.threads.values() for path in paths}
        self.boards: dict[str, list[str]] = defaultdict(list)
        for page in self.threads:
            self.boards[page.partition("threads/")[0]].append(page)

    def get(self, path: str, gone: Iterable[str] = ()) -> Found | None:
        """Return what is at a path, or None; pictures in ``gone`` are not shown on their pages."""
        if path in self.files:
            return self._picture(path)
        if path in self.threads:
            pictures = [one for one in self.threads[path] if one not in set(gone)]
            return _page(f"Thread {path}", "".join(map(_figure, pictures)))
        if path in self.boards:
            return _page(f"Board {path}", _links(sorted(self.boards[path])))
        if path == "/":
            return _page("Boards", _links([*sorted(self.boards), "/endless", "/away", "/missing"]))
        return None

    def _picture(self, path: str) -> Found | None:
        try:
            body = (self.folder / path.lstrip("/")).read_bytes()
        except OSError:
            return None
        return Found(body, _TYPES.get(Path(path).suffix, "application/octet-stream"))


def _page(title: str, body: str) -> Found:
    text = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>PRACTICE: {escape(title)}</title><h1>PRACTICE: {escape(title)}</h1>"
        f'<p>Generated shapes only. <a href="/">All boards</a></p>{body}</html>'
    )
    return Found(text.encode(), HTML)


def _figure(path: str) -> str:
    return f'<p><img src="{escape(path)}" alt="practice picture" width="240" loading="lazy"></p>'


def _links(paths: Iterable[str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{escape(path)}">{escape(path)}</a></li>' for path in paths) + "</ul>"
