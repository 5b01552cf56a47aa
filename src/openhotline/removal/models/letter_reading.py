"""Reading a mail that came back: a bounce (RFC 3464) or a reply, and of which notice. No attachment is kept."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from openhotline.core.open_forms import without_pictures

LONGEST = 10_000
_ID = re.compile(r"<(ntc_[a-z2-7]{26})@[^<>\s]{1,255}>")
_FAILED = re.compile(r"\s*5\.\d{1,3}\.\d{1,3}")


@dataclass(frozen=True)
class ReadLetter:
    """``notices`` are the outside ids of notices whose Message-ID it names. A lasting failure names ``recipients``."""

    notices: tuple[str, ...]
    bounce: bool
    lasting: bool
    recipients: frozenset[str]
    text: str


def read_letter(content: bytes) -> ReadLetter:
    """Read a mail of any kind. Raises nothing, whatever was sent."""
    try:
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        status = list(_statuses(message))
        named = [*_header(message, "In-Reply-To"), *_header(message, "References")]
        if status:
            named = [value for part in _returned(message) for value in _header(part, "Message-ID")]
        notices = tuple(dict.fromkeys(_ID.findall(" ".join(named))))
        failed = [one for one in status if _is_lasting(one)]
        recipients = frozenset(mail for one in failed for mail in _recipients(one))
        return ReadLetter(notices, bool(status), bool(failed), recipients, _text(message))
    except Exception:  # noqa: BLE001 - the library raises many kinds on what strangers send
        return ReadLetter((), bounce=False, lasting=False, recipients=frozenset(), text="This mail cannot be read.")


def _statuses(message: Message) -> Iterator[Message]:
    """Yield the blocks about recipients in a delivery status."""
    for part in message.walk():
        if part.get_content_type() == "message/delivery-status" and part.is_multipart():
            yield from (block for block in part.get_payload() if isinstance(block, Message) and "Action" in block)


def _is_lasting(block: Message) -> bool:
    action = str(block.get("Action", "")).strip().lower()
    return action == "failed" and _FAILED.match(str(block.get("Status", ""))) is not None


def _recipients(block: Message) -> Iterator[str]:
    for name in ("Final-Recipient", "Original-Recipient"):
        kind, _, mail = str(block.get(name, "")).partition(";")
        if kind.strip().lower() == "rfc822" and "@" in mail:
            yield mail.strip().strip("<>").lower()


def _returned(message: Message) -> Iterator[Message]:
    """Yield the mail, or its headers, that a bounce gives back."""
    for part in message.walk():
        if part.get_content_type() in {"message/rfc822", "text/rfc822-headers", "message/rfc822-headers"}:
            payload = part.get_payload()
            if isinstance(payload, list):
                yield from (one for one in payload if isinstance(one, Message))
            else:
                text = part.get_payload(decode=True)
                yield message_from_bytes(text if isinstance(text, bytes) else b"", policy=policy.default)


def _header(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body is not None else "This mail has no plain text; it is not shown."
    return without_pictures(text.replace("\0", ""))[:LONGEST]
