"""Tables of retention, and the table of record classes."""

from openhotline.retention.models.hold import Hold
from openhotline.retention.models.record_class import RecordClass, read_classes

__all__ = ["Hold", "RecordClass", "read_classes"]
