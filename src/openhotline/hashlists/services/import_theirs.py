"""A piece of a list that a partner gave us: what it adds, and what it takes back."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from openhotline.audit.services.record import record
from openhotline.core.crypto import lookup
from openhotline.core.events import publish
from openhotline.core.ids import digest_of
from openhotline.hashlists.errors import LineRefused
from openhotline.hashlists.events import KnownFilesAdded, KnownPicturesChanged
from openhotline.hashlists.models import KnownFile, KnownImport, KnownList, KnownPicture
from openhotline.hashlists.models.their_formats import Theirs
from openhotline.hashlists.policies import check_given
from openhotline.hashlists.queries import OWN_LIST
from openhotline.hashlists.services.import_known import KEYED_AS
from openhotline.hashlists.services.list_given import list_given
from openhotline.hashlists.states import HashKind, Sharing, Verdict

BATCH = 500


def pieces(lines: Iterable[Theirs]) -> Iterator[list[Theirs]]:
    """Yield lines in pieces of 500, and a few more where an entry of the file would be cut in two."""
    piece: list[Theirs] = []
    for line in lines:
        if len(piece) >= BATCH and line.place != piece[-1].place:
            yield piece
            piece = []
        piece.append(line)
    if piece:
        yield piece


@dataclass(frozen=True)
class Origin:
    """The list by its owner's name, what it says of all it holds, who gave it to us, and whether we may pass it on."""

    list_name: str
    verdict: Verdict
    source: str
    sharing: Sharing


@dataclass(frozen=True)
class Taken:
    """What became of a piece: how many hashes are new, how many were taken back, how many are not compared here."""

    new: int
    gone: int
    left: int


def import_theirs(
    *, origin: Origin, file_sha256: str, start: int, lines: Sequence[Theirs], actor: str, now: datetime
) -> Taken:
    """Take the lines of a file (at most 500) that come after the first ``start``, and keep how far it is read.

    A piece that was taken before changes nothing. What is taken back matches nothing any more; what it matched before
    is judged again. Source and permission are the list's, as the last import says. What is exploitative is compared
    with nothing here: it becomes entries of that stream, which need a source and its permission to pass them on. The
    lines of one of its entries are taken together (`pieces`). Raises LineRefused, and NotNow without those.
    """
    if origin.verdict == Verdict.EXPLOITATIVE:
        check_given(origin.source, origin.sharing)
    if not origin.list_name or origin.list_name == OWN_LIST:
        raise LineRefused(f"A list cannot be named {origin.list_name!r}. Give the name its owner uses.")
    with transaction.atomic():
        known, _ = KnownList.objects.get_or_create(
            name=origin.list_name, defaults={"verdict": origin.verdict, "added_at": now}
        )
        if known.verdict != origin.verdict:
            raise LineRefused(f"The list {known.name} says something else than {origin.verdict}. Use another name.")
        KnownList.objects.filter(pk=known.pk).update(source=origin.source, sharing=origin.sharing)
        done, _ = KnownImport.objects.select_for_update().get_or_create(
            known_list=known, file_sha256=file_sha256, defaults={"begun_at": now}
        )
        if done.lines != start:
            return Taken(0, 0, 0)
        taken = _taken(known, lines, actor, now)
        done.lines, done.last_at = start + len(lines), now
        done.save(update_fields=["lines", "last_at"])
        told = {"lines": len(lines), "new": taken.new, "gone": taken.gone, "left": taken.left}
        detail = {"list": digest_of([known.name])}
        record(actor=actor, action="list_imported", subject="known", now=now, detail={**detail, **told})
    return taken


def _taken(known: KnownList, lines: Sequence[Theirs], actor: str, now: datetime) -> Taken:
    if known.verdict == Verdict.EXPLOITATIVE:
        return Taken(*list_given(known=known, lines=lines, actor=actor, now=now))
    return _take(known, lines, now)


def _take(known: KnownList, lines: Sequence[Theirs], now: datetime) -> Taken:
    last = dict[tuple[str | None, str], Theirs]()
    for line in lines:
        # The last that is said of a hash counts, in the place where it was said: a name may be taken back after it.
        key = (line.kind, line.hash or line.name)
        last.pop(key, None)
        last[key] = line
    files, pictures, withdrawn = list[int](), list[int](), 0
    for line in last.values():
        before = len(files) + len(pictures)
        if line.gone:
            _withdraw(known, line, now, files, pictures)
            withdrawn += len(files) + len(pictures) - before
        elif line.kind is not None:
            _add(known, line, now, files, pictures)
    if files:
        publish(KnownFilesAdded(ids=tuple(sorted(set(files)))), now=now)
    if pictures:
        publish(KnownPicturesChanged(ids=tuple(sorted(set(pictures)))), now=now)
    left = sum(line.kind is None and not line.gone for line in last.values())
    return Taken(len(files) + len(pictures) - withdrawn, withdrawn, left)


def _named(known: KnownList, line: Theirs) -> str:
    return lookup("their entry", f"{known.name}\0{line.name}") if line.name else ""


def _withdraw(known: KnownList, line: Theirs, now: datetime, files: list[int], pictures: list[int]) -> None:
    """Take back one hash, or all of an entry of which only the name is told."""
    wanted = {"lookup": lookup(KEYED_AS[line.kind], line.hash)} if line.kind else {"named": _named(known, line)}
    if not any(wanted.values()):
        return
    of_files = KnownFile.objects.filter(list_name=known.name, withdrawn_at=None, **wanted)
    of_pictures = KnownPicture.objects.filter(known_list=known, withdrawn_at=None, **wanted)
    files += of_files.values_list("pk", flat=True)
    pictures += of_pictures.values_list("pk", flat=True)
    KnownFile.objects.filter(list_name=known.name, withdrawn_at=None, **wanted).update(withdrawn_at=now)
    KnownPicture.objects.filter(known_list=known, withdrawn_at=None, **wanted).update(withdrawn_at=now)


def _add(known: KnownList, line: Theirs, now: datetime, files: list[int], pictures: list[int]) -> None:
    assert line.kind is not None
    key, named = lookup(KEYED_AS[line.kind], line.hash), _named(known, line)
    if line.kind == HashKind.PDQ:
        row, new = KnownPicture.objects.get_or_create(
            known_list=known,
            lookup=key,
            defaults={
                "pdq": line.hash,
                "quality": line.quality,
                "canonical": line.canonical,
                "imported_at": now,
                "named": named,
            },
        )
        pictures += [row.pk] if new or _said_again(row, named) else []
        return
    file, new = KnownFile.objects.get_or_create(
        list_name=known.name,
        lookup=key,
        defaults={"kind": line.kind, "verdict": known.verdict, "imported_at": now, "named": named},
    )
    files += [file.pk] if new or _said_again(file, named) else []


def _said_again(row: KnownFile | KnownPicture, named: str) -> bool:
    """Keep the name that is given now, by which its owner may take it back; say whether it had been taken back."""
    back, row.withdrawn_at, row.named = row.withdrawn_at is not None, None, named or row.named
    row.save(update_fields=["withdrawn_at", "named"])
    return back
