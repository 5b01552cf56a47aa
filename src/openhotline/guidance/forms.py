"""What the guidance pages ask. Nothing here takes a name, and nothing is kept."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

MOST_LETTERS = 200


class AnswerForm(forms.Form):
    """One question with the answers it offers."""

    answer = forms.ChoiceField(
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the answers."),
            "invalid_choice": _("That is not one of the answers here. Choose one of them."),
        },
    )

    def __init__(
        self, data: dict[str, str] | None, *, label: str, hint: str, offered: Iterable[tuple[str, str]], chosen: str
    ) -> None:
        super().__init__(data, initial={"answer": chosen})
        field = self.fields["answer"]
        assert isinstance(field, forms.ChoiceField)
        field.label, field.help_text, field.choices = label, hint, list(offered)


class SearchForm(forms.Form):
    """Words to look for in the guidance."""

    words = forms.CharField(
        label=_("Words to look for"),
        max_length=MOST_LETTERS,
        widget=forms.TextInput(attrs={"autocomplete": "off", "type": "search"}),
        error_messages={
            "required": _("Write one word or more."),
            "max_length": _("Write fewer words: the search takes 200 letters."),
        },
    )
