"""Tables of evidence."""

from openhotline.evidence.models.capture import Capture
from openhotline.evidence.models.item import Item, Rendition, Sighting

__all__ = ["Capture", "Item", "Rendition", "Sighting"]
