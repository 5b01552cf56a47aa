"""The API answers whatever its description allows, and more, without an error; and a planted one is seen."""

import pytest

from faults.asking import SCOPE_OF, ask
from openhotline.intake.services import take_reports

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CASES = 320


def test_no_case_is_an_error_and_every_operation_is_done() -> None:
    found = ask(CASES, seed=1)
    assert found["faults"] == []
    assert found["cases"] == CASES
    assert {*found["done"]} == {*SCOPE_OF}


def test_planted_an_error_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(address: str) -> bool:
        if "site.example" in address:
            return True
        raise RuntimeError

    monkeypatch.setattr(take_reports, "_reads", broken)
    assert any("an error of the server" in one for one in ask(CASES // 2, seed=1)["faults"])
