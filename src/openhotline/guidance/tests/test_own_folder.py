"""A hotline lays its own guidance over the shipped one: replaces, adds and leaves out, without code."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a reader gets
from django.test import Client

from openhotline.config.checking import faults
from openhotline.guidance.errors import GuidanceInvalid
from openhotline.guidance.queries.content import load

pytestmark = pytest.mark.django_db
Text = Callable[[HttpResponse], str]
ENTRY = """
[[entry]]
id = "childline"
name = "Our own line"
by = "This hotline"
for_whom = "Children and young people."
what = "Listens."
ages = "under_18"
nations = ["england", "wales", "scotland", "northern-ireland"]
phone = "0000"
from = ["note"]
checked = 2026-11-27
next_review = 2027-05-27
"""
FLOW = """
id = "found-a-phone"
order = 15
title = "I found a telephone"
summary = "One step."
nations = ["wales"]
start = "hand-in"

[[outcome]]
id = "hand-in"
title = "Hand it in"
nations = ["wales"]
checked = 2026-11-27
next_review = 2027-05-27

[[outcome.step]]
use = "danger"

[[outcome.step]]
title = "Take it to the police"
say = [{ text = "Take it to the police.", from = ["ours"] }]
"""
SOURCE = """
[[source]]
id = "ours"
title = "Our own procedure"
by = "This hotline"
nations = ["wales"]
read = "whole"
checked = 2026-11-27
next_review = 2027-05-27
"""


def test_an_entry_of_the_same_id_takes_the_place_of_the_shipped_one(
    stranger: Client, text_of: Text, own_folder: Path
) -> None:
    (own_folder / "directory.toml").write_text(ENTRY)
    text = text_of(stranger.get("/guidance/directory/"))
    assert "Our own line" in text
    assert "Childline listens" not in text
    assert "Stop It Now" in text


def test_a_new_flow_is_offered_between_the_shipped_ones(
    walk: Callable[..., HttpResponse], text_of: Text, own_folder: Path
) -> None:
    (own_folder / "flows" / "phone.toml").write_text(FLOW)
    (own_folder / "sources.toml").write_text(SOURCE)
    text = text_of(walk("wales"))
    assert text.index("A child is shown in it") < text.index("I found a telephone") < text.index("An adult has made")
    assert "I found a telephone" not in text_of(walk("england"))
    assert "Take it to the police. Source [3]" in text_of(walk("wales", "found-a-phone"))


def test_a_shipped_flow_can_be_left_out(walk: Callable[..., HttpResponse], text_of: Text, own_folder: Path) -> None:
    (own_folder / "flows" / "less.toml").write_text('id = "is-it-illegal"\nleft_out = true\n')
    assert "Is it illegal?" not in text_of(walk("wales"))


def test_a_flow_of_the_same_id_takes_the_place_of_the_shipped_one(own_folder: Path) -> None:
    (own_folder / "flows" / "mine.toml").write_text(FLOW.replace("found-a-phone", "adult"))
    (own_folder / "sources.toml").write_text(SOURCE)
    assert load(own_folder).flows["adult"].title == "I found a telephone"


def test_what_the_shipped_flows_rest_on_cannot_be_left_out_alone(own_folder: Path) -> None:
    (own_folder / "sources.toml").write_text('[[source]]\nid = "csa-2024"\nleft_out = true\n')
    with pytest.raises(GuidanceInvalid, match="there is no 'csa-2024'"):
        load(own_folder)


def test_broken_guidance_is_told_with_whom_to_call_and_the_report_still_works(
    stranger: Client, text_of: Text, own_folder: Path
) -> None:
    (own_folder / "flows" / "mine.toml").write_text("id = 5")
    for address in ("/guidance/", "/guidance/search/", "/guidance/directory/", "/guidance/versions/"):
        page = stranger.get(address)
        assert page.status_code == 503
        assert "You can still report an address." in text_of(page)
        assert "call 999" in text_of(page)
    assert stranger.get("/report/").status_code == 200


def test_the_check_of_the_installation_names_what_is_wrong(own_folder: Path) -> None:
    (own_folder / "flows" / "mine.toml").write_text("id = 5")
    assert "flows/mine.toml: id: this must be a text that is not empty, not 5." in faults(deploy=False)


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GuidanceInvalid, match=r"is not there\. Make it, or set OPENHOTLINE_GUIDANCE"):
        load(tmp_path / "nowhere")


def test_a_file_that_is_no_text_is_told(own_folder: Path) -> None:
    (own_folder / "sources.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(GuidanceInvalid, match="It must be a text file in UTF-8"):
        load(own_folder)
