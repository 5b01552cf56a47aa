"""``openhotline key …`` and ``openhotline purge …``."""

from openhotline.evidence.commands.key import app as key_app
from openhotline.evidence.commands.purge import app as purge_app

__all__ = ["key_app", "purge_app"]
