"""A reported address is fetched, with the pictures of its page, under the recorded authority."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.accounts.errors import AuthorityMissing
from openhotline.accounts.policies import check_covers
from openhotline.accounts.queries import latest_authority
from openhotline.audit.services.record import record
from openhotline.core import events
from openhotline.core.net import links
from openhotline.core.net.addresses import ParsedAddress, parse
from openhotline.core.net.errors import AddressInvalid, FetchFailed, FetchRefused
from openhotline.core.net.fetch import Fetched, Policy, fetch
from openhotline.evidence.events import AddressCaptured
from openhotline.evidence.models import Capture
from openhotline.evidence.queries import left_alone
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Address, ReportedAddress

MOST_PICTURES = 200
MOST_BYTES = 20_000_000
MOST_SECONDS = 30.0
MOST_REDIRECTS = 5
PAGE_SECONDS = 300.0
_GROUP_BYTES = 128_000_000


@dataclass(frozen=True)
class _Picture:
    """A file that was fetched, and the address it came from."""

    address: ParsedAddress
    data: bytes


@dataclass
class _Attempt:
    """How one capture goes: files found, what is to be told, and under which authority."""

    address: Address
    authority: str = ""
    state: CaptureState = CaptureState.CAPTURED
    files: int = 0
    sentences: list[str] = field(default_factory=list)

    def end(self, state: CaptureState, sentence: str) -> None:
        """Note that nothing came in, and why."""
        self.state = state
        self.sentences.append(sentence)


def capture_addresses(*, ids: Sequence[int], now: datetime, actor: str = "step:capture_addresses") -> list[Capture]:
    """Bring in addresses and the pictures of their pages, and return how each attempt ended.

    An address that was captured, or tried within the last hour, is left alone. Nothing is fetched unless a
    recorded authority is in force, asked before every single connection; its absence ends as REFUSED, with no
    authority named. What ended so, or failed, falls due again: ``queries.captures_due``.
    """
    wanted = Address.objects.filter(pk__in=ids).exclude(pk__in=left_alone(now).values("address_id")).order_by("pk")
    attempts = [_attempt(address, actor=actor, now=now) for address in wanted]
    if not attempts:
        return []
    with transaction.atomic():
        rows = Capture.objects.bulk_create([_row(attempt, now) for attempt in attempts])
        record(
            actor=actor,
            action="addresses_captured",
            subject="captures",
            now=now,
            ids=[row.public_id for row in rows],
            detail={state.value: sum(row.state == state for row in rows) for state in CaptureState},
        )
        events.publish(AddressCaptured(ids=tuple(row.pk for row in rows)), now=now)
    return rows


def _row(attempt: _Attempt, now: datetime) -> Capture:
    return Capture(
        address=attempt.address,
        state=attempt.state,
        sentence=" ".join(attempt.sentences)[:300],
        authority=attempt.authority,
        files=attempt.files,
        started_at=now,
        ended_at=now,
    )


def _attempt(address: Address, *, actor: str, now: datetime) -> _Attempt:
    """Fetch and seal one address and its pictures; whatever goes wrong becomes its sentence."""
    attempt = _Attempt(address)
    try:
        first = _fetched(str(address.canonical), attempt, now)
        pictures = _pictures(first, attempt, now)
        _seal(pictures, attempt, actor=actor, now=now)
    except (AuthorityMissing, FetchRefused) as refusal:
        attempt.end(CaptureState.REFUSED, str(refusal))
    except FetchFailed as failure:
        attempt.end(CaptureState.FAILED, str(failure))
    return attempt


def _fetched(address: str, attempt: _Attempt, now: datetime) -> Fetched:
    attempt.authority = check_covers(latest_authority(now), now).public_id
    policy = Policy(
        max_bytes=MOST_BYTES,
        max_seconds=MOST_SECONDS,
        max_redirects=MOST_REDIRECTS,
        authority=attempt.authority,
        only=settings.FETCH_ONLY,
        ours=settings.OWN_NAMES,
        tor=settings.TOR,
    )
    answer = fetch(address, policy=policy)
    if answer.status != 200:
        raise FetchFailed(f"The site answered with status {answer.status}.", "status")
    return answer


def _pictures(first: Fetched, attempt: _Attempt, now: datetime) -> Iterator[_Picture]:
    """Yield the files at the address: itself when it is no page, else the pictures that the page names."""
    if not _is_page(first):
        yield _whole(parse(str(attempt.address.canonical)), first)
        return
    named = links.pictures(first.body, first.final_address)
    if first.truncated:
        attempt.sentences.append(f"The page was read up to {MOST_BYTES:,} bytes.")
    if len(named) > MOST_PICTURES:
        attempt.sentences.append(f"The page names {len(named)} pictures; the first {MOST_PICTURES} were fetched.")
    ends = time.monotonic() + PAGE_SECONDS
    missed = 0
    for address in named[:MOST_PICTURES]:
        if time.monotonic() > ends:
            attempt.sentences.append("The page's pictures took too long; the rest was left.")
            break
        try:
            picture = _whole(parse(address), _fetched(address, attempt, now))
        except (FetchRefused, FetchFailed, AddressInvalid):
            missed += 1
        except AuthorityMissing as refusal:
            attempt.sentences.append(str(refusal))
            break
        else:
            yield picture
    if missed:
        attempt.sentences.append(f"{missed} of the page's pictures could not be fetched.")


def _is_page(answer: Fetched) -> bool:
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind.startswith(("image/", "video/")):
        return False
    start = answer.body[:512].lstrip().lower()
    return kind in {"text/html", "application/xhtml+xml"} or start.startswith((b"<!doctype html", b"<html"))


def _whole(address: ParsedAddress, answer: Fetched) -> _Picture:
    if answer.truncated:
        raise FetchFailed(f"The file has more than {MOST_BYTES:,} bytes, so it was not taken.", "large")
    return _Picture(address, answer.body)


def _seal(pictures: Iterator[_Picture], attempt: _Attempt, *, actor: str, now: datetime) -> None:
    """Seal what comes in, some 128 MB at a time."""
    held: list[_Picture] = []
    for picture in pictures:
        held.append(picture)
        if sum(len(one.data) for one in held) >= _GROUP_BYTES:
            _seal_group(held, attempt, actor=actor, now=now)
            held = []
    _seal_group(held, attempt, actor=actor, now=now)


def _seal_group(pictures: Sequence[_Picture], attempt: _Attempt, *, actor: str, now: datetime) -> None:
    if not pictures:
        return
    page, report = attempt.address, _report_of(attempt.address)
    with transaction.atomic():
        kept = Address.objects.keep([picture.address for picture in pictures], now=now)
        record(
            actor=actor,
            action="pictures_fetched",
            subject=page.public_id,
            now=now,
            detail={"files": len(pictures), "authority": attempt.authority},
        )
    files = [
        SealableFile(
            picture.data,
            address_id=kept[picture.address.canonical].pk,
            page_id=page.pk if kept[picture.address.canonical].pk != page.pk else None,
            report_id=report,
        )
        for picture in pictures
    ]
    seal_files(files=files, actor=actor, now=now)
    attempt.files += len(files)


def _report_of(address: Address) -> int | None:
    reported = ReportedAddress.objects.filter(address=address).order_by("-report_id").first()
    return reported.report_id if reported else None
