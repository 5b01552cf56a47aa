"""Tables of the audit log."""

from openhotline.audit.models.checkpoint import Checkpoint
from openhotline.audit.models.leaf import Leaf
from openhotline.audit.models.record import Record

__all__ = ["Checkpoint", "Leaf", "Record"]
