"""The commands by which members are kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.approve import approve
from openhotline.core.clock import now as present
from openhotline.hashlists.commands import member_app
from openhotline.hashlists.models import Entry, Member, Release
from openhotline.hashlists.queries.editions import edition_path
from openhotline.hashlists.tests.asking import Machine, picture

pytestmark = pytest.mark.django_db
run = CliRunner()
AGREED = """
name = "Example Platform"
purpose = "uploads"
identity = "register"
identity_checked_on = 2026-11-20
agreement = "signed.pdf"
agreement_signed_on = 2026-11-21
may = ["ids"]
"""


@pytest.fixture
def agreed(tmp_path: Path) -> Path:
    (tmp_path / "signed.pdf").write_bytes(b"%PDF")
    (tmp_path / "platform.toml").write_text(AGREED)
    return tmp_path / "platform.toml"


def said(*arguments: str, code: int = 0) -> str:
    done = run.invoke(member_app, [*arguments])
    assert done.exit_code == code, done.output
    return done.output


def test_from_an_agreement_to_an_answer(agreed: Path, senior: Person, manager: Person) -> None:
    assert "approves it at the desk" in said("draft", str(agreed), "--by", "senior")
    assert "second person" in said("admit", "Example Platform", "--by", "senior", code=3)
    subject = Member.objects.get().public_id
    approval = approval_of("member", subject)
    assert approval is not None
    approve(approval_id=approval.pk, manifest_sha256=approval.manifest_sha256, actor=manager, now=present())
    said("admit", "Example Platform", "--by", "senior")
    key = said("key", "Example Platform", "--by", "senior").splitlines()[0]
    assert Machine(key).match(picture("0" * 64))[0]["match"] == "no"
    assert "It may not download the list." in said("list")
    said("suspend", subject, "--by", "senior")
    assert '"state": "suspended"' in said("list", "--json")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("may = [", "may = ['all', "), "all"),
        (('purpose = "uploads"\n', ""), "does not say purpose"),
        (("name =", "colour = 1\nname ="), "says 'colour'"),
        (("signed.pdf", "other.pdf"), "cannot be read"),
    ],
)
def test_what_is_wrong_in_the_file_is_named(
    agreed: Path, senior: Person, change: tuple[str, str], sentence: str
) -> None:
    agreed.write_text(AGREED.replace(*change))
    assert sentence in said("draft", str(agreed), "--by", "senior", code=2)


def test_a_list_that_was_found_says_whose_it_is(
    make_member: Callable[..., Member],
    make_entry: Callable[..., Entry],
    publish: Callable[..., Release],
    tmp_path: Path,
) -> None:
    member = make_member()
    make_entry()
    publish(member)
    assert member.public_id in said("whose", str(edition_path(member, 1)))
    (tmp_path / "none").write_text("nothing")
    said("whose", str(tmp_path / "none"), code=3)
