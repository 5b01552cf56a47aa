"""The road of a report, played by people who type and decide; what machines do, they do as in service."""

import io
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
from django.test import Client
from django.urls import reverse

from looking import glimpse, reveal
from openhotline import due
from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.assessment.services.assess_item import assess_item
from openhotline.assessment.services.take_turn import take_turn
from openhotline.core import clock
from openhotline.hashlists.models import Entry, Release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.law.models import Facts
from openhotline.practice.collection.glyphs import mark_levels
from openhotline.practice.collection.scenes import paint
from openhotline.practice.collection.structure import load
from openhotline.practice.machinery import Machinery, work_here
from openhotline.practice.seeding import Cast
from openhotline.practice.site.serving import Site
from openhotline.referral.models import Referral
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.triage.services.finish_sheet import finish_sheet
from openhotline.triage.services.take_sheet import take_sheet

PAGE = "/boards/one/threads/1.html"
PSEUDO_B = "square-B"
UNDO_WINDOW = timedelta(seconds=31)
RECHECK = timedelta(hours=12, minutes=1)
_CODE = re.compile(r'class="receipt-code">([^<]+)<')
_STEP = re.compile(r'aria-current="step">([^<]+)<')


@cache
def picture(seed: int, glyph: str = PSEUDO_B) -> bytes:
    """Return a PNG of a generated scene that is marked PRACTICE and carries a glyph."""
    scene = paint(np.random.default_rng(seed), 640, 480)
    mark_levels(scene.levels, load().glyphs[glyph])
    file = io.BytesIO()
    scene.coloured().save(file, "PNG")
    return file.getvalue()


def write_site(folder: Path, pages: dict[str, dict[str, bytes]]) -> Path:
    """Write the files of a practice site and the manifest that names them: page -> file -> bytes."""
    lines = []
    for page, files in pages.items():
        for file, data in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(data)
            number = len(lines) + 1
            claim = {"sha256": sha256(data).hexdigest(), "bytes": len(data)}
            lines.append(json.dumps({"number": number, "file": file, "page": page, **claim}) + "\n")
    (folder / "manifest.jsonl").write_text("".join(lines))
    return folder


def receipt_on(page: str) -> tuple[str, str]:
    """Return the words of the receipt on a page, and the one word it says now."""
    code, word = _CODE.search(page), _STEP.search(page)
    assert code is not None
    assert word is not None
    return code[1], word[1]


@dataclass(frozen=True)
class Road:
    """One installation in practice: its site, its people, its clock."""

    site: Site
    cast: Cast
    machinery: Machinery

    @property
    def now(self) -> datetime:
        """The moment of the practice clock."""
        return clock.now()

    def report(self, *addresses: str, details: dict[str, str] | None = None, pages: list[str] | None = None) -> str:
        """Type a report at the public door as a stranger does; return its words. ``pages`` collects what was shown."""
        visitor = Client()
        typed = {"addresses": "\n".join(addresses), "sending": sha256(repr(addresses).encode()).hexdigest()}
        first = visitor.post(reverse("report_address"), typed, follow=True)
        carried = {"report": first.redirect_chain[-1][0].partition("report=")[2].replace("%3A", ":")}
        more = visitor.post(reverse("report_details"), carried | (details or {}))
        check = visitor.post(reverse("report_more"), carried | (details or {}))
        last = visitor.post(reverse("report_check"), carried | (details or {}), follow=True)
        shown = [one.content.decode() for one in (first, more, check, last)]
        if pages is not None:
            pages += shown
        return receipt_on(shown[-1])[0]

    def look(self, words: str) -> str:
        """Look a receipt up as a stranger does and return the page."""
        return Client().post(reverse("receipt_look"), {"words": words}).content.decode()

    def word(self, words: str) -> str:
        """Return the one word that a receipt says now."""
        return receipt_on(self.look(words))[1]

    def settle(self) -> None:
        """Let the worker do everything that waits."""
        self.machinery.settle()

    def wait(self, by: timedelta) -> None:
        """Let time pass, and do what falls due."""
        self.machinery.pass_time(by)

    def sort(self, person: Person, *, aside: Sequence[int] = ()) -> int:
        """Go through one sorting sheet, set aside the tiles at these positions; return how many were kept."""
        sheet = take_sheet(actor=person, now=self.now)
        assert sheet is not None
        glimpse(sheet.public_id, person, self.now)
        kept, _ = finish_sheet(sheet=sheet.public_id, set_aside=aside, actor=person, now=self.now)
        self.settle()
        return kept

    def assess(self, person: Person, glyph: str = PSEUDO_B) -> int:
        """Record the facts of a glyph for every turn this person gets; return how many."""
        facts = Facts.from_dict(load().glyphs[glyph].facts)
        done = 0
        while (turn := take_turn(actor=person, now=self.now)) is not None:
            key = f"{person.username} {turn.pk}"
            reveal(turn.item.public_id, person, self.now)
            assess_item(turn_id=turn.pk, facts=facts, idempotency=key, actor=person, now=self.now)
            done += 1
        return done

    def decide_all(self) -> None:
        """Let one analyst sort and two assess everything that waits, and let the undo window close."""
        first, second = self.cast.analysts[:2]
        self.sort(first)
        self.assess(first)
        self.assess(second)
        self.wait(UNDO_WINDOW)

    def approve(self, purpose: str, subject: str, person: Person) -> None:
        """Sign as the second person."""
        approval = approval_of(purpose, subject)
        assert approval is not None
        approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=person, now=self.now)

    def release(self) -> Release:
        """Draft a release of the hash list, have it approved by another, and publish it."""
        asks, signs = self.cast.seniors
        drafted = draft_release(actor=asks, now=self.now)
        self.approve("release", drafted.public_id, signs)
        return publish_release(release_id=drafted.pk, actor=asks, now=self.now)

    def refer(self) -> Referral:
        """Draft a referral of everything that is listed, have it approved by another, and build its package."""
        asks, signs = self.cast.seniors
        items = list(Entry.objects.values_list("item_id", flat=True))
        drafted = draft_referral(item_ids=items, actor=asks, now=self.now)
        self.approve("referral", drafted.public_id, signs)
        return build_referral(referral_id=drafted.pk, actor=signs, now=self.now)


def machinery() -> Machinery:
    """Return the journey's own tick and a worker in this process."""
    return Machinery(tick=lambda now: due.tick(now=now), settle=work_here)


MakeRoad = Callable[..., Road]
