"""Which version of a list is out, and which one is next."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from openhotline.hashlists.errors import ReleasesHeld
from openhotline.hashlists.models import Release, ReleaseHold, SealedRelease
from openhotline.hashlists.models.versions_out import VersionsOut, newest_in
from openhotline.hashlists.states import ReleaseState, SealedKind

HASHES = "hashes"
LISTS = (HASHES, *(kind.value for kind in SealedKind))


def releases_are_held() -> bool:
    """Say whether no list may go out until a manager has looked (after a restore)."""
    return ReleaseHold.objects.filter(ended_at=None).exists()


def check_not_held() -> None:
    """Raise ReleasesHeld while no list may go out."""
    if releases_are_held():
        raise ReleasesHeld(
            "A backup was restored: what was withdrawn since may stand again, so no list goes out until a manager has "
            "looked (docs/operators/backup.md). Then: openhotline list resume."
        )


def next_version(of: str) -> int:
    """Return the number of the next version of a list: above each that members may have had."""
    floors: list[int] = [hold.get(of, 0) for hold in ReleaseHold.objects.values_list("out", flat=True)]
    return max([_in_the_database(of), *floors]) + 1


def known_out(of: str) -> int:
    """Return the highest version of a list that database, files here and the second place know. Raises OSError."""
    folder = Path(settings.VAR) / "releases"
    here = newest_in(folder if of == HASHES else folder / of)
    there = VersionsOut(settings.AUDIT_SHIP).newest(of) if settings.AUDIT_SHIP else 0
    return max(_in_the_database(of), here, there)


def newest_out() -> Iterator[tuple[str, int, str]]:
    """Yield list, version and SHA-256 of the manifest of the newest version of each list that is out."""
    whole = Release.objects.filter(state=ReleaseState.PUBLISHED).order_by("-version").first()
    if whole is not None:
        yield HASHES, whole.version, whole.manifest_sha256
    for kind in SealedKind:
        sealed = SealedRelease.objects.filter(kind=kind).order_by("-version").first()
        if sealed is not None:
            yield kind.value, sealed.version, sealed.manifest_sha256


def _in_the_database(of: str) -> int:
    rows = Release.objects.all() if of == HASHES else SealedRelease.objects.filter(kind=of)
    return rows.order_by("-version").values_list("version", flat=True).first() or 0
