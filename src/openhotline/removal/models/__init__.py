"""Tables of removal, and the report that a provider receives."""

from openhotline.removal.models.mail_hold import MailHold
from openhotline.removal.models.notice import Notice
from openhotline.removal.models.removal import Hosting, Removal
from openhotline.removal.models.xarf import NoticedAddress, NoticedItem, Office, checked_report, report_of

__all__ = [
    "Hosting",
    "MailHold",
    "Notice",
    "NoticedAddress",
    "NoticedItem",
    "Office",
    "Removal",
    "checked_report",
    "report_of",
]
