"""What needs two people: the release of the list, and referrals. One scripted senior asks, the other approves."""

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.assessment.models import Decided, Outcome
from openhotline.hashlists.errors import NothingToRelease
from openhotline.hashlists.models import Release
from openhotline.hashlists.services.draft_release import draft_release
from openhotline.hashlists.services.publish_release import publish_release
from openhotline.practice.machinery import Machinery
from openhotline.practice.progress import Tell
from openhotline.referral.models import Referral, ReferredItem
from openhotline.referral.services.build_referral import build_referral
from openhotline.referral.services.draft_referral import draft_referral
from openhotline.referral.services.hand_over import hand_over

MOST_ITEMS = 100


class Pair:
    """Two people who approve each other's drafts."""

    def __init__(self, asks: Person, approves: Person, machinery: Machinery) -> None:
        self.asks, self.approves, self._machinery = asks, approves, machinery

    def draft_list(self) -> Release | None:
        """Draft a release, which then waits for its second signature; None when nothing was listed."""
        try:
            return draft_release(actor=self.asks, now=self._machinery.now())
        except NothingToRelease:
            return None

    def release_list(self) -> Release | None:
        """Draft, approve and publish a release; None when nothing was listed."""
        release = self.draft_list()
        if release is None:
            return None
        self._approve("release", release.public_id)
        return publish_release(release_id=release.pk, actor=self.approves, now=self._machinery.now())

    def draft_referrals(self, *, most: int | None = None) -> list[Referral]:
        """Draft referrals of at most 100 confirmed items each, for all that were not referred yet."""
        items = items_to_refer()
        starts = list(range(0, len(items), MOST_ITEMS))[:most]
        now = self._machinery.now()
        return [draft_referral(item_ids=items[at : at + MOST_ITEMS], actor=self.asks, now=now) for at in starts]

    def refer_all(self, tell: Tell) -> int:
        """Draft, approve, build and hand over referrals of everything confirmed; return how many."""
        drafts = self.draft_referrals()
        for done, referral in enumerate(drafts):
            tell("referring", done, len(drafts))
            self._approve("referral", referral.public_id)
            build_referral(referral_id=referral.pk, actor=self.approves, now=self._machinery.now())
            hand_over(referral_id=referral.pk, actor=self.approves, now=self._machinery.now())
        tell("referring", len(drafts), len(drafts))
        self._machinery.settle()
        return len(drafts)

    def _approve(self, purpose: str, subject: str) -> None:
        approval = approval_of(purpose, subject)
        assert approval is not None
        approve(
            approval_id=approval.pk,
            manifest_sha256=approval.manifest_sha256,
            actor=self.approves,
            now=self._machinery.now(),
        )


def items_to_refer() -> list[int]:
    """Return the confirmed items that are in no referral yet."""
    criminal = Outcome.objects.filter(criminal=True).values("decision_id")
    rows = Decided.objects.filter(decision_id__in=criminal).exclude(item_id__in=ReferredItem.objects.values("item_id"))
    return list(rows.order_by("item_id").values_list("item_id", flat=True).distinct())
