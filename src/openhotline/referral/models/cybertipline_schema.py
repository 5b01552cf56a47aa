"""What NCMEC's CyberTipline takes, as data, and whether a piece of XML fits it.

Written from what client libraries of the interface have in source (July 2026); the interface gives its own XSD to
whoever is registered, and that one holds. Listed are the elements in their order, with how often each may stand; what
may stand in those that we never write is left open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from openhotline.referral.errors import NotReferable

MANY = 10_000


@dataclass(frozen=True)
class Element:
    """One element: its children in order, or what its text and attributes may be. ``open``: not looked into."""

    name: str
    most: int = 1
    children: tuple["Element", ...] = ()
    values: frozenset[str] = frozenset()
    longest: int = 3_000_000
    attributes: Mapping[str, frozenset[str]] = field(default_factory=dict)
    empty: bool = False
    open: bool = False


def _open(*names: str) -> tuple[Element, ...]:
    return tuple(Element(name, most=MANY, open=True) for name in names)


def _empty(*names: str) -> tuple[Element, ...]:
    return tuple(Element(name, empty=True) for name in names)


_YES_NO = frozenset({"true", "false"})
_HASH = {"hashType": frozenset({"MD5", "SHA1", "SHA256", "PDNA", "PDQ"})}
FILE_DETAILS = Element(
    "fileDetails",
    children=(
        *(Element(name, longest=255) for name in ("reportId", "fileId")),
        Element("originalFileName", longest=2056),
        *_open("uploadedToEspTimestamp"),
        Element("locationOfFile", longest=2083),
        *(Element(one, values=_YES_NO) for one in ("fileViewedByEsp", "exifViewedByEsp", "publiclyAvailable")),
        Element("fileRelevance", values=frozenset({"Reported", "Supplemental Reported"})),
        Element(
            "fileAnnotations",
            children=_empty(
                "animeDrawingVirtualHentai",
                "potentialMeme",
                "viral",
                "possibleSelfProduction",
                "physicalHarm",
                "violenceGore",
                "bestiality",
                "liveStreaming",
                "infant",
                "generativeAi",
            ),
        ),
        Element("industryClassification", values=frozenset({"A1", "A2", "B1", "B2"})),
        Element("originalFileHash", most=MANY, longest=255, attributes=_HASH),
        *_open("ipCaptureEvent", "deviceId", "details"),
        Element("additionalInfo", most=MANY),
    ),
)
REPORT = Element(
    "report",
    children=(
        *_open("incidentSummary", "internetDetails", "lawEnforcement", "reporter", "personOrUserReported"),
        *_open("intendedRecipient", "victim"),
        Element("additionalInfo", most=MANY),
    ),
)


def checked(piece: bytes, schema: Element) -> bytes:
    """Return a piece of XML that fits. Raises NotReferable with what does not: nothing leaves."""
    why = misfit(piece, schema)
    if why:
        raise NotReferable(
            f"The CyberTipline file would not fit its form: {why} Nothing was drafted; tell the developers."
        )
    return piece


def misfit(piece: bytes, schema: Element) -> str:
    """Say in a sentence what does not fit; empty when all does."""
    try:
        root = ET.fromstring(piece)  # noqa: S314 - our own, just written
    except ET.ParseError:
        return "it is no XML."
    return _misfit(root, schema) if root.tag == schema.name else f"it begins with {root.tag}, not {schema.name}."


def _misfit(node: ET.Element, schema: Element) -> str:
    if schema.open:
        return ""
    strange = [name for name, value in node.attrib.items() if value not in schema.attributes.get(name, ())]
    if strange or set(schema.attributes) - set(node.attrib):
        return f"the attributes of {schema.name} are not as they have to be."
    if schema.children:
        return _misfit_inside(list(node), schema)
    return _misfit_text(node, schema)


def _misfit_text(node: ET.Element, schema: Element) -> str:
    text = node.text or ""
    if len(node) or (schema.empty and text.strip()) or len(text) > schema.longest:
        return f"what stands in {schema.name} is not as it has to be."
    return f"{schema.name} has a value that is none of its own." if schema.values and text not in schema.values else ""


def _misfit_inside(nodes: Sequence[ET.Element], schema: Element) -> str:
    place, times = 0, 0
    for node in nodes:
        at = next((n for n, one in enumerate(schema.children) if n >= place and one.name == node.tag), None)
        if at is None:
            return f"{node.tag} has no place there in {schema.name}."
        place, times = at, times + 1 if at == place else 1
        child = schema.children[at]
        if times > child.most:
            return f"{child.name} stands {times} times in {schema.name}."
        if why := _misfit(node, child):
            return why
    return ""
