"""Codes of pictures that a young person made on their own device: how they are written, and how they are kept."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from openhotline.core.errors import Refusal
from openhotline.core.ids import public_id
from openhotline.intake.models.report import Report
from openhotline.intake.states import DeviceHashState

MOST = 10
LEAST_QUALITY = 50
HIGHEST_QUALITY = 100
DIGITS = 64
NO_CODE = gettext_lazy("There is no code here. Choose a picture first, then send its code.")
_HEX = re.compile(rf"[0-9a-f]{{{DIGITS}}}")
_QUALITY = re.compile(r"[0-9]{1,3}")


class NotACode(Refusal):
    """What was sent is not the code of a picture; the sentence says which line and what to do."""


@dataclass(frozen=True)
class PictureCode:
    """A PDQ hash (64 hex digits, lower case) and its quality (50 to 100). Written as both with a blank between."""

    hash: str
    quality: int

    def __str__(self) -> str:
        return f"{self.hash} {self.quality}"


def read_codes(text: str) -> list[PictureCode]:
    """Return the codes of a text, one a line, each once, in their order. Raises NotACode with a sentence."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NotACode(str(NO_CODE))
    if len(lines) > MOST:
        raise NotACode(
            _("There are %(lines)d codes here; %(most)d can be sent at once. Send the others after these.")
            % {"lines": len(lines), "most": MOST}
        )
    return list(dict.fromkeys(_read(line, place) for place, line in enumerate(lines, start=1)))


def _read(line: str, place: int) -> PictureCode:
    code, _blank, quality = line.strip().lower().partition(" ")
    quality = quality.strip()
    if not _HEX.fullmatch(code) or not _QUALITY.fullmatch(quality):
        raise NotACode(
            _(
                "Line %(line)d is not a code. A code has %(digits)d digits and letters from a to f, a blank and a "
                "number. Go back and choose the picture again."
            )
            % {"line": place, "digits": DIGITS}
        )
    if not LEAST_QUALITY <= int(quality) <= HIGHEST_QUALITY:
        raise NotACode(
            _(
                "The number at the end of line %(line)d is %(quality)d. It has to be from %(least)d to %(highest)d: "
                "a lower one means the picture is too plain to be found."
            )
            % {"line": place, "quality": int(quality), "least": LEAST_QUALITY, "highest": HIGHEST_QUALITY}
        )
    return PictureCode(code, int(quality))


def write_codes(codes: Iterable[PictureCode]) -> str:
    """Return codes as `read_codes` reads them."""
    return "\n".join(map(str, codes))


def _new_id() -> str:
    return public_id("dev")


class DeviceHash(models.Model):
    """One code of a report that came from a device.

    ``sealed`` is the code, sealed to the intake key by the public door; empty once the self-reported list holds it or
    it was taken back. The outside id says to that list whose it is, and nothing more.
    """

    public_id = models.CharField(max_length=40, unique=True, default=_new_id)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="device_hashes")
    position = models.PositiveSmallIntegerField()
    sealed = models.BinaryField()
    state = models.CharField(max_length=16, default=DeviceHashState.KEPT)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="one_code_a_position")]
