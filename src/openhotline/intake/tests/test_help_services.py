"""Who helps, by country, as data that an operator can replace."""

from pathlib import Path

import pytest
from pytest_django import Settings

from openhotline.core.errors import Misconfigured
from openhotline.core.languages.extracting import template
from openhotline.intake import queries
from openhotline.intake.models.help_services import read_services, services_for
from openhotline.intake.queries import help_for
from openhotline.intake.states import HelpPurpose

ONE = """
[[service]]
name = "Ear"
country = "FR"
purposes = ["listen"]
about = "For children."
telephone = "119"
checked = 2026-01-02
source = "https://ear.example/"
"""


def test_the_shipped_ones_serve_every_purpose_in_the_united_kingdom() -> None:
    for purpose in HelpPurpose:
        assert services_for(read_services(), purpose, "GB"), purpose


def test_each_shipped_one_says_when_it_was_checked_and_where() -> None:
    for service in read_services():
        assert service.checked
        assert service.source.startswith("https://")


def test_the_country_s_own_come_before_those_of_all_countries() -> None:
    names = [one.name for one in services_for(read_services(), HelpPurpose.TAKE_DOWN, "GB")]
    assert names == ["Report Remove by Childline and the IWF"]
    assert services_for(read_services(), HelpPurpose.TAKE_DOWN, "FR") == []
    assert [one.name for one in services_for(read_services(), HelpPurpose.KEEP, "FR")] == ["Take It Down by NCMEC"]


def test_an_operator_s_file_replaces_them(tmp_path: Path, settings: Settings) -> None:
    settings.HELP_SERVICES, settings.JURISDICTION = str(tmp_path / "mine.toml"), "FR"
    (tmp_path / "mine.toml").write_text(ONE, encoding="utf-8")
    assert [one.telephone for one in help_for(HelpPurpose.LISTEN)] == ["119"]
    assert help_for(HelpPurpose.SUICIDE) == []


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("name = 1", "cannot be read"),
        (ONE.replace('"listen"', '"sing"'), "'sing' is not a valid HelpPurpose"),
        (ONE.replace('["listen"]', "[]"), "`purposes` is missing"),
        (ONE.replace("2026-01-02", '"soon"'), "`checked` is 'soon'; write the day"),
        (ONE.replace('about = "For children."', ""), "`about` is missing"),
        (ONE + 'web = "http://ear.example/"\n', "it has to begin with https://"),
        (ONE + 'fax = "1"\n', "has 'fax', which no service has"),
    ],
)
def test_a_file_that_is_not_right_is_told(tmp_path: Path, wrong: str, sentence: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(wrong, encoding="utf-8")
    with pytest.raises(Misconfigured, match=sentence):
        read_services(path)


def test_what_a_service_says_of_itself_can_be_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    offered = {message.id for message in template()}
    assert {one.about for one in read_services()} <= offered
    monkeypatch.setattr(queries, "gettext", str.upper)
    assert help_for(HelpPurpose.KEEP)[0].about.isupper()
