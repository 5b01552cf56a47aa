"""Tables of intake, receipts and manifests."""

from openhotline.intake.models.address import Address
from openhotline.intake.models.collection import Collection, Find
from openhotline.intake.models.device_hash import DeviceHash
from openhotline.intake.models.manifest import ManifestLine
from openhotline.intake.models.question import Answer, Question
from openhotline.intake.models.report import Report, ReportedAddress

__all__ = [
    "Address",
    "Answer",
    "Collection",
    "DeviceHash",
    "Find",
    "ManifestLine",
    "Question",
    "Report",
    "ReportedAddress",
]
