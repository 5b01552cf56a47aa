"""Tables of the hash lists."""

from openhotline.hashlists.models.entry import Entry
from openhotline.hashlists.models.known import KnownFile
from openhotline.hashlists.models.release import Release

__all__ = ["Entry", "KnownFile", "Release"]
