"""Keeping versions: each is found by its hash, says what changed, and cannot be changed unseen."""

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.http import HttpResponse  # noqa: TID251 - the answer a reader gets
from django.test import Client

from openhotline.guidance.errors import GuidanceInvalid, NoSuchVersion, NothingToFreeze
from openhotline.guidance.models.guidance import Guidance
from openhotline.guidance.queries import versions
from openhotline.guidance.queries.content import SHIPPED, load
from openhotline.guidance.queries.document import document_of, version_of
from openhotline.guidance.queries.versions import document_in, frozen_document, history, not_frozen, present_version
from openhotline.guidance.services.freeze import freeze

pytestmark = pytest.mark.django_db
Text = Callable[[HttpResponse], str]


def change(folder: Path, old: str, new: str) -> Guidance:
    """Lay a changed flow over the shipped ones, and read the whole again."""
    text = (SHIPPED / "flows" / "came-across.toml").read_text("utf-8")
    mine = folder / "flows" / "came-across.toml"
    before = mine.read_text("utf-8") if mine.exists() else text
    assert old in before
    mine.write_text(before.replace(old, new, 1), "utf-8")
    return load(folder)


def test_every_shipped_flow_is_kept_as_it_stands(shipped: Guidance) -> None:
    """A change of the shipped guidance is kept with it, by `openhotline guidance freeze`."""
    assert [flow.id for flow in not_frozen(shipped, None)] == []


def test_every_kept_version_is_still_what_its_name_says() -> None:
    kept = history()
    assert kept
    assert all(version_of(document_in(one)) == one.version for one in kept)


def test_a_changed_flow_is_kept_with_its_day_and_reason(own_folder: Path, now: datetime) -> None:
    guidance = change(own_folder, "Look after yourself", "Look after yourself, too")
    (version,) = freeze(guidance=guidance, folder=own_folder, because="A clearer title.", now=now)
    found, document = frozen_document(version)
    assert (found.flow, found.on, found.because) == ("came-across", now.date(), "A clearer title.")
    assert "Look after yourself, too" in json.dumps(document)


def test_what_is_kept_already_is_not_kept_again(own_folder: Path, now: datetime) -> None:
    guidance = change(own_folder, "Look after yourself", "Look after yourself, too")
    freeze(guidance=guidance, folder=own_folder, because="Once.", now=now)
    with pytest.raises(NothingToFreeze, match="Every flow is kept as it stands"):
        freeze(guidance=guidance, folder=own_folder, because="Twice.", now=now)
    assert len(list((own_folder / "past").glob("*.json"))) == 1


def test_a_version_says_what_is_new_and_what_is_gone(own_folder: Path, now: datetime) -> None:
    guidance = change(own_folder, "To see such a thing can weigh on you.", "It can weigh on you.")
    present = present_version(guidance.flows["came-across"], guidance)
    assert present.frozen is None
    assert present.change is not None
    assert [text for _, text in present.change.added] == [
        "It can weigh on you. Talk with your safeguarding lead or someone who supports you at work."
    ]
    assert len(present.change.gone) == 1
    assert present.change.added[0][0] == "What to do in the first minutes: Look after yourself"


def test_a_date_or_a_source_changes_the_version_and_no_sentence(own_folder: Path) -> None:
    before = load(None)
    guidance = change(own_folder, "next_review = 2027-05-27", "next_review = 2027-05-28")
    present = present_version(guidance.flows["came-across"], guidance)
    assert present.version != version_of(document_of(before.flows["came-across"], before))
    assert present.change == versions.Change((), ())


def test_settings_and_the_order_of_keys_change_no_version(shipped: Guidance) -> None:
    document = document_of(shipped.flows["adult"], shipped)
    turned = dict(reversed(document.items()))
    assert version_of(turned) == version_of(document)


def test_a_version_that_is_not_kept_is_told(stranger: Client, text_of: Text) -> None:
    for number in ("none", "0" * 64, "..%2F..%2Fsecret", "%00", "a" * 3_000):
        page = stranger.get(f"/guidance/versions/{number}/")
        assert page.status_code == 404, number
    assert "No version of the guidance has this number." in text_of(stranger.get("/guidance/versions/none/"))
    with pytest.raises(NoSuchVersion):
        frozen_document("none")


def test_an_old_version_is_shown_as_it_was(stranger: Client, text_of: Text, own_folder: Path, now: datetime) -> None:
    old = change(own_folder, "Look after yourself", "Look after yourself, too")
    (version,) = freeze(guidance=old, folder=own_folder, because="First.", now=now)
    newer = change(own_folder, "Look after yourself, too", "Care for yourself")
    freeze(guidance=newer, folder=own_folder, because="Second.", now=now)
    text = text_of(stranger.get(f"/guidance/versions/{version}/"))
    assert "Look after yourself, too" in text
    assert "Care for yourself" not in text
    assert version in text


def test_the_list_names_every_version_and_which_is_shown_now(stranger: Client, text_of: Text) -> None:
    text = text_of(stranger.get("/guidance/versions/"))
    assert text.count("Shown now") == len(load(None).flows)


def test_a_version_that_was_changed_afterwards_is_not_shown_and_what_to_do_still_is(
    stranger: Client, walk: Callable[..., HttpResponse], text_of: Text, own_folder: Path, now: datetime
) -> None:
    guidance = change(own_folder, "Look after yourself", "Look after yourself, too")
    (version,) = freeze(guidance=guidance, folder=own_folder, because="First.", now=now)
    file = own_folder / "past" / f"{version}.json"
    file.write_text(file.read_text("utf-8").replace("yourself, too", "yourself"), "utf-8")
    with pytest.raises(GuidanceInvalid, match="was changed after it was frozen"):
        frozen_document(version)
    assert stranger.get(f"/guidance/versions/{version}/").status_code == 503
    change(own_folder, "Look after yourself, too", "Care for yourself")
    assert "Care for yourself" in text_of(walk("wales", "came-across", "no", "unknown"))


def test_planted_bug_without_the_hash_a_changed_version_would_pass(
    own_folder: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    guidance = change(own_folder, "Look after yourself", "Look after yourself, too")
    (version,) = freeze(guidance=guidance, folder=own_folder, because="First.", now=now)
    file = own_folder / "past" / f"{version}.json"
    file.write_text(file.read_text("utf-8").replace("yourself, too", "yourself"), "utf-8")
    monkeypatch.setattr(versions, "version_of", lambda _document: version)
    assert frozen_document(version)
