"""A report as it leaves the hotline: open data in JSON and CSV, of which every other form is made."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from openhotline.core.errors import Refusal
from openhotline.statistics.errors import NoReport
from openhotline.statistics.models.nested import Beside, hidden_beside
from openhotline.statistics.models.period import Period
from openhotline.statistics.models.suppression import Sum, hidden_keys
from openhotline.statistics.states import SMALLEST, Line, Section

FORMAT = "openhotline-report/1"
PRACTICE_HEADING = "PRACTICE – NOT FINDINGS"  # noqa: RUF001 - as the pages write it
NOT_SHOWN = "not shown"
NOTHING = "nothing to measure"
COLUMNS = ("section", "figure", "name", "unit", "value", "shown", "of", "how", "duplicates")
LONGEST = 5_000_000
READING = (
    f"Counts from 1 to {SMALLEST - 1} are not shown, as they could point at somebody, nor what they could be worked "
    f"out "
    "from. Not determined says that nobody knows; it never means no. No site, tool, person or search term is named."
)


@dataclass(frozen=True)
class About:
    """Whose report it is, of what time, and when it was counted."""

    hotline: str
    jurisdiction: str
    period: Period
    counted_at: datetime
    practice: bool


def document_of(about: About, sections: Sequence[Section], earlier: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """Return the report as plain JSON, without small counts and without what they could be worked out from.

    ``earlier`` are the documents of reports that were published before and share days with it, or with those that do.
    """
    hidden = hidden_lines(sections, about.period, earlier)
    names = {line.key: line.name for section in sections for line in section.lines}
    period = about.period
    return {
        "format": FORMAT,
        "heading": PRACTICE_HEADING if about.practice else "Report of the hotline",
        "practice": about.practice,
        "hotline": about.hotline,
        "jurisdiction": about.jurisdiction,
        "period": {
            "name": period.name,
            "first_day": period.begin.isoformat(),
            "day_after": period.end.isoformat(),
            "over": about.counted_at >= period.ends,
        },
        "counted_at": about.counted_at.isoformat(),
        "smallest": SMALLEST,
        "reading": READING,
        "sections": [
            {
                "key": one.key,
                "title": one.title,
                "unit": one.unit,
                "how": one.how,
                "duplicates": one.duplicates,
                "of": names.get(one.whole, ""),
                "lines": [_line(line, line.key in hidden, _share(line, one, sections, hidden)) for line in one.lines],
            }
            for one in sections
        ],
    }


def hidden_lines(sections: Sequence[Section], period: Period, earlier: Sequence[Mapping[str, Any]] = ()) -> set[str]:
    """Return the keys of the figures that are not shown: small counts, what gives them away, measures of few."""
    lines = [line for one in sections for line in one.lines]
    counts = {line.key: int(line.value) for line in lines if line.value is not None and line.basis is None}
    few = {line.key for line in lines if line.basis is not None and 0 < line.basis < SMALLEST}
    sums = list(_sums(sections))
    hidden = hidden_keys(counts, sums, smallest=SMALLEST)
    if earlier:
        true = [(whole, parts) for whole, parts in sums if counts[whole] == sum(counts[part] for part in parts)]
        new = Beside("", period.begin, period.end, counts, frozenset(hidden), true)
        wholes = {one.key: one.whole for one in sections if one.whole}
        hidden = hidden_beside(new, [_beside(one, wholes) for one in earlier], smallest=SMALLEST)
    return hidden | few


def _beside(document: Mapping[str, Any], wholes: Mapping[str, str]) -> Beside:
    """Return what somebody reads in a report that was published."""
    period = Period.of(document["period"]["name"])
    lines = [line for _, line in lines_of(document)]
    shown = {line["key"]: int(line["value"]) for line in lines if isinstance(line["value"], int)}
    keys = {section["key"]: tuple(line["key"] for line in section["lines"]) for section in document["sections"]}
    sums = [
        (wholes[name], tuple(key for key in parts if key != wholes[name]))
        for name, parts in keys.items()
        if name in wholes
    ]
    hidden = frozenset(line["key"] for line in lines if line["shown"] == NOT_SHOWN)
    return Beside(period.name, period.begin, period.end, shown, hidden, sums)


def _sums(sections: Sequence[Section]) -> Iterator[Sum]:
    for one in sections:
        parts = tuple(line.key for line in one.lines if line.key != one.whole)
        if one.whole and parts:
            yield one.whole, parts


def _line(line: Line, hidden: bool, share: str) -> dict[str, Any]:  # noqa: FBT001 - of this line
    value = None if hidden else line.value
    shown = NOT_SHOWN if hidden else NOTHING if value is None else f"{value:,}"
    return {"key": line.key, "name": line.name, "value": value, "shown": shown, "share": share}


def _share(line: Line, section: Section, sections: Sequence[Section], hidden: set[str]) -> str:
    if not section.whole or line.key == section.whole or {line.key, section.whole} & hidden:
        return ""
    whole = next((one.value for part in sections for one in part.lines if one.key == section.whole), None)
    return f"{100 * line.value / whole:.1f} %" if whole and line.value is not None else ""


def as_json(document: Mapping[str, Any]) -> bytes:
    """Return the file ``report.json``: the same document gives the same bytes."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def as_csv(document: Mapping[str, Any]) -> bytes:
    """Return the file ``report.csv``: one row a figure, after one that says what it is."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    period = document["period"]
    writer.writerow(["report", "heading", document["heading"], "", "", period["name"], "", document["reading"], ""])
    for section, line in lines_of(document):
        value = "" if line["value"] is None else line["value"]
        named = (section["key"], line["key"], line["name"], section["unit"], value, line["shown"])
        writer.writerow([*named, section["of"], section["how"], section["duplicates"]])
    return text.getvalue().encode()


def lines_of(document: Mapping[str, Any]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield each figure of a report with its section."""
    for section in document["sections"]:
        for line in section["lines"]:
            yield section, line


def sums_of(files: Mapping[str, bytes]) -> bytes:
    """Return ``SHA256SUMS`` of files, as ``sha256sum -c`` reads it."""
    return "".join(f"{sha256(data).hexdigest()}  {name}\n" for name, data in files.items()).encode()


def write_files(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files of a report into a new or empty folder. Raises Refusal when there is something in it."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty. Name a new folder, so that nothing is mixed with an earlier report.")
    for name, data in files.items():
        (folder / name).write_bytes(data)


def read_report(data: bytes) -> dict[str, Any]:
    """Return the report that a file holds. Raises NoReport with the reason."""
    if len(data) > LONGEST:
        raise NoReport(f"The file has {len(data):,} bytes; a report has at most {LONGEST:,}.")
    try:
        document = json.loads(data)
        if document["format"] != FORMAT:
            raise NoReport(f"The file has the format {str(document['format'])[:40]!r}; {FORMAT!r} is read here.")
        datetime.fromisoformat(document["counted_at"])
        Period.of(document["period"]["name"])
        for section, line in lines_of(document):
            _ = section["title"], line["key"], line["name"], line["shown"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoReport("The file is no report in JSON. Give the report.json that was published.") from error
    return dict(document)


def differences(published: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each figure, and each word around them, that is not what was counted again."""
    said = {line["key"]: (section, line) for section, line in lines_of(published)}
    counted = {line["key"]: (section, line) for section, line in lines_of(again)}
    found = [
        f"{name} is {published.get(name)!r} in the file, {again.get(name)!r} counted again."
        for name in ("heading", "practice", "jurisdiction", "smallest", "reading")
        if published.get(name) != again.get(name)
    ]
    for key in [*counted, *(key for key in said if key not in counted)]:
        in_file, now = said.get(key), counted.get(key)
        if in_file is None or now is None:
            where = "the database" if now else "the file"
            section, line = now or in_file or ({}, {})
            found.append(f"{section['title']}: {line['name']} stands in {where} alone.")
        elif (in_file[1]["value"], in_file[1]["shown"]) != (now[1]["value"], now[1]["shown"]):
            title, name = now[0]["title"], now[1]["name"]
            found.append(f"{title}: {name} is {in_file[1]['shown']} in the file, {now[1]['shown']} counted again.")
        elif _words(in_file) != _words(now):
            found.append(f"{now[0]['title']}: the words of {now[1]['name']} are others in the file.")
    return found


def _words(figure: tuple[dict[str, Any], dict[str, Any]]) -> tuple[Any, ...]:
    section, line = figure
    words = (section.get(one) for one in ("title", "unit", "how", "duplicates", "of"))
    return (*words, line["name"], line.get("share"))
