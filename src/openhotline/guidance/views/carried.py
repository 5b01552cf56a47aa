"""What a page carries to the next one: the reader's place, signed, in a hidden field. No cookie, no address, no log."""

from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.utils.translation import gettext_lazy as _

from openhotline.guidance.errors import CarriedBroken
from openhotline.guidance.policies.moves import Place

SALT = "openhotline.guidance.carried"
VALID = timedelta(hours=24)
BROKEN = _(
    "We cannot read the answers that your page held. They were changed on the way, or come from another site. "
    "Nothing about you was kept."
)


@dataclass(frozen=True)
class Carried:
    """A place as it came in. `late`: the page was open for more than a day; `digest`: of the guidance it came from."""

    place: Place
    late: bool
    digest: str


def give(place: Place, digest: str) -> str:
    """Return a place as one signed text."""
    return signing.dumps([digest, place.nation, place.flow, list(place.answers.items())], salt=SALT, compress=True)


def take(text: str) -> Carried:
    """Return what a page carried. Too old is told, not refused, so that no answer is lost. Raises CarriedBroken."""
    try:
        digest, nation, flow, answers = signing.loads(text, salt=SALT)
        place = Place(nation, flow, dict(answers))
    except (signing.BadSignature, ValueError, TypeError):
        raise CarriedBroken(str(BROKEN)) from None
    try:
        signing.loads(text, salt=SALT, max_age=VALID)
    except signing.SignatureExpired:
        return Carried(place, late=True, digest=digest)
    return Carried(place, late=False, digest=digest)
