"""Keep the present version of each flow, so that it can be shown for as long as anybody may ask."""

import json
from datetime import datetime
from pathlib import Path

from openhotline.guidance.errors import NothingToFreeze
from openhotline.guidance.models.flow import Flow
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.queries.document import canonical, document_of, version_of
from openhotline.guidance.queries.versions import HISTORY, PAST, not_frozen


def freeze(*, guidance: Guidance, folder: Path, because: str, now: datetime) -> list[str]:
    """Write a file for each flow whose version is not kept yet, and a line into the history; return the versions.

    ``folder`` is a guidance folder; the files go to ``past/`` in it. Each is flushed before the history names it.
    Raises NothingToFreeze.
    """
    fresh = not_frozen(guidance, folder)
    if not fresh:
        raise NothingToFreeze("Every flow is kept as it stands. There is nothing to freeze.")
    place = folder / PAST
    place.mkdir(parents=True, exist_ok=True)
    return [_kept(flow, guidance, place, because, now) for flow in fresh]


def _kept(flow: Flow, guidance: Guidance, place: Path, because: str, now: datetime) -> str:
    document = document_of(flow, guidance)
    version = version_of(document)
    (place / f"{version}.json").write_text(canonical(document), "utf-8")
    # JSON's strings are TOML's basic strings as well.
    line = (
        f"\n[[version]]\nflow = {json.dumps(flow.id)}\nversion = {json.dumps(version)}\n"
        f"frozen = {now.date().isoformat()}\nbecause = {json.dumps(because, ensure_ascii=False)}\n"
    )
    with (place / HISTORY).open("a", encoding="utf-8") as history:
        history.write(line)
    return version
