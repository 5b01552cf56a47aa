"""A XARF 4 report that came in: what it says of an address, and what is refused.

Checked with the schemas that the XARF project publishes (version 4.2.0, MIT licence), as its package `xarf` brings
them. Pure: free of database, HTTP and clock.
"""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any, cast

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource

from openhotline.intake.errors import XarfRefused
from openhotline.intake.states import Kind

VERSION = "4.2"
# The types that a hotline against this material can act on; all others are other people's work.
TYPES = {"csam": "types/content-csam.json", "csem": "types/content-csem.json"}
SCHEMAS = ("xarf-core.json", "types/content-base.json", *TYPES.values())
# Text alone: anything else can hold a picture, and is not opened to see whether it does.
EVIDENCE = frozenset({"text/plain", "text/csv", "application/json"})
KINDS = {"image": Kind.PICTURE, "video": Kind.VIDEO, "text": Kind.TEXT}
# What the format says is never sent from one system to another.
NOT_FOR_US = "_internal"
SAID_ALREADY = frozenset({"url", "report_id", NOT_FOR_US})


def read_xarf(content: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Return the address, and what else is said, by the names of `states.QUESTIONS`. Raises XarfRefused."""
    kind = content.get("type")
    if content.get("category") != "content" or not isinstance(kind, str) or kind not in TYPES:
        raise XarfRefused(
            f"This hotline takes XARF reports of the category content, type {' or '.join(TYPES)}; this one is of "
            "another. Send it to whoever is responsible for that. Nothing was kept."
        )
    for error in _validator(kind).iter_errors(content):
        raise XarfRefused(f"The report does not fit XARF {VERSION}: {_sentence(error)} Nothing was kept.")
    for place, one in enumerate(content.get("evidence", [])):
        _check_is_text(place, one)
    rest = {name: value for name, value in content.items() if name not in SAID_ALREADY}
    told = {"reference": str(content["report_id"]), "xarf": json.dumps(rest, ensure_ascii=False, sort_keys=True)}
    media = KINDS.get(str(content.get("media_type", "")))
    return str(content["url"]), told | ({"what": media} if media else {})


def texts_of(content: object) -> Iterator[str]:
    """Yield every text in a report, and every evidence payload opened: where a picture could hide."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, Mapping):
        if isinstance(payload := content.get("payload"), str):
            yield _opened(payload).decode("latin-1")
        for name, value in content.items():
            yield str(name)
            yield from texts_of(value)
    elif isinstance(content, list):
        for value in content:
            yield from texts_of(value)


def _check_is_text(place: int, one: Mapping[str, Any]) -> None:
    declared = str(one["content_type"]).partition(";")[0].strip().lower()
    if declared not in EVIDENCE:
        raise XarfRefused(
            f"Piece {place + 1} of the evidence is declared as something other than {', '.join(sorted(EVIDENCE))}. "
            "Pictures and videos are never taken, not even as evidence, and other files can hold them. Send the report "
            "again without it. Nothing was kept."
        )
    payload = _opened(str(one["payload"]))
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text or not payload:
        raise XarfRefused(
            f"Piece {place + 1} of the evidence is declared as text and is not text in UTF-8, spelt in base64. Send "
            "the report again without it. Nothing was kept."
        )


def _opened(payload: str) -> bytes:
    try:
        return base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        return b""


def _sentence(error: ValidationError) -> str:
    """Return what is wrong and where; of the report itself no value is quoted, as it may be an address."""
    where = "/".join(str(step) for step in error.absolute_path) or "the report"
    if error.validator == "required":
        wanted, there = cast("list[str]", error.validator_value), cast("dict[str, Any]", error.instance)
        needed = [name for name in wanted if name not in there]
        return f"{where} lacks {', '.join(needed)}."
    if error.validator in {"enum", "const", "type", "pattern", "format", "maxLength", "maximum", "minimum", "maxItems"}:
        return f"{where} breaks the rule {error.validator} ({error.validator_value})."
    return f"{where} breaks the rule {error.validator}."


@cache
def _validator(kind: str) -> Draft202012Validator:
    folder = resources.files("xarf") / "schemas"
    schemas = [json.loads((folder / name).read_text("utf-8")) for name in SCHEMAS]
    registry: Registry[Any] = Registry().with_resources((one["$id"], Resource.from_contents(one)) for one in schemas)
    chosen = json.loads((folder / TYPES[kind]).read_text("utf-8"))
    return Draft202012Validator(chosen, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)
