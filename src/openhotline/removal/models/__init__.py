"""Tables of removal, and the report that a provider receives."""

from openhotline.removal.models.answer import (
    AnswerCode,
    Complaint,
    Letter,
    ProviderAnswer,
    code_lookup,
    code_of,
)
from openhotline.removal.models.contact import Contact, HostAnswer, contact_lookup
from openhotline.removal.models.handover import HandedIn, HandedOver, Handover, HandoverIn, Statement
from openhotline.removal.models.mail_hold import MailHold
from openhotline.removal.models.notice import Notice, Told
from openhotline.removal.models.removal import CONTACT_OF, Hold, Hosting, Recheck, Removal, sentence
from openhotline.removal.models.tables import Cdn, HoldRule, Hotline, read_cdns, read_holds, read_hotlines
from openhotline.removal.models.xarf import NoticedAddress, NoticedItem, Office, checked_report, report_of

__all__ = [
    "CONTACT_OF",
    "AnswerCode",
    "Cdn",
    "Complaint",
    "Contact",
    "HandedIn",
    "HandedOver",
    "Handover",
    "HandoverIn",
    "Hold",
    "HoldRule",
    "HostAnswer",
    "Hosting",
    "Hotline",
    "Letter",
    "MailHold",
    "Notice",
    "NoticedAddress",
    "NoticedItem",
    "Office",
    "ProviderAnswer",
    "Recheck",
    "Removal",
    "Statement",
    "Told",
    "checked_report",
    "code_lookup",
    "code_of",
    "contact_lookup",
    "read_cdns",
    "read_holds",
    "read_hotlines",
    "report_of",
    "sentence",
]
