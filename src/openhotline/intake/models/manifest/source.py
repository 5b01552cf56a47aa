"""Where the finds of a collection come from, in batches, checked against what is there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from openhotline.core.errors import Missing
from openhotline.intake.models.containers import Container, FindRefused, nobody, open_container, place_of
from openhotline.intake.models.containers.container import storable
from openhotline.intake.models.manifest.line import ManifestLine, by_place, checked
from openhotline.intake.models.manifest.rows import Rows, csv_rows, json_lines
from openhotline.intake.models.manifest.vics import vics_rows
from openhotline.intake.states import WhyRefused

BATCH = 500
IN_FOLDER = "manifest.jsonl"
READERS: Mapping[str, Callable[[Path], Rows]] = {
    ".jsonl": json_lines,
    ".ndjson": json_lines,
    ".csv": csv_rows,
    ".tsv": csv_rows,
    ".json": vics_rows,
}


@dataclass(frozen=True)
class Source:
    """A folder or archive (``where``) with the manifest that lists it; None: what lies there is listed itself."""

    where: Path
    manifest: Path | None
    container: Container

    @property
    def place(self) -> str:
        """Return where it lies, as it is kept: a path from the root, or ``s3://bucket/prefix``."""
        return place_of(self.where) or str(self.where.resolve())

    def count(self) -> int:
        """Return how many finds there are to be, by reading once through. Raises Missing."""
        return sum(1 for _ in (self._rows() if self.manifest else self.container.listed()))

    def batches(self) -> Iterator[list[ManifestLine]]:
        """Yield everything in lists of at most 500; the same source gives the same again."""
        lines = self.lines()
        while batch := list(islice(lines, BATCH)):
            yield batch

    def lines(self) -> Iterator[ManifestLine]:
        """Yield every find, checked; one that cannot be taken carries its sentence.

        What was named before is remembered, some 200 bytes a find.
        """
        return self._of_manifest() if self.manifest else self._of_listing()

    def _rows(self) -> Rows:
        assert self.manifest is not None
        try:
            yield from _reader(self.manifest)(self.manifest)
        except OSError as error:
            raise Missing(f"The manifest {self.manifest} cannot be read: {error.strerror}.") from error

    def _of_manifest(self) -> Iterator[ManifestLine]:
        numbers: dict[int, int] = {}
        files: dict[str, int] = {}
        for place, row in self._rows():
            line = self._checked_there(checked(row, place))
            yield _not_named_before(line, place, numbers, files)

    def _of_listing(self) -> Iterator[ManifestLine]:
        shown = set[str]()
        for place, inside in enumerate(self.container.listed(), start=1):
            refused = inside.refused
            if refused is None:
                yield ManifestLine(None, inside.path, claims={"bytes": inside.bytes or 0, "listed": True})
            elif refused.why == WhyRefused.TWICE or inside.path in shown or not storable(inside.path):
                yield by_place(place, inside.path, refused.why, str(refused))
            else:
                shown.add(inside.path)
                yield ManifestLine(None, inside.path).refused(refused.why, str(refused))

    def _checked_there(self, line: ManifestLine) -> ManifestLine:
        if line.refusal:
            return line
        try:
            self.container.check(line.file)
        except FindRefused as refused:
            return line.refused(refused.why, str(refused))
        return line


def open_source(where: Path, manifest: Path | None = None, *, authority: Callable[[], str] = nobody) -> Source:
    """Return what a collection comes from; a folder's own ``manifest.jsonl`` is taken when none is named.

    A bucket is read under the recorded one whose outside id ``authority`` gives, asked before each request; its
    manifest lies on this machine.
    Raises Missing when there is nothing, when it cannot be read, or when no format has the manifest's ending.
    """
    container = open_container(where, authority=authority)
    own = where / IN_FOLDER
    chosen = manifest if manifest is not None else (own if own.is_file() else None)
    if chosen is not None:
        _reader(chosen)
        if not chosen.is_file():
            raise Missing(f"The manifest {chosen} cannot be read: there is no such file.")
    return Source(where, chosen, container)


def _reader(manifest: Path) -> Callable[[Path], Rows]:
    try:
        return READERS[manifest.suffix.lower()]
    except KeyError:
        raise Missing(
            f"The manifest {manifest} ends with {manifest.suffix!r}. It may be JSON lines (.jsonl), "
            "CSV (.csv, with a line that names the columns) or VICS-shaped JSON (.json)."
        ) from None


def _not_named_before(line: ManifestLine, place: int, numbers: dict[int, int], files: dict[str, int]) -> ManifestLine:
    if line.number is not None:
        first = numbers.setdefault(line.number, place)
        if first != place:
            sentence = f"The manifest gives the number of its line {first} again, in line {place}."
            return by_place(place, line.file, WhyRefused.TWICE, sentence)
    if line.refusal and line.number is not None:
        return line
    first = files.setdefault(line.file, place)
    if first == place or line.refusal:
        return line if first == place else by_place(place, line.file, line.why or WhyRefused.LINE, line.refusal)
    sentence = f"The manifest names the file of its line {first} again."
    if line.number is None:
        return by_place(place, line.file, WhyRefused.TWICE, sentence)
    return line.refused(WhyRefused.TWICE, sentence)
