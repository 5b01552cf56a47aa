"""A desk with work on it."""

from collections.abc import Callable

import pytest
from django.test import Client

from openhotline.accounts.models import Person
from openhotline.assessment.services.queue_items import queue_items
from openhotline.core.clock import now
from openhotline.evidence.models import Item
from openhotline.triage.models import Selection
from openhotline.triage.services.triage_items import triage_items
from openhotline.triage.states import Reason, SelectionState

SignIn = Callable[[Person], Client]


@pytest.fixture
def sign_in() -> SignIn:
    """A browser of one person, signed in."""

    def signed_in(person: Person) -> Client:
        client = Client()
        client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def at_desk(sign_in: SignIn, analyst: Person) -> Client:
    """The analyst's browser."""
    return sign_in(analyst)


@pytest.fixture
def unsorted(make_item: Callable[..., Item]) -> list[Item]:
    """Three examined pictures that wait for a sorting sheet."""
    items = [make_item(seed=seed) for seed in range(3)]
    triage_items(ids=[item.pk for item in items], actor="test", now=now())
    return items


@pytest.fixture
def queued(unsorted: list[Item]) -> list[Item]:
    """The same three, kept by somebody and waiting for assessment."""
    ids = [item.pk for item in unsorted]
    Selection.objects.filter(item__in=ids).update(state=SelectionState.SELECTED, reason=Reason.KEPT)
    queue_items(item_ids=ids, actor="test", now=now())
    return unsorted
