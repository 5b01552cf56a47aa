"""Read the XMP properties that matter for provenance (ISO 16684-1), by local name."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_PACKET = 2_000_000
MAX_INNER = 32
MAX_PROPERTIES = 256

# Writers disagree on namespaces (two are in use for AIGC alone), so a property is known by its local name.
WANTED = frozenset({
    "DigitalSourceType", "digitalsourcetype", "AISystemUsed", "AISystemVersionUsed", "AIPromptInformation",
    "AIPromptWriterName", "Credit", "AIGC", "UserComment", "CreatorTool", "provenance", "description",
    "ImageDescription", "Software", "parameters",
})  # fmt: skip


@dataclass
class Xmp:
    """Wanted properties in order, as (local name, text); `problem` is a word of `vocabulary.PROBLEMS`."""

    properties: list[tuple[str, str]] = field(default_factory=list)
    problem: str | None = None

    def of(self, name: str) -> tuple[str, ...]:
        """The values of one property."""
        return tuple(text for found, text in self.properties if found == name)


def read(packet: bytes) -> Xmp:
    """The wanted properties of one packet; refuses document types and entities; never raises."""
    if len(packet) > MAX_PACKET:
        return Xmp(problem="xmp_too_large")
    try:
        root = fromstring(packet.strip(b"\0 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        return Xmp(problem="bad_xmp")
    xmp = Xmp()
    for element in root.iter():
        _collect(xmp, element)
    return xmp


def _collect(xmp: Xmp, element: Element) -> None:
    for name, value in element.attrib.items():
        _keep(xmp, name, value)
    if _local(element.tag) in WANTED:
        # A few inner elements (rdf:Alt, rdf:li) are enough; all of them would make nested properties quadratic.
        for inner in islice(element.iter(), MAX_INNER):
            for name, value in inner.attrib.items():
                if _local(name) in {"resource", "value"}:
                    _keep(xmp, element.tag, value)
            if inner.text and inner.text.strip():
                _keep(xmp, element.tag, inner.text.strip())


def _keep(xmp: Xmp, name: str, value: str) -> None:
    local = _local(name)
    if local not in WANTED:
        return
    if len(xmp.properties) < MAX_PROPERTIES:
        xmp.properties.append((local, value))
    else:
        xmp.problem = "too_many_parts"


def _local(name: str) -> str:
    return name.rpartition("}")[2] if isinstance(name, str) else ""
