"""Who works at the hotline stands in nothing that goes to others: partners, members, police, hotlines abroad."""

import io
import json
import tarfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from pyrage import decrypt, x25519

from faults.asking_partners import _known, keys_of
from faults.fault_release import people
from journeys.kept_inside import names_of_staff
from journeys.road import PAGE, Road
from openhotline.hashlists.models import Member
from openhotline.hashlists.queries.editions import edition_path, newest_edition, path_of
from openhotline.hashlists.services.build_edition import build_edition
from openhotline.intake.models import Report, WebhookMessage
from openhotline.intake.services.announce_stages import announce_stages
from openhotline.intake.services.set_webhook import set_webhook
from openhotline.intake.states import Scope
from openhotline.referral.models.partner import PRACTICE_IDENTITY
from openhotline.referral.queries import package_path
from openhotline.referral.services.second_urgent import second_urgent
from openhotline.referral.services.send_urgent import send_urgent
from openhotline.removal.models import Removal
from openhotline.removal.models.handover_file import opened
from openhotline.removal.services.hand_abroad import hand_abroad
from openhotline.removal.states import RemovalState

pytestmark = [pytest.mark.django_db, pytest.mark.sandbox, pytest.mark.slow]


@pytest.fixture
def decided(road: Road) -> Road:
    """What was reported is assessed, listed and noticed; a member was admitted by people of their own."""
    people()
    road.report(road.site.origin + PAGE)
    road.settle()
    road.decide_all()
    return road


def named_in(text: str) -> list[str]:
    return [name for name in names_of_staff() if name in text]


def test_a_handover_abroad_names_nobody(decided: Road, settings: Any, tmp_path: Path) -> None:
    """Addresses whose notice did not go out yet, sealed for the hotline of their country."""
    key, senior = x25519.Identity.generate(), decided.cast.seniors[0]
    country = Removal.objects.exclude(hosting=None).latest("pk").hosting.country
    settings.HOTLINES = tmp_path / "hotlines.toml"
    row = f'name = "Elsewhere"\ncountry = "{country}"\nage_key = "{key.to_public()}"\nsource = "x"\n'
    settings.HOTLINES.write_text(f"[[hotline]]\n{row}")
    Removal.objects.update(state=RemovalState.OPENED)
    told = opened(hand_abroad(country=country, actor=senior, now=decided.now).file, str(key)).decode()
    assert "Elsewhere" in told or '"addresses"' in told
    assert named_in(told) == []
    assert named_in(f"{told} by {senior.public_id}") == [senior.public_id], "planted: it says who handed it over"


def test_urgent_words_to_the_police_name_nobody(decided: Road) -> None:
    """Neither who sends them alone nor who signs them afterwards."""
    sends, signs = decided.cast.seniors
    urgent = send_urgent(
        words="A child may be in danger.",
        report=Report.objects.latest("pk").public_id,
        idempotency="k",
        actor=sends,
        now=decided.now,
    )
    second_urgent(urgent_id=urgent.pk, content_sha256=urgent.content_sha256, actor=signs, now=decided.now)
    identity = x25519.Identity.from_str((Path(settings.VAR) / "keys" / PRACTICE_IDENTITY).read_text().strip())
    with tarfile.open(fileobj=io.BytesIO(decrypt(package_path(urgent.public_id).read_bytes(), [identity]))) as tar:
        told = "".join(f"{one.name} {one.uname} {tar.extractfile(one).read().decode()}" for one in tar.getmembers())
    assert "in danger" in told
    assert named_in(told) == []


def test_what_a_partner_s_webhook_is_told_names_nobody(decided: Road) -> None:
    """Each word of a report that the partner sent in, until it was decided."""
    partner = Member.objects.get().partner
    set_webhook(partner=partner, address="http://127.0.0.1:9/hooks", actor="test", now=decided.now)
    _known(keys_of(partner, {"all": (Scope.WRITE, Scope.READ)})["all"])
    decided.settle()
    announce_stages(actor="test", now=decided.now + timedelta(days=2))
    bodies = [message.body.decode() for message in WebhookMessage.objects.all()]
    assert [json.loads(body)["type"] for body in bodies]
    assert [name for body in bodies for name in named_in(body)] == []


def test_a_member_s_edition_names_nobody(decided: Road) -> None:
    """The whole list, and what changed since the member last asked."""
    member = Member.objects.get()
    version = decided.release().version
    build_edition(member=member, version=version, actor="step:x", now=decided.now)
    edition = newest_edition(member)
    assert edition is not None
    files = [path_of(edition), edition_path(member, version).with_suffix(".changes")]
    told = "".join(path.read_text() for path in files if path.exists())
    assert '"entry"' in told
    assert named_in(told) == []
