"""Tables of intake, receipts and manifests."""

from openhotline.intake.models.address import Address
from openhotline.intake.models.collection import Batch, Collection, Find
from openhotline.intake.models.device_hash import DeviceHash
from openhotline.intake.models.manifest import ManifestLine
from openhotline.intake.models.partner import AskedKey, Partner, PartnerKey, PartnerReport, PartnerRequest
from openhotline.intake.models.quarantine import Quarantined
from openhotline.intake.models.question import Answer, Question
from openhotline.intake.models.report import Report, ReportedAddress
from openhotline.intake.models.sweep import Sweep, SweptPage
from openhotline.intake.models.webhook import Webhook, WebhookMessage

__all__ = [
    "Address",
    "Answer",
    "AskedKey",
    "Batch",
    "Collection",
    "DeviceHash",
    "Find",
    "ManifestLine",
    "Partner",
    "PartnerKey",
    "PartnerReport",
    "PartnerRequest",
    "Quarantined",
    "Question",
    "Report",
    "ReportedAddress",
    "Sweep",
    "SweptPage",
    "Webhook",
    "WebhookMessage",
]
