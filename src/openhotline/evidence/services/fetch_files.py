"""The files at one address are fetched: the file itself, or the pictures that its page names and no others."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import transaction

from openhotline.accounts.errors import AuthorityMissing
from openhotline.audit.services.record import record
from openhotline.core.net import links
from openhotline.core.net.addresses import ParsedAddress, parse
from openhotline.core.net.errors import AddressInvalid, FetchFailed, FetchRefused
from openhotline.core.net.fetch import Fetched, Policy, Turn, fetch
from openhotline.evidence.services.seal_files import SealableFile, seal_files
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Address

MOST_PICTURES = 200
MOST_BYTES = 20_000_000
MOST_SECONDS = 30.0
MOST_REDIRECTS = 5
PAGE_SECONDS = 300.0
_GROUP_BYTES = 128_000_000

Ask = Callable[[str], Fetched]
"""Fetches one address under an authority that is asked for each time; raises as `fetch` does, or AuthorityMissing."""


@dataclass(frozen=True)
class FetchedFile:
    """A file that was fetched, and the address it came from."""

    address: ParsedAddress
    data: bytes


@dataclass
class Attempt:
    """How it goes: files that were sealed, what is to be told, and under which authority (outside id)."""

    address: Address
    authority: str = ""
    state: CaptureState = CaptureState.CAPTURED
    files: int = 0
    sentences: list[str] = field(default_factory=list)

    def end(self, state: CaptureState, sentence: str) -> None:
        """Note that nothing came in, and why."""
        self.state = state
        self.sentences.append(sentence)

    @property
    def sentence(self) -> str:
        """Return all that is to be told."""
        return " ".join(self.sentences)[:300]


def fetch_one(address: str, *, authority: str, turn: Turn) -> Fetched:
    """Fetch one address within our bounds, each request in its host's ``turn``, which asks whether it may be made.

    Raises FetchRefused, FetchFailed (also for any status but 200), and what ``turn`` raises.
    """
    policy = Policy(
        max_bytes=MOST_BYTES,
        max_seconds=MOST_SECONDS,
        max_redirects=MOST_REDIRECTS,
        authority=authority,
        only=settings.FETCH_ONLY,
        ours=settings.OWN_NAMES,
        tor=settings.TOR,
    )
    answer = fetch(address, policy=policy, turn=turn)
    if answer.status != 200:
        raise FetchFailed(f"The site answered with status {answer.status}.", "status")
    return answer


def fetch_groups(
    attempt: Attempt, ask: Ask, order: Callable[[list[str]], list[str]] = list
) -> Iterator[list[FetchedFile]]:
    """Yield what comes in, some 128 MB at a time; whatever goes wrong becomes the attempt's sentence.

    ``order`` says in which order the addresses of a page's pictures (canonical) are asked for, as there may be more
    than are fetched.
    """
    held: list[FetchedFile] = []
    try:
        for one in _files(attempt, ask, order):
            held.append(one)
            if sum(len(file.data) for file in held) >= _GROUP_BYTES:
                yield held
                held = []
        if held:
            yield held
    except AuthorityMissing as missing:
        # Of one that ended before a redirect too: what is captured again is known by naming none.
        attempt.authority = ""
        attempt.end(CaptureState.REFUSED, str(missing))
    except FetchRefused as refusal:
        attempt.end(CaptureState.REFUSED, str(refusal))
    except FetchFailed as failure:
        attempt.end(CaptureState.FAILED, str(failure))


def seal_fetched(
    attempt: Attempt, files: Sequence[FetchedFile], *, report_id: int | None, actor: str, now: datetime
) -> None:
    """Keep the addresses of files that were fetched, and seal the files as seen there on the attempt's page."""
    page = attempt.address
    with transaction.atomic():
        kept = Address.objects.keep([one.address for one in files], now=now)
        record(
            actor=actor,
            action="pictures_fetched",
            subject=page.public_id,
            now=now,
            detail={"files": len(files), "authority": attempt.authority},
        )
    keys = [kept[one.address.canonical].pk for one in files]
    sealable = [
        SealableFile(one.data, address_id=key, page_id=page.pk if key != page.pk else None, report_id=report_id)
        for one, key in zip(files, keys, strict=True)
    ]
    seal_files(files=sealable, actor=actor, now=now)
    attempt.files += len(files)


def _files(attempt: Attempt, ask: Ask, order: Callable[[list[str]], list[str]]) -> Iterator[FetchedFile]:
    """Yield the files at the address: itself when it is no page, else the pictures that the page names."""
    canonical = str(attempt.address.canonical)
    first = ask(canonical)
    if not _is_page(first):
        yield _whole(parse(canonical), first)
        return
    named = order(links.pictures(first.body, first.final_address))
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
            picture = _whole(parse(address), ask(address))
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


def _whole(address: ParsedAddress, answer: Fetched) -> FetchedFile:
    if answer.truncated:
        raise FetchFailed(f"The file has more than {MOST_BYTES:,} bytes, so it was not taken.", "large")
    return FetchedFile(address, answer.body)
