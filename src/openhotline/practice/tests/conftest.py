"""A small collection and the practice site around it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from openhotline.practice.analysts.truth import Truth
from openhotline.practice.collection import generate
from openhotline.practice.run import Plan
from openhotline.practice.site.ports import free_ports
from openhotline.practice.site.serving import Ports, Site

ITEMS, SEED = 40, 7


@pytest.fixture(scope="session")
def collection(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty files, made once a session."""
    return generate(tmp_path_factory.mktemp("collection"), items=ITEMS, seed=SEED, workers=1)


@pytest.fixture
def site(collection: Path, tmp_path: Path) -> Iterator[Site]:
    """The three servers on free ports; the provider takes down at once what it is asked to."""
    with Site(collection, tmp_path / "site") as running:
        yield running


@pytest.fixture
def truth(collection: Path) -> Truth:
    """The truth about the forty files."""
    return Truth(collection)


@pytest.fixture
def ports(settings: Any) -> Ports:
    """Free ports for a site, known to the settings: practice fetches, mails and asks nowhere else."""
    web, mail, rdap = free_ports(3)
    settings.SITE_PORT, settings.RDAP_PORT = web, rdap
    settings.MAIL = {**settings.MAIL, "port": mail}
    settings.RDAP_SERVERS = (f"http://127.0.0.1:{rdap}/",)
    settings.FETCH_ONLY = frozenset({("127.0.0.1", web), ("127.0.0.1", rdap)})
    return Ports(web, mail, rdap)


@pytest.fixture
def plan(collection: Path, tmp_path: Path) -> Plan:
    """A run over the forty files in a folder of its own, without mistakes."""
    shutil.copytree(collection, tmp_path / "practice" / "collection")
    return Plan(tmp_path, ITEMS, seed=SEED, analysts=3, error_rate=0.0, workers=1)
