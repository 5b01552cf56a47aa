"""The media door: the only place where a person is shown anything of an item."""

from openhotline.evidence.views.health import media_health
from openhotline.evidence.views.media import media_beat, media_release, media_reveal, media_tile

__all__ = ["media_beat", "media_health", "media_release", "media_reveal", "media_tile"]
