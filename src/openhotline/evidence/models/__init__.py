"""Tables of evidence."""

from openhotline.evidence.models.capture import Capture
from openhotline.evidence.models.evidence_write import EvidenceWrite
from openhotline.evidence.models.item import Item, Rendition, Sighting
from openhotline.evidence.models.key_work import KeyWork
from openhotline.evidence.models.purge import Purge, Tombstone, canonical
from openhotline.evidence.models.video import Video, VideoFrame

__all__ = [
    "Capture",
    "EvidenceWrite",
    "Item",
    "KeyWork",
    "Purge",
    "Rendition",
    "Sighting",
    "Tombstone",
    "Video",
    "VideoFrame",
    "canonical",
]
