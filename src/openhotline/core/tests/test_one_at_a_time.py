"""Two transactions do not do the same work side by side."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction

from openhotline.core.one_at_a_time import one_at_a_time

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def _on_postgres() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets one transaction write at a moment, whatever it does.")


def _may_begin(work: str) -> bool:
    """Say whether another process could begin the work now."""

    def other() -> bool:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '100ms'")
                one_at_a_time(work)
        except OperationalError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(1) as hand:
        return hand.submit(other).result()


@pytest.mark.usefixtures("_on_postgres")
def test_a_second_waits_until_the_first_ends() -> None:
    with transaction.atomic():
        one_at_a_time("sort")
        assert not _may_begin("sort")
    assert _may_begin("sort")


@pytest.mark.usefixtures("_on_postgres")
def test_other_work_goes_on_beside_it() -> None:
    with transaction.atomic():
        one_at_a_time("sort")
        assert _may_begin("count")
