"""The figures of a run for people: a table at the terminal, a page of markdown."""

from collections.abc import Iterator, Mapping
from typing import Any

from rich.console import Console
from rich.table import Table

from openhotline.practice.run import HEADING

Result = Mapping[str, Any]
KEYS = (
    *("found", "unreadable", "exact_duplicates", "stacks", "selected", "set_aside", "views", "assessed"),
    *("outcomes", "ai_involvement", "entries", "notices", "gone", "referrals", "exposure_s", "exposure_saved_s"),
    *("stage_s", "audit_verified", "report", "differences"),
)
"""What ``practice run --json`` always names."""
_NOTE = (
    "Files found are sightings; an item is unique bytes. Looking is simulated: 28 s a full look, 1 s a tile. "
    "Exposure saved is the readable files found at 28 s each, one by one, less the exposure there was."
)
_ROWS = (
    ("Files found", "found"),
    ("Items (unique bytes)", "items"),
    ("Unreadable, by reason", "unreadable"),
    ("Exact duplicates", "exact_duplicates"),
    ("Stacks", "stacks"),
    ("Selected", "selected"),
    ("Set aside, by reason", "set_aside"),
    ("Full looks needed", "views"),
    ("Opinions given", "assessed"),
    ("Checks on known answers", "checks"),
    ("Second opinions", "second_opinions"),
    ("Disagreements", "disagreements"),
    ("Outcomes, files found", "outcomes"),
    ("AI involvement, files found", "ai_involvement"),
    ("Entries listed", "entries"),
    ("Notices sent", "notices"),
    ("Addresses gone", "gone"),
    ("Referrals built", "referrals"),
    ("Exposure (simulated)", "exposure_s"),
    ("Exposure saved", "exposure_saved_s"),
)


def show(result: Result, console: Console) -> None:
    """Print one table, what differs from the truth file, and whether the log is whole."""
    table = Table(title=HEADING, caption=_NOTE, title_style="bold", show_lines=False)
    table.add_column("Figure")
    table.add_column("", justify="left")
    table.add_column("Number", justify="right")
    for name, part, number in lines(result):
        table.add_row(name, part, number)
    table.add_section()
    for stage, seconds in result["stage_s"].items():
        table.add_row("Seconds", stage, f"{seconds:,.1f}")
    console.print(table)
    for sentence in closing(result):
        console.print(sentence, soft_wrap=True)
    if result["report"]["folder"]:
        console.print(f"The report lies in {result['report']['folder']}.", soft_wrap=True)


def lines(result: Result) -> Iterator[tuple[str, str, str]]:
    """Yield the rows: figure, part of it, number."""
    for name, key in _ROWS:
        value = result[key]
        if isinstance(value, dict):
            yield name, "", f"{sum(value.values()):,}"
            yield from (("", part.replace("_", " "), f"{number:,}") for part, number in value.items())
        elif key.endswith("_s"):
            yield name, "", in_time(value)
        else:
            yield name, "", f"{value:,}"


def closing(result: Result) -> Iterator[str]:
    """Yield the sentences under the table."""
    verified = "The audit log is whole." if result["audit_verified"] else "THE AUDIT LOG WAS TOUCHED."
    yield f"{verified} Machine: {result['machine']}."
    yield from _of_report(result["report"])
    share = f"{result['error_rate']:.0%} of the opinions are wrong on purpose"
    if not result["differences"]:
        yield f"Every figure equals the truth file ({share})."
        return
    yield f"{len(result['differences'])} figures differ from the truth file ({share}):"
    yield from (f"- {sentence}" for sentence in result["differences"])


def _of_report(report: Mapping[str, Any]) -> Iterator[str]:
    same = "each is the same" if not report["differences"] else f"{len(report['differences'])} are not the same:"
    yield f"The report of the run has {report['figures']} figures, counted again: {same}."
    yield from (f"- {sentence}" for sentence in report["differences"])


def in_time(seconds: float) -> str:
    """Return seconds as hours and minutes, with the seconds themselves."""
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes:02} min ({seconds:,.0f} s)"


def markdown(result: Result) -> str:
    """Return the same as a page."""
    rows = [f"| {name} | {part} | {number} |" for name, part, number in lines(result)]
    stages = [f"| {stage} | {seconds:,.1f} |" for stage, seconds in result["stage_s"].items()]
    parts = [
        f"# {HEADING}",
        f"The whole journey with {result['found']:,} generated files, seed {result['seed']}, on {result['machine']}.",
        "\n".join(["| Figure | | Number |", "| --- | --- | ---: |", *rows]),
        _NOTE,
        "## Seconds per stage",
        "\n".join(["| Stage | Seconds |", "| --- | ---: |", *stages]),
        "## Against the truth file",
        "\n".join(closing(result)),
    ]
    return "\n\n".join(parts) + "\n"
