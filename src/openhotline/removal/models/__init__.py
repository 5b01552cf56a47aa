"""Tables of removal."""

from openhotline.removal.models.notice import Notice
from openhotline.removal.models.removal import Hosting, Removal

__all__ = ["Hosting", "Notice", "Removal"]
