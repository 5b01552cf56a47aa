"""``openhotline list …`` and ``openhotline member …``."""

from openhotline.hashlists.commands.list import app
from openhotline.hashlists.commands.member import app as member_app

__all__ = ["app", "member_app"]
