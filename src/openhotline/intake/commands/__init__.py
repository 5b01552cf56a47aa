"""Commands of intake: ``collection`` and ``partner``."""

from openhotline.intake.commands.collection import app as collection_app
from openhotline.intake.commands.partner import app as partner_app

__all__ = ["collection_app", "partner_app"]
