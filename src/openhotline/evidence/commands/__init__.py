"""Commands of evidence: ``audit evidence``, ``bulk``, ``key``, ``purge``, ``sweep``, ``backup`` and ``restore``."""

from openhotline.evidence.commands.archive import backup, restore
from openhotline.evidence.commands.bulk import app as bulk_app
from openhotline.evidence.commands.key import app as key_app
from openhotline.evidence.commands.log import evidence
from openhotline.evidence.commands.purge import app as purge_app
from openhotline.evidence.commands.sweep import app as sweep_app

__all__ = ["backup", "bulk_app", "evidence", "key_app", "purge_app", "restore", "sweep_app"]
