"""The mail of a notice: words of the receiver's language, and the reports as attachments.

The same notice gives the same mail each time, but for the words of a file that was changed meanwhile.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from hashlib import sha256
from pathlib import Path
from typing import Any

from openhotline.removal.models.contact import Contact
from openhotline.removal.models.notice import Notice
from openhotline.removal.models.notice_texts import notice_text
from openhotline.removal.models.xarf import Office
from openhotline.removal.states import Level

PRACTICE = "PRACTICE - NOT FINDINGS"
PRACTICE_HEADING = (
    f"{PRACTICE}\nThis message was made in practice mode. It is about generated shapes on a practice site.\n\n"
)


@dataclass(frozen=True)
class Letterhead:
    """Who writes, where the receiver can answer with which code, and the operator's folder of words, if any.

    ``flagger``: as which trusted flagger (EU Digital Services Act), "" for none.
    """

    office: Office
    page: str
    code: str
    words: Path | None
    flagger: str = ""


def compose_notice(
    notice: Notice,
    contact: Contact,
    urls: Sequence[str],
    reports: Sequence[dict[str, Any]],
    head: Letterhead,
    *,
    in_front: bool,
) -> tuple[EmailMessage, str]:
    """Return the mail and the SHA-256 of its reports. Real addresses stand in the reports alone.

    ``in_front``: the receiver's network stands in front of the site, so it is asked who hosts what is behind.
    """
    words = notice_text(contact.language, head.words)
    count = words.count(len(urls))
    purpose = "cdn" if in_front and notice.level == Level.HOST else notice.level
    named = {"name": head.flagger, "reference": notice.public_id}
    flagger = [words.flagger.substitute(named)] if head.flagger else []
    text = words.body.substitute(
        heading=PRACTICE_HEADING if notice.practice else "",
        provider=contact.provider,
        office=head.office.name,
        mail=head.office.mail,
        count=count,
        addresses="\n".join(f"{place}. {defanged(url)}" for place, url in enumerate(urls, start=1)),
        reference=notice.public_id,
        page=head.page,
        code=head.code,
        purpose="\n\n".join([words.purpose[purpose], *flagger]),
        chase=f"{words.chase.substitute(n=notice.chase + 1)}\n" if notice.chase else "",
    )
    subject = words.subject.substitute(count=count, reference=notice.public_id)
    message = EmailMessage()
    message["From"] = formataddr((head.office.name, head.office.mail))
    message["To"] = contact.mail
    message["Subject"] = f"{PRACTICE}: {subject}" if notice.practice else subject
    message["Date"] = format_datetime(notice.made_at)
    message["Message-ID"] = notice.message_id
    if notice.practice:
        message["X-Practice"] = PRACTICE
        text = f"{text}\n{PRACTICE}\n"
    message.set_content(text)
    digest = sha256()
    for place, report in enumerate(reports, start=1):
        content = json.dumps(report, indent=1, sort_keys=True).encode()
        digest.update(content)
        message.add_attachment(content, maintype="application", subtype="json", filename=f"xarf-{place:03}.json")
    return message, digest.hexdigest()


def defanged(url: str) -> str:
    """Return an address that no program makes clickable: ``hxxps://host[.]example/path``."""
    scheme, _, rest = url.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme.replace('http', 'hxxp')}://{host.replace('.', '[.]')}{slash}{path}"
