"""How entries of the hash list end: no time ends them, a person does, once an entry was withdrawn."""

from django.db.models import F, Q

from openhotline.endings.models.rows import Ends, Kept, Records, blank, goes
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import EntryState

_GOES_WITH_ITS_LIST = "ends with the list that it came with: openhotline list hand-back, or its next import"
_PUBLISHED = "what was published, by numbers and outside ids; it names no picture"


def _over(way: str) -> Q:
    """Of a file that was purged, and that no other entry lists."""
    return Q(**{f"{way}tombstone__isnull": False}) & ~Q(**{f"{way}entry__state": EntryState.ACTIVE})


HASH_LIST = Ends(
    (
        Records(
            model="hashlists.Entry",
            prefix="ent",
            due=lambda before: Entry.objects.filter(state=EntryState.WITHDRAWN, withdrawn_at__lt=before).order_by("pk"),
            subjects=(
                "item__public_id",
                "item__sightings__report__public_id",
                "item__sightings__address__reported__report__public_id",
                "item__sightings__page__reported__report__public_id",
            ),
            kept=(
                Kept(
                    Q(state=EntryState.ACTIVE),
                    "members find a picture by it. Withdraw it first: openhotline list withdraw.",
                ),
                Kept(
                    Q(released_in__isnull=False, tombstoned_in=None),
                    "no release has told members yet that it was withdrawn. Publish the next one first.",
                ),
            ),
            parts=(
                goes("hashlists.EntryRevision", "entry"),
                goes("hashlists.GivenHash", "entry"),
                goes("hashlists.ServedHash", "entry"),
                goes("hashlists.Dispute", "entry"),
                goes("hashlists.Feedback", "entry"),
                goes("evidence.VideoFrame", "video__item__entry", where=_over("video__item__")),
                goes("evidence.Video", "item__entry", where=_over("item__")),
                blank(
                    "evidence.Item",
                    "entry",
                    where=_over(""),
                    lookup=F("public_id"),
                    digests="{}",
                    pdq=None,
                    quality=None,
                    pdq_canonical="",
                ),
                blank("hashlists.Entry", real_child="not_determined", category="", provision="", elsewhere=None),
            ),
        ),
    ),
    stays={
        "hashlists.Release": _PUBLISHED,
        "hashlists.SealedRelease": _PUBLISHED,
        "hashlists.Routine": _PUBLISHED,
        "hashlists.StreamStage": "a setting",
        "hashlists.KnownFile": _GOES_WITH_ITS_LIST,
        "hashlists.KnownPicture": _GOES_WITH_ITS_LIST,
        "hashlists.KnownImport": _GOES_WITH_ITS_LIST,
        "hashlists.KnownList": _GOES_WITH_ITS_LIST,
        "hashlists.SelfReported": "its hash goes when whoever sent it takes it back",
        "hashlists.ListedAddress": "which release had an address; which one ended with the address",
        "hashlists.CanaryWord": "what a member said of a picture that is none",
        "intake.DeviceHash": "empty: the code is handed to the list, or was taken back",
    },
)
