"""Closed lists of the log."""

from enum import StrEnum


class Cause(StrEnum):
    """Why a fault of the log is known and does not call for anything more."""

    DISK = "disk"
    RESTORED = "restored_backup"
    CLOCK = "clock_was_set"
    INTRUDER = "intruder"
    UNKNOWN = "unknown"


# What a record may say beside who, what and when, and what kind of value it is: closed ones only. A test holds every
# call of `record` to this list; `policies.check_closed` refuses values that could be an address, a name or a sentence.
DETAILS = {
    "addresses": "count",
    "ahead": "count",
    "back": "count",
    "alone": "yes or no",
    "attempts": "count",
    "at": "moment",
    "authority": "outside id",
    "brought_back": "count",
    "cause": "code",
    "command_line": "yes or no",
    "consents": "yes or no",
    "custodians": "digest",
    "decided": "yes or no",
    "deleted": "count",
    "details": "yes or no",
    "entries": "count",
    "epoch": "count",
    "evidence": "digest",
    "examined": "count",
    "files": "count",
    "finds": "count",
    "folded": "count",
    "found": "count",
    "from": "code",
    "gone": "count",
    "held": "count",
    "items": "count",
    "kept": "count",
    "keys": "count",
    "kind": "code",
    "lane": "code",
    "late": "yes or no",
    "left": "count",
    "lines": "count",
    "list": "digest",
    "live": "yes or no",
    "made_at": "moment",
    "manifest": "digest",
    "missed": "count",
    "moved": "count",
    "new": "count",
    "opinion": "code",
    "package": "digest",
    "person": "outside id",
    "pictures": "count",
    "present": "count",
    "quarantined": "count",
    "reason": "code",
    "refused": "count",
    "removed": "count",
    "reports": "count",
    "requests": "count",
    "role": "code",
    "seal": "digest",
    "sealed": "digest",
    "seconds": "number",
    "sent_before": "count",
    "set_aside": "count",
    "sightings": "count",
    "size": "count",
    "source": "code",
    "standing": "code",
    "to": "code",
    "to_send": "count",
    "tombstones": "count",
    "training": "day",
    "unclear": "count",
    "unknown": "count",
    "unreadable": "count",
    "verdict": "code",
    "version": "count",
    "vetting": "day",
    "voided": "count",
    "work": "code",
    "written": "count",
    "xarf": "digest",
}
