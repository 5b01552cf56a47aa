"""Behind a network that stands in front is a host, which a person records when it is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from openhotline.accounts.models import Person
from openhotline.core.errors import NotNow
from openhotline.core.net import rdap
from openhotline.removal.models import Removal
from openhotline.removal.queries.hosts import Site, SiteFacts
from openhotline.removal.services.find_hosts import find_hosts
from openhotline.removal.services.record_origin import record_origin

pytestmark = pytest.mark.django_db


def test_the_origin_is_looked_up_in_place_of_the_network_in_front(
    noticed: Callable[[int], list[Removal]], senior: Person, now: datetime, settings: Any
) -> None:
    (removal,) = noticed(1)
    record_origin(address=removal.address.public_id, origin="93.184.215.14", actor=senior, now=now)
    settings.FETCH_ONLY, asked = None, []

    def ask(site: Site) -> SiteFacts:
        asked.append(site.host)
        found = rdap.Hosting(
            "https://r.example/", "N", "ORIGIN-NET", "Origin", "NL", "abuse@origin.example", None, None
        )
        return SiteFacts(network=found)

    find_hosts(ids=[removal.pk], actor="step:x", now=now, ask=ask)
    removal.refresh_from_db()
    assert (asked, removal.state) == (["93.184.215.14"], "contact_waits")
    assert removal.hosting is not None
    assert removal.hosting.provider == "Origin"


@pytest.mark.parametrize("origin", ["127.0.0.1", "10.0.0.1", "::1", "not a host!", ""])
def test_what_is_no_host_of_the_internet_is_refused(
    noticed: Callable[[int], list[Removal]], senior: Person, now: datetime, origin: str
) -> None:
    (removal,) = noticed(1)
    with pytest.raises(NotNow):
        record_origin(address=removal.address.public_id, origin=origin, actor=senior, now=now)
