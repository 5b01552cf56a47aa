"""Catalogues follow the code; what is shown is what was checked."""

import gettext
import io
from datetime import date
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from openhotline.core.languages import catalogues
from openhotline.core.languages.catalogues import (
    Catalogue,
    compile_all,
    compiled,
    empty,
    faults,
    read,
    updated,
    written,
)
from openhotline.core.languages.offered import compiled_languages
from openhotline.core.languages.places import TEMPLATE, place
from openhotline.core.languages.reviews import CatalogueInvalid, raise_review, review_of, settle
from openhotline.core.languages.states import Review

DAY = date(2026, 11, 27)
TEXTS = {"Do not look.": "Peidiwch ag edrych.", "Call %(number)s.": "Ffoniwch %(number)s."}


def catalogue(texts: dict[str, str], code: str = "cy") -> Catalogue:
    """A catalogue of these texts."""
    made = empty(code)
    for text, string in texts.items():
        made.add(text, string, [("a.html", 1)])
        settle(made[text])
    return made


def template(*texts: str) -> Catalogue:
    """What can be translated."""
    return catalogue(dict.fromkeys(texts, ""), "")


def checked(made: Catalogue) -> Catalogue:
    """The same, looked at twice."""
    for message in made.messages():
        assert raise_review(message, Review.HUMAN, DAY)
        assert raise_review(message, Review.CHECKED, DAY)
    return made


def shown(made: Catalogue, *texts: str) -> gettext.GNUTranslations:
    """What pages would read, where these texts can be translated."""
    return gettext.GNUTranslations(io.BytesIO(compiled(made, template(*(texts or TEXTS)))))


def in_folder(folder: Path, made: Catalogue, *texts: str) -> Path:
    """A folder with a catalogue and its template."""
    place("cy", folder).parent.mkdir(parents=True)
    place("cy", folder).write_bytes(written(made))
    (folder / TEMPLATE).write_bytes(written(template(*(texts or TEXTS))))
    return folder


def test_a_file_that_is_read_and_written_is_the_same(tmp_path: Path) -> None:
    made = written(checked(catalogue(TEXTS)))
    path = tmp_path / "django.po"
    assert b"review: safeguarding-checked 2026-11-27 " in made
    assert written(read(_file(made, path), "cy")) == made


def test_a_new_text_is_missing_and_an_old_one_keeps_its_review() -> None:
    made, lost = updated(checked(catalogue(TEXTS)), template(*TEXTS, "Quite another thing"), "cy")
    assert [review_of(one) for one in made.messages()] == [Review.CHECKED, Review.CHECKED, Review.MISSING]
    assert lost == 0


def test_a_source_that_changed_keeps_its_translation_for_the_translator_and_shows_it_to_nobody() -> None:
    made, _ = updated(checked(catalogue(TEXTS)), template("Do not look there."), "cy")
    message = made["Do not look there."]
    assert (message.string, message.fuzzy) == ("Peidiwch ag edrych.", True)
    assert message.previous_id == ["Do not look."]
    assert review_of(message) is Review.MISSING
    assert shown(made, "Do not look there.").gettext("Do not look there.") == "Do not look there."


def test_a_text_that_is_gone_is_left_out() -> None:
    made, _ = updated(catalogue(TEXTS), template("Call %(number)s."), "cy")
    assert [one.id for one in made.messages()] == ["Call %(number)s."]


def test_a_language_says_how_far_its_least_reviewed_text_is() -> None:
    half = checked(catalogue(TEXTS))
    half["Do not look."].string = "Rhywbeth arall."
    assert shown(checked(catalogue(TEXTS))).info()["x-review"] == "safeguarding-checked"
    assert shown(half).info()["x-review"] == "machine"
    assert shown(checked(catalogue(TEXTS)), *TEXTS, "One more").info()["x-review"] == "missing"


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ("Ffoniwch.", "must keep these placeholders and tags as they are: %(number)s. It has: none."),
        ("Ffoniwch %(nummer)s.", "must keep these placeholders"),
        ("<script src=x>%(number)s", "must keep these placeholders"),
        ("Ffoniwch %(number)s < 3", "a < or > that its source has not"),
        ("Ffoniwch \u202e%(number)s", "a character that cannot be seen"),
    ],
)
def test_a_wrong_translation_is_named_and_shown_to_nobody(tmp_path: Path, said: str, fault: str) -> None:
    wrong = checked(catalogue(TEXTS | {"Call %(number)s.": said}))
    found = faults("cy", in_folder(tmp_path, wrong))
    assert fault in "\n".join(found)
    assert "'Call %(number)s.'" in found[0]
    assert shown(wrong).gettext("Call %(number)s.") == "Call %(number)s."
    assert shown(wrong).info()["x-review"] == "missing"


def test_every_form_of_a_plural_is_needed() -> None:
    made = empty("cy")
    made.add(("%(n)s day", "%(n)s days"), ("%(n)s diwrnod",) * 5)
    settle(made["%(n)s day"])
    assert made.num_plurals == 6
    assert review_of(made["%(n)s day"]) is Review.MACHINE
    assert shown(made).ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s days"


def test_only_what_is_older_is_compiled(tmp_path: Path) -> None:
    folder = in_folder(tmp_path, catalogue(TEXTS))
    assert compile_all(folder) == ["cy"]
    assert compile_all(folder) == []
    place("cy", folder).write_bytes(written(checked(catalogue(TEXTS))))
    assert compile_all(folder) == ["cy"]
    assert [(one.code, one.name, one.draft) for one in compiled_languages(folder)] == [("cy", "Cymraeg", False)]


def test_a_file_that_cannot_be_read_is_named_with_its_line(tmp_path: Path) -> None:
    path = _file(b'msgid ""\nmsgstr ""\n\nmsgid "a"\n#-- half merged\n', tmp_path / "django.po")
    with pytest.raises(CatalogueInvalid, match=r"django.po, line \d+ cannot be read: .* Mend it by hand."):
        read(path, "cy")


def test_a_tag_that_is_let_through_would_reach_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Planted bug: nobody compares the tags of a translation with those of its source."""
    monkeypatch.setattr(catalogues.kept, "faults_of", lambda _message: [])
    assert "<script" in shown(catalogue({"Do not look.": "<script src=x>"})).gettext("Do not look.")


def test_a_message_of_two_files_stands_once() -> None:
    made = template("Back")
    made.add("Back", None, [("b.html", 9)])
    assert isinstance(made["Back"], Message)
    assert b"#: a.html b.html\nmsgid" in written(made)


def _file(content: bytes, path: Path) -> Path:
    path.write_bytes(content)
    return path
