"""How an entry came to be listed, for who keeps the list.

Members are told one word of it, by which no person and no report can be told: `Entry.provenance`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from openhotline.evidence.queries import reports_of_items
from openhotline.hashlists.models import Entry
from openhotline.hashlists.states import Provenance
from openhotline.intake.models import Report
from openhotline.intake.states import Source

SOURCE_WORDS = {
    Source.PUBLIC: "the public",
    Source.TELEPHONE: "telephone",
    Source.LETTER: "letter",
    Source.PARTNER: "a partner",
    Source.COLLECTION: "a collection",
    Source.PROACTIVE: "our own searching",
    Source.DEVICE: "a young person's own device",
}


@dataclass(frozen=True)
class Origin:
    """Whence an entry is: assessed here, and by which ways its reports came; or by whose list, as that is called."""

    provenance: Provenance
    came_by: Sequence[Source] = ()
    given_by: str = ""
    list_name: str = ""

    @property
    def in_words(self) -> str:
        """Return a sentence."""
        if self.provenance == Provenance.PARTNER:
            return f"Given by {self.given_by}, in the list {self.list_name}: nobody here has seen the picture."
        ways = " and ".join(SOURCE_WORDS[one] for one in self.came_by) or "a way that was not kept"
        return f"Assessed here. What led to it came by {ways}."


def origin_of(entry: Entry) -> Origin:
    """Return whence an entry is.

    What reports say of whoever made them is sealed and is not asked.
    """
    if entry.given_by is not None:
        return Origin(Provenance.PARTNER, given_by=entry.given_by.source, list_name=entry.given_by.name)
    names = reports_of_items([entry.item.public_id]) if entry.item is not None else ()
    ways = set(Report.objects.filter(public_id__in=names).values_list("source", flat=True))
    return Origin(Provenance.ASSESSED, came_by=[one for one in Source if one in ways])
