"""A partner's address is kept encrypted, with a secret that is told once."""

from datetime import datetime

import pytest
from django.db import connection

from openhotline.core.errors import NotNow
from openhotline.core.net.errors import AddressInvalid
from openhotline.intake.models import Partner, Webhook
from openhotline.intake.services.set_webhook import set_webhook

pytestmark = pytest.mark.django_db
PLACE = "https://platform.example/hooks"


def test_address_and_secret_are_encrypted(partner: Partner, now: datetime) -> None:
    secret = set_webhook(partner=partner, address=PLACE, actor="test", now=now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT address, secret FROM intake_webhook")
        kept = b"".join(bytes(one) for one in cursor.fetchone())
    assert b"platform" not in kept
    assert secret.encode() not in kept
    assert Webhook.objects.get().secret == secret


def test_set_again_it_has_a_new_secret_and_is_awake(partner: Partner, now: datetime) -> None:
    first = set_webhook(partner=partner, address=PLACE, actor="test", now=now)
    Webhook.objects.update(disabled_at=now, failures=50)
    assert set_webhook(partner=partner, address=PLACE, actor="test", now=now) != first
    hook = Webhook.objects.get()
    assert (hook.disabled_at, hook.failures) == (None, 0)


def test_an_empty_address_ends_it(partner: Partner, now: datetime) -> None:
    set_webhook(partner=partner, address=PLACE, actor="test", now=now)
    assert set_webhook(partner=partner, address="", actor="test", now=now) == ""
    assert not Webhook.objects.exists()


def test_it_must_be_an_address_and_encrypted(partner: Partner, now: datetime, settings: object) -> None:
    settings.PRACTICE = False  # type: ignore[attr-defined] # pytest-django's settings
    with pytest.raises(NotNow, match="https"):
        set_webhook(partner=partner, address="http://platform.example/", actor="test", now=now)
    with pytest.raises(AddressInvalid):
        set_webhook(partner=partner, address="not an address", actor="test", now=now)
