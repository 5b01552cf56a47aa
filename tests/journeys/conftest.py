"""A practice site on loopback, the people of practice, and the road between them."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from journeys.road import PAGE, MakeRoad, Road, machinery, picture, write_site
from openhotline.core import clock
from openhotline.practice.seeding import seed
from openhotline.practice.site.serving import Site


@pytest.fixture
def make_road(db: None, tmp_path: Path, settings: Any) -> Iterator[MakeRoad]:
    """Make a road past a site with these pages; ``patience`` is the provider's."""
    with ExitStack() as ends:

        def make(pages: dict[str, dict[str, bytes]], *, patience: int = 0) -> Road:
            folder = write_site(tmp_path / "collection", pages)
            site = ends.enter_context(Site(folder, tmp_path / "site", patience=patience))
            ports = site.ports
            settings.SITE_PORT, settings.RDAP_PORT = ports.web, ports.rdap
            settings.MAIL = {**settings.MAIL, "port": ports.mail}
            settings.RDAP_SERVERS = (f"http://127.0.0.1:{ports.rdap}/",)
            settings.FETCH_ONLY = frozenset({("127.0.0.1", ports.web), ("127.0.0.1", ports.rdap)})
            return Road(site, seed(collection=None, analysts=2, now=clock.now()), machinery())

        yield make


@pytest.fixture
def road(make_road: MakeRoad) -> Road:
    """One page with three pictures; the provider still answers once after its notice."""
    return make_road(
        {PAGE: {f"files/{n}.png": picture(n) for n in (1, 2, 3)}}, patience=2
    )  # a look asks twice: for the headers, then for the file
