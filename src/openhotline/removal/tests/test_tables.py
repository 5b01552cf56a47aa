"""What an operator keeps as files is checked when it is read; notices say all that they have to."""

import tomllib
from pathlib import Path

import pytest

from openhotline.core.errors import Misconfigured
from openhotline.removal.models import read_cdns, read_holds, read_hotlines
from openhotline.removal.models.notice_texts import SHIPPED, notice_text

HOLD = '[[hold]]\nname = "x"\ncountry = "GB"\nhours = 48\npolice = "x"\nsource = "x"\n'


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (HOLD.replace("48", "0"), "hours"),
        (HOLD.replace("48", '"48"'), "whole number"),
        (HOLD.replace("GB", "Britain"), "two capital letters"),
        (HOLD.replace('source = "x"\n', ""), "source"),
        (HOLD + 'colour = "red"\n', "colour"),
        (HOLD + "in_force = 1\n", "true or false"),
        ("[[hold", "cannot be read"),
    ],
)
def test_a_rule_that_no_clock_can_follow_is_a_sentence(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "holds.toml").write_text(text)
    with pytest.raises(Misconfigured, match=says):
        read_holds(tmp_path / "holds.toml")


def test_a_hotline_abroad_needs_a_key(tmp_path: Path) -> None:
    path = tmp_path / "hotlines.toml"
    path.write_text('[[hotline]]\nname = "x"\ncountry = "NL"\nage_key = "ssh-rsa"\nsource = "x"\n')
    with pytest.raises(Misconfigured, match="age1"):
        read_hotlines(path)


@pytest.mark.parametrize(
    ("asn", "organisation", "aliases", "name"),
    [
        (13335, "", (), "Cloudflare"),
        (0, "", ("d1.cloudfront.net",), "Amazon CloudFront"),
        (0, "Fastly, Inc.", (), "Fastly"),
        (64500, "Example", ("notcloudfront.net",), ""),
    ],
)
def test_a_network_in_front_is_known_by_any_of_its_marks(
    asn: int, organisation: str, aliases: tuple[str, ...], name: str
) -> None:
    found = [one.name for one in read_cdns() if one.is_in_front(asn=asn, organisation=organisation, aliases=aliases)]
    assert found == ([name] if name else [])


def test_a_language_without_a_checked_file_gets_english() -> None:
    assert notice_text("de", None) == notice_text("xx", None) == notice_text("en", None)
    assert notice_text("en", None).checked


@pytest.mark.parametrize("language", sorted(path.stem for path in SHIPPED.glob("*.toml")))
def test_every_shipped_language_says_all_that_a_notice_has_to(tmp_path: Path, language: str) -> None:
    text = (SHIPPED / f"{language}.toml").read_text().replace("checked = false", "checked = true")
    (tmp_path / f"{language}.toml").write_text(text)
    assert tomllib.loads(text)["checked"] is True
    assert notice_text(language, tmp_path).count(1) != notice_text("en", None).count(2)


def test_words_of_an_earlier_version_are_used_with_what_was_shipped_since(tmp_path: Path) -> None:
    shipped = (SHIPPED / "en.toml").read_text()
    before = shipped.partition('flagger = """')[0] + shipped.partition('"${name}, ${reference}"."""')[2]
    (tmp_path / "en.toml").write_text(before)
    assert "flagger" not in tomllib.loads(before)
    assert notice_text("en", tmp_path).flagger.template == notice_text("en", None).flagger.template


@pytest.mark.parametrize("field", ["code", "page", "reference", "addresses", "heading"])
def test_a_notice_that_lacks_a_field_is_not_used(tmp_path: Path, field: str) -> None:
    (tmp_path / "en.toml").write_text((SHIPPED / "en.toml").read_text().replace(f"${{{field}}}", ""))
    with pytest.raises(Misconfigured, match=field):
        notice_text("en", tmp_path)
