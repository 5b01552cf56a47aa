"""Builders of marked files; see `tests/marking.py`."""

import pytest

from marking import Marked, Signer


@pytest.fixture(scope="session")
def marked() -> Marked:
    return Marked()


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer()


@pytest.fixture(scope="session")
def signer_of() -> type[Signer]:
    return Signer
