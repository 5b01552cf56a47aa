"""The guidance as it stands in the files: the shipped ones and, laid over them, the hotline's own."""

from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from django.conf import settings

from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.models.checks import faults_of
from openhotline.guidance.models.guidance import FLOWS, LISTS, Guidance

SHIPPED = resources.files("openhotline.guidance") / "content"


def files_in(folder: Traversable) -> dict[str, str]:
    """Return the guidance files of a folder, text by name. Raises GuidanceInvalid when there is no such folder."""
    if not folder.is_dir():
        raise GuidanceInvalid(
            f"The guidance folder {folder} is not there. Make it, or set OPENHOTLINE_GUIDANCE to another."
        )
    found = {name: folder / name for name in LISTS}
    flows = folder / FLOWS.rstrip("/")
    if flows.is_dir():
        found |= {f"{FLOWS}{one.name}": one for one in flows.iterdir() if one.name.endswith(".toml")}
    return {name: _text(name, one) for name, one in found.items() if one.is_file()}


def load(folder: Path | None) -> Guidance:
    """Read the shipped guidance and, over it, a folder. Raises GuidanceInvalid with every fault, a line each."""
    guidance = Guidance.read(files_in(SHIPPED), *([files_in(folder)] if folder else []))
    if faults := faults_of(guidance):
        raise GuidanceInvalid("\n".join(faults))
    return guidance


def current() -> Guidance:
    """The guidance of this installation, read once a process. Raises GuidanceInvalid."""
    return _read_once(settings.GUIDANCE)


@cache
def _read_once(folder: Path | None) -> Guidance:
    return load(folder)


def _text(name: str, file: Traversable) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise GuidanceInvalid(f"{name} cannot be read: {error}. It must be a text file in UTF-8.") from error
