"""The files at one address: in which order they are asked for, in what portions they come, and how it may end."""

from collections.abc import Callable
from datetime import datetime

import pytest

from openhotline.accounts.errors import AuthorityMissing
from openhotline.audit.models import Record
from openhotline.core.net.errors import FetchFailed
from openhotline.core.net.fetch import Fetched
from openhotline.evidence.models import Sighting
from openhotline.evidence.services import fetch_files as module
from openhotline.evidence.services.fetch_files import Attempt, FetchedFile, fetch_groups, seal_fetched
from openhotline.evidence.states import CaptureState
from openhotline.intake.models import Address

pytestmark = pytest.mark.django_db

PAGE = b"<!doctype html><img src='/1.png'><img src='/2.png'><img src='/3.png'>"


@pytest.fixture
def attempt(keep_address: Callable[[str], Address]) -> Attempt:
    """An attempt at a page."""
    return Attempt(keep_address("https://board.example/"))


class Asked:
    """Answers with the page, and with its address as the bytes of each picture; notes what was asked."""

    def __init__(self, fails: str = "") -> None:
        self.places: list[str] = []
        self.fails = fails

    def __call__(self, address: str) -> Fetched:
        """Answer as `fetch` does."""
        self.places.append(address.partition(".example")[2])
        if self.fails and address.endswith(self.fails):
            raise FetchFailed("The site did not accept a connection.", "connection")
        picture = address.endswith(".png")
        kind = "image/png" if picture else "text/html"
        return Fetched(200, {"content-type": kind}, address.encode() if picture else PAGE, address, "", truncated=False)


def test_pictures_are_asked_for_in_the_order_that_is_wished(attempt: Attempt) -> None:
    ask = Asked()
    list(fetch_groups(attempt, ask, lambda named: sorted(named, reverse=True)))
    assert ask.places == ["/", "/3.png", "/2.png", "/1.png"]


def test_what_is_large_comes_in_portions(attempt: Attempt, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_GROUP_BYTES", 50)
    assert [len(group) for group in fetch_groups(attempt, Asked())] == [2, 1]


def test_a_picture_that_fails_leaves_the_others(attempt: Attempt) -> None:
    (group,) = fetch_groups(attempt, Asked(fails="/2.png"))
    assert (len(group), attempt.state) == (2, CaptureState.CAPTURED)
    assert attempt.sentence == "1 of the page's pictures could not be fetched."


def test_a_page_that_fails_is_told(attempt: Attempt) -> None:
    assert list(fetch_groups(attempt, Asked(fails=".example/"))) == []
    assert (attempt.state, attempt.sentence) == (CaptureState.FAILED, "The site did not accept a connection.")


def test_without_an_authority_it_is_refused(attempt: Attempt) -> None:
    def ask(_address: str) -> Fetched:
        raise AuthorityMissing("Nothing may be fetched.")

    assert list(fetch_groups(attempt, ask)) == []
    assert (attempt.state, attempt.sentence) == (CaptureState.REFUSED, "Nothing may be fetched.")


def test_files_are_sealed_as_seen_on_the_page(attempt: Attempt, now: datetime) -> None:
    (group,) = fetch_groups(attempt, Asked())
    seal_fetched(attempt, group, report_id=None, actor="test", now=now)
    assert Sighting.objects.filter(page=attempt.address).count() == attempt.files == 3
    assert isinstance(group[0], FetchedFile)
    assert Record.objects.get(action="pictures_fetched").detail["files"] == 3
