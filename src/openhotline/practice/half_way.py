"""The journey left half-way, so that there is work in every queue for a visitor."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from openhotline.assessment.models import Turn
from openhotline.assessment.states import Opinion, TurnState
from openhotline.evidence.models import Item, Sighting
from openhotline.hashlists.models import Terms
from openhotline.hashlists.services.draft_member import Papers, draft_member
from openhotline.hashlists.states import IdentityCheck, MemberPurpose
from openhotline.intake.services.add_partner import add_partner
from openhotline.practice.analysts.approving import Pair
from openhotline.practice.analysts.assessing import Assessing
from openhotline.practice.analysts.mistakes import Mistakes
from openhotline.practice.analysts.sorting import sort_sheets
from openhotline.practice.analysts.truth import Truth
from openhotline.practice.bringing_in import first_pages, import_rest, last_pages, report_pages
from openhotline.practice.deciding import publish_due
from openhotline.practice.examples import KEPT_BACK
from openhotline.practice.machinery import Machinery
from openhotline.practice.progress import Tell
from openhotline.practice.publishing import publish_numbers
from openhotline.practice.seeding import Cast
from openhotline.triage.queries import waiting_stacks
from openhotline.triage.services.take_sheet import TILES

REPORTED = 2
LEFT_TO_SECOND = 4
_MANY = 1_000_000


@dataclass(frozen=True)
class HalfWay:
    """Plays once: a note in the data folder says that it was done."""

    folder: Path
    origin: str
    cast: Cast
    machinery: Machinery
    tell: Tell

    @property
    def note(self) -> Path:
        """Return the file that says that this was done."""
        return self.folder / "practice" / "half-way.done"

    def play(self) -> bool:
        """Bring in, sort a part, decide a part, draft what needs two people, publish; False when it was done before."""
        if self.note.exists():
            return False
        collection = self.folder / "practice" / "collection"
        truth = Truth(collection)
        ours = self._bring_in(collection)
        self._sort(truth)
        self._assess(truth, ours)
        self._sort(truth)
        publish_due(self.machinery)
        self._draft()
        publish_numbers(self.cast.seniors[0], self.machinery)
        self.note.write_text("The practice journey was played half-way.\n", encoding="utf-8")
        return True

    def _bring_in(self, collection: Path) -> list[int]:
        """Return the keys of the reports made here: what a visitor reports meanwhile is the visitor's."""
        reported = first_pages(collection, REPORTED)
        ours = report_pages(reported, origin=self.origin, machinery=self.machinery, tell=self.tell)
        import_rest(
            collection,
            without=[*reported, *last_pages(collection, KEPT_BACK)],
            manifest=self.folder / "practice" / "manifest-of-the-rest.jsonl",
            origin=self.origin,
            machinery=self.machinery,
            tell=self.tell,
        )
        return ours

    def _sort(self, truth: Truth) -> None:
        """One sheet, and never more than half of what waits: the rest is the visitor's."""
        tiles = min(TILES, waiting_stacks(_MANY) // 2)
        if tiles:
            analyst = self.cast.analysts[:1]
            sort_sheets(analyst, truth, self.machinery, tell=self.tell, most=1, tiles=tiles)

    def _assess(self, truth: Truth, ours: list[int]) -> None:
        """One analyst gives all first opinions, another some of the second ones, of which the first is wrong."""

        def visitors(item: Item) -> bool:
            return Sighting.objects.filter(item=item, report__isnull=False).exclude(report__in=ours).exists()

        first, second, *_ = self.cast.analysts
        right = Assessing(truth, Mistakes(0.0, 0), self.machinery, self.tell, visitors)
        right.by([first], most=_MANY)
        waiting = Turn.objects.filter(state=TurnState.WAITING, opinion=Opinion.SECOND).count()
        wrong = Assessing(truth, Mistakes(1.0, 0), self.machinery, self.tell, visitors)
        wrong.by([second], most=min(1, waiting))
        right.by([second], most=max(min(1, waiting - 1), waiting - 1 - LEFT_TO_SECOND))

    def _draft(self) -> None:
        """A release that waits for its second signature, and a referral and a member that do."""
        pair = Pair(self.cast.seniors[0], self.cast.seniors[1], self.machinery)
        pair.draft_list()
        pair.draft_referrals(most=1)
        at = self.machinery.now()
        draft_member(
            partner=add_partner(name="Practice Platform", hourly=100, actor=self.cast.seniors[0].public_id, now=at),
            purpose=MemberPurpose.UPLOADS,
            papers=Papers(IdentityCheck.REGISTER, at.date(), sha256(b"PRACTICE - NOT FINDINGS").hexdigest(), at.date()),
            terms=Terms(download=True),
            actor=self.cast.seniors[0],
            now=at,
        )
