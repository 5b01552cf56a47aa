"""Texts are found wherever pages and code have them."""

from pathlib import Path

import pytest
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.forms import CharField, ChoiceField
from django.utils.dates import MONTHS

from openhotline.core.languages import borrowed, extracting
from openhotline.core.languages.catalogues import Catalogue

SOURCES = Path(extracting.__file__).parents[2] / "locale" / "sources.toml"
PAGE = """{% load i18n %}<h1>{% translate "Report" %}</h1>
  <p title="{% translate 'Of a page' %}">Not a text of ours</p>
    {% blocktranslate trimmed with n=count %}
      It is {{ n }},
      100 % sure.
    {% endblocktranslate %}
{% blocktranslate trimmed count n=n %}One day.{% plural %}{{ n }} days.{% endblocktranslate %}
  {{ empty|default:_("Nothing") }}{% translate "Check" context "verb" %}
{# Translators: a button #}
{% translate "Send" %}
"""
CODE = """
from django.utils.translation import gettext_lazy as _, pgettext_lazy, gettext_noop
A = _("Lazy " "in two parts")
B = {"a": gettext_noop("Report")}
C = pgettext_lazy("noun", "Check")
"""


@pytest.fixture
def found(tmp_path: Path) -> Catalogue:
    """What is found in an app with a page, a module and a test."""
    for name, text in (
        ("app/templates/app/page.html", PAGE),
        ("app/forms.py", CODE),
        ("app/tests/test_app.py", CODE.replace("Lazy", "Tested")),
        ("app/migrations/0001_texts.py", '_("An old text")'),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return extracting.template(tmp_path, SOURCES)


def test_every_way_to_mark_a_text_is_read(found: Catalogue) -> None:
    assert {(one.context, one.id) for one in found.messages()} == {
        (None, "Lazy in two parts"),
        (None, "Report"),
        (None, "Of a page"),
        (None, "It is %(n)s, 100 %% sure."),
        (None, ("One day.", "%(n)s days.")),
        (None, "Nothing"),
        ("verb", "Check"),
        ("noun", "Check"),
        (None, "Send"),
    }


def test_a_text_says_where_it_is_from_and_what_translators_are_told(found: Catalogue) -> None:
    assert {name for name, _ in found["Report"].locations} == {"app/forms.py", "app/templates/app/page.html"}
    assert found["Send"].auto_comments == ["Translators: a button"]


def test_texts_borrowed_from_django_are_still_django_s() -> None:
    """Django changes a sentence now and then: then ours would be translated and its one would be shown."""
    choice, text = ChoiceField.default_error_messages, CharField.default_error_messages
    assert (
        text["required"],
        choice["invalid_choice"],
        ProhibitNullCharactersValidator.message,
    ) == borrowed.OF_FORMS
    assert list(borrowed.MONTHS) == list(MONTHS.values())
    assert str(borrowed.TOO_LONG % {"limit_value": 2, "show_value": 3}) == str(
        MaxLengthValidator(2).message % {"limit_value": 2, "show_value": 3}
    )
