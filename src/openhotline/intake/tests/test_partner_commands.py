"""``openhotline partner …`` as an operator types it."""

import json

import pytest
from typer.testing import CliRunner

from openhotline.core.clock import now
from openhotline.intake.commands import partner_app
from openhotline.intake.models import Partner, PartnerKey, Webhook

pytestmark = pytest.mark.django_db


def run(*words: str, code: int = 0) -> str:
    """Run one command and return what it said."""
    done = CliRunner().invoke(partner_app, words)
    assert done.exit_code == code, done.output
    return done.output


def listed() -> list[dict[str, object]]:
    """What the list says, as data."""
    found: list[dict[str, object]] = json.loads(run("list", "--json"))
    return found


def test_from_adding_to_ending() -> None:
    run("add", "Example Platform", "--hourly", "50")
    text = run("key", "Example Platform", "--scope", "report:write").splitlines()[0]
    key = PartnerKey.objects.shown(text, now=now())
    assert key is not None
    assert key.scopes == ["report:write"]
    assert run("webhook", "Example Platform", "https://platform.example/hooks").startswith("whsec_")
    assert listed()[0]["webhook"] == "in use"
    run("revoke", key.public_id)
    assert PartnerKey.objects.shown(text, now=now()) is None
    run("webhook", "Example Platform")
    assert not Webhook.objects.exists()
    run("end", "Example Platform")
    assert Partner.objects.get().ended_at is not None


def test_the_list_shows_a_webhook_that_was_disabled() -> None:
    run("add", "Example Platform")
    run("webhook", "Example Platform", "https://platform.example/hooks")
    Webhook.objects.update(disabled_at=now())
    assert "webhook: disabled, nobody answers" in run("list")


def test_the_list_says_what_to_do_when_it_is_empty() -> None:
    assert "openhotline partner add" in run("list")


@pytest.mark.parametrize(
    "words",
    [
        ("key", "Nobody"),
        ("webhook", "Nobody"),
        ("end", "Nobody"),
        ("revoke", "key_none"),
        ("add", ""),
        ("add", "x" * 121),
    ],
)
def test_what_cannot_be_is_said_and_ends_with_2(words: tuple[str, ...]) -> None:
    assert run(*words, code=2).strip().endswith(".")
