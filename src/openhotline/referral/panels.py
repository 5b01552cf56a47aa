"""What the desk's report page says of referrals."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from openhotline.referral.models import Referral
from openhotline.referral.queries import referred
from openhotline.referral.states import ReferralState

HEADERS = ("Referral", "Where it stands", "Partner", "Items of this report", "Built")
WORDS = {
    ReferralState.DRAFTED: ("waits for a second person", "waiting"),
    ReferralState.BUILT: ("built, not handed over yet", "now"),
    ReferralState.HANDED_OVER: ("handed over", "done"),
    ReferralState.RECEIVED: ("received by the partner", "done"),
    ReferralState.WITHDRAWN: ("withdrawn", "wrong"),
    ReferralState.LAPSED: ("lapsed", "wrong"),
}


def referred_panel(item_ids: Sequence[int]) -> SafeString:
    """Render to whom items of a report were referred, and how far it is."""
    found = referred(item_ids)
    referrals = {row.pk: row for row in found.values()}
    counts = {key: sum(row.pk == key for row in found.values()) for key in referrals}
    return render_to_string(
        "referral/referred_panel.html",
        {"headers": HEADERS, "rows": [_row(row, counts[key]) for key, row in sorted(referrals.items())]},
    )


def _row(referral: Referral, items: int) -> list[object]:
    words, tag = WORDS[ReferralState(referral.state)]
    built = referral.built_at or "not yet"
    return [referral.public_id, {"text": words, "tag": tag}, referral.partner, items, built]
