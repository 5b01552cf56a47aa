"""The desk's report page says how removal goes."""

from collections.abc import Callable

import pytest

from openhotline.removal.models import Removal
from openhotline.removal.panels import removals_panel

pytestmark = pytest.mark.django_db


def test_a_removal_is_told_without_its_address(due: Callable[[int], list[Removal]]) -> None:
    (removal,) = due(1)
    shown = removals_panel([removal.address_id])
    assert "a notice is due" in shown
    assert "Practice Hosting" in shown
    assert removal.address.public_id in shown
    assert "127.0.0.1" not in shown


def test_nothing_to_remove_is_said() -> None:
    assert "No address of this report" in removals_panel([])
