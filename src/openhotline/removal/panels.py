"""What the desk's report page says of removal."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.removal.models import Removal
from openhotline.removal.queries import removals_of
from openhotline.removal.states import MISSES_UNTIL_GONE, RemovalState

HEADERS = ("Address", "Where it stands", "Provider", "Country", "Noticed", "Not found", "Why")
MOST_ROWS = 200
WORDS = {
    RemovalState.OPENED: ("its host is being looked for", "waiting"),
    RemovalState.HELD: ("held for the police", "waiting"),
    RemovalState.HOST_UNKNOWN: ("its host is not known", "wrong"),
    RemovalState.CONTACT_WAITS: ("its contact waits for a person", "waiting"),
    RemovalState.NOTICE_DUE: ("a notice is due", "now"),
    RemovalState.NOTICED: ("noticed, looked at again", "now"),
    RemovalState.ABROAD: ("handed to the hotline of its country", "now"),
    RemovalState.STOPPED: ("stopped by a person", "done"),
    RemovalState.GONE: ("gone", "done"),
}


def removals_panel(address_ids: Sequence[int]) -> SafeString:
    """Render how the removal of these addresses goes. Addresses are named by outside id, never in clear."""
    removals = removals_of(address_ids)
    shown = removals[:MOST_ROWS]
    return render_to_string(
        "removal/removals_panel.html",
        {"headers": HEADERS, "rows": [_row(one) for one in shown], "more": len(removals) - len(shown)},
    )


def _row(removal: Removal) -> list[object]:
    words, tag = WORDS[RemovalState(removal.state)]
    hosting = removal.hosting
    return [
        removal.address.public_id,
        {"text": words, "tag": tag},
        hosting.provider if hosting else "not known",
        (hosting.country if hosting else "") or "not known",
        removal.noticed_at or "not yet",
        f"{removal.misses} of {MISSES_UNTIL_GONE} times",
        removal.sentence,
    ]
