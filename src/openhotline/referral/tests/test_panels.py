"""The desk's report page says what was referred."""

from collections.abc import Callable

import pytest

from openhotline.evidence.models import Item
from openhotline.referral.models import Referral
from openhotline.referral.panels import referred_panel

pytestmark = pytest.mark.django_db


def test_a_referral_is_told_with_its_items(decided: Callable[..., Item], built: Callable[..., Referral]) -> None:
    items = [decided(), decided()]
    done = built(*items)
    shown = referred_panel([item.pk for item in items])
    assert done.public_id in shown
    assert "built, not handed over yet" in shown
    assert "<td>2</td>" in shown


def test_nothing_referred_is_said() -> None:
    assert "Nothing of this report was referred." in referred_panel([])
