"""What the desk shows of one removal, of contacts, holds and complaints."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.desk.queries.later import STATE_WORDS, TAGS
from openhotline.removal.models import Contact, HostAnswer, Removal
from openhotline.removal.queries.clocks import clocks as clocks_of_all
from openhotline.removal.queries.complaints import answers_unread, complaints_open, letters_unread, text_of
from openhotline.removal.queries.holding import running_holds
from openhotline.removal.queries.hosts import Site
from openhotline.removal.states import MISSES_UNTIL_GONE, RemovalState

MOST = 50
SEEN_WORDS = {
    "present": {"text": "there", "tag": "wrong"},
    "missed": {"text": "not found", "tag": "done"},
    "unclear": {"text": "unclear", "tag": "waiting"},
}


def removal_of(address: str) -> Removal | None:
    """Return the removal of the address with this outside id, with all that its page shows."""
    rows = Removal.objects.select_related(
        "address", "hosting__host_contact", "hosting__owner_contact", "hosting__registrar_contact"
    )
    return rows.filter(address__public_id=address).first()


def clocks(removal: Removal, now: datetime) -> list[list[object]]:
    """Return both clocks: from the report and from the first notice, to gone or to now."""
    end = removal.gone_at or now
    return [
        ["From the report until gone", *_clock(removal.reported_at or removal.opened_at, end, removal)],
        ["From the first notice until gone", *_clock(removal.first_noticed_at, end, removal)],
    ]


def _clock(begin: datetime | None, end: datetime, removal: Removal) -> list[object]:
    if begin is None:
        return ["not begun", "", ""]
    running = {"text": "runs", "tag": "now"} if removal.gone_at is None else {"text": "stopped", "tag": "done"}
    return [moment(begin), span(end - begin), running]


def moment(at: datetime) -> str:
    """Return a moment as the pages of the desk write it."""
    return f"{at:%-d %b %Y, %H:%M} UTC"


def clock_rows() -> list[list[object]]:
    """Return both clocks over all addresses that are gone."""
    words = (("report", "From the report until gone"), ("notice", "From the first notice until gone"))
    rows: list[list[object]] = []
    for name, text in words:
        clock = clocks_of_all()[name]
        rows.append(
            [text, clock.addresses, *(span(one) if one else "none yet" for one in (clock.median, clock.longest))]
        )
    return rows


def span(time: timedelta) -> str:
    """Return how long, in days and hours, or minutes when it is short."""
    minutes = int(time.total_seconds() // 60)
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes % 60} min"


def state_cell(removal: Removal) -> dict[str, str]:
    """Return where a removal stands, as a cell of a table."""
    state = RemovalState(removal.state)
    return {"text": STATE_WORDS[state], "tag": TAGS.get(state, "waiting")}


def facts(removal: Removal) -> list[list[object]]:
    """Return who hosts it and where it stands."""
    hosting = removal.hosting
    why: list[list[object]] = [["Why", removal.sentence]] if removal.sentence else []
    number = f"AS{hosting.asn}" if hosting and hosting.asn else "not known"
    return [
        ["Where it stands", state_cell(removal)],
        *why,
        ["Times it was not found", f"{removal.misses} of {MISSES_UNTIL_GONE}"],
        ["Provider", hosting.provider if hosting else "not known"],
        ["Country", (hosting.country if hosting else "") or "not known"],
        ["Number of the network", number],
        ["Network in front", (hosting.cdn if hosting else "") or "none that we know of"],
        ["Who is behind was recorded", "yes" if removal.origin else "no"],
        ["Whom notices go to now", removal.level],
    ]


def contact_rows(removal: Removal) -> list[list[object]]:
    """Return the contact of each level, and whether a person agreed to it."""
    hosting = removal.hosting
    if hosting is None:
        return []
    further = hosting.further_contacts.exclude(pk=hosting.host_contact_id or 0).order_by("pk")
    named = (
        ("host", hosting.host_contact),
        *(("host, another network", one) for one in further),
        ("owner", hosting.owner_contact),
        ("registrar", hosting.registrar_contact),
    )
    return [[level, contact.mail, contact.provider, contact.state] for level, contact in named if contact]


def notice_rows(removal: Removal) -> list[list[object]]:
    """Return the notices that named the address, newest first."""
    told = removal.told.select_related("notice__contact").order_by("-pk")[:MOST]
    return [
        [
            one.notice.public_id,
            one.notice.level,
            one.notice.contact.provider if one.notice.contact else "",
            moment(one.notice.sent_at) if one.notice.sent_at else "not yet",
            one.notice.chase + 1,
        ]
        for one in told
    ]


def recheck_rows(removal: Removal) -> list[list[object]]:
    """Return the last looks, newest first."""
    same = {True: "the same file", False: "another file", None: "not compared"}
    rows = removal.rechecks.order_by("-at", "-pk")[:MOST]
    return [[moment(row.at), SEEN_WORDS[row.seen], same[row.same_file], row.sentence] for row in rows]


def answer_rows(removal: Removal) -> list[list[object]]:
    """Return what was answered about the host, newest first: of whom, when, and whether it was an answer."""
    try:
        parsed = parse(removal.address.canonical)
    except AddressInvalid:
        return []
    key = Site(removal.origin or parsed.host, parsed.port).key
    rows = HostAnswer.objects.filter(lookup=key).order_by("-at", "-pk")[:MOST]
    return [[moment(row.at), row.asked, row.source or "none", row.failure or "answered"] for row in rows]


def hold_cards(now: datetime) -> list[dict[str, Any]]:
    """Return the holds that run, those that have run out in front."""
    return [
        {
            "hold": one,
            "over": one.runs_out_at <= now,
            "address": one.removal.address.public_id,
            "country": one.removal.hosting.country if one.removal.hosting else "",
        }
        for one in running_holds()[:MOST]
    ]


def complaint_cards(now: datetime) -> list[dict[str, Any]]:
    """Return the complaints that wait for an answer."""
    return [
        {
            "complaint": one,
            "late": one.answer_by <= now,
            "about": one.notice.public_id if one.notice else one.removal.address.public_id if one.removal else "",
        }
        for one in complaints_open()[:MOST]
    ]


def letter_cards() -> list[dict[str, Any]]:
    """Return what receivers wrote and nobody read yet."""
    letters = [
        {"field": "letter", "pk": one.pk, "said": one.said, "at": one.at, "text": one.sealed, "why": one.sentence}
        | {"about": one.notice.public_id if one.notice else "no notice"}
        for one in letters_unread()[:MOST]
    ]
    answers = [
        {"field": "answer", "pk": one.pk, "said": one.said, "at": one.at, "text": text_of(one), "why": ""}
        | {"about": one.code.notice.public_id}
        for one in answers_unread()[:MOST]
    ]
    return sorted([*letters, *answers], key=lambda card: card["at"])


def decided_rows(contacts: Sequence[Contact]) -> list[list[object]]:
    """Return contacts that were decided on, as rows of a table."""
    tags = {"approved": "done", "refused": "wrong"}
    return [
        [
            one.provider,
            one.mail,
            one.level,
            {"text": one.state, "tag": tags.get(one.state, "waiting")},
            moment(one.decided_at) if one.decided_at else "",
            one.blocked_days or "none",
            getattr(one, "sent", 0),
        ]
        for one in contacts
    ]
