"""Tables of evidence."""

from openhotline.evidence.models.capture import Capture
from openhotline.evidence.models.item import Item, Rendition, Sighting
from openhotline.evidence.models.key_work import KeyWork
from openhotline.evidence.models.purge import Purge, Tombstone, canonical

__all__ = ["Capture", "Item", "KeyWork", "Purge", "Rendition", "Sighting", "Tombstone", "canonical"]
