"""What the young people's path asks. One question a page; nothing is asked that does not change what comes next."""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from openhotline.intake.models.device_hash import NO_CODE, NotACode, PictureCode, read_codes
from openhotline.intake.states import Age, Taken, Who

CHOOSE_ONE = _("Choose one of the answers.")
ANSWERS = {
    "who": (
        (Who.ME, _("Me")),
        (Who.SOMEONE, _("Someone I know: a friend, a brother or a sister")),
    ),
    "age": (
        (Age.UNDER_13, _("Under 13")),
        (Age.FROM_13, _("13 to 15")),
        (Age.FROM_16, _("16 or 17")),
        (Age.ADULT, _("18 or over")),
        (Age.NOT_SAID, _("I would rather not say")),
    ),
    "taken": (
        (Taken.UNDER_18, _("I was under 18")),
        (Taken.ADULT, _("I was 18 or over")),
        (Taken.NOT_SURE, _("I am not sure")),
    ),
}
LABELS = {
    "who": _("Who is in the picture?"),
    "age": _("How old are you now?"),
    "taken": _("How old were you in the picture?"),
}
HINTS = {
    "who": _("A fake picture counts too, also one made with AI."),
    "age": _("We ask so that we can show you the right help. We do not keep your answer."),
    "taken": _("Or how old you look in it, if someone made it with AI."),
}


class AnswerForm(forms.Form):
    """One question of the path, by its name."""

    def __init__(self, question: str, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.question = question
        self.fields[question] = forms.ChoiceField(
            label=LABELS[question],
            help_text=HINTS[question],
            choices=ANSWERS[question],
            widget=forms.RadioSelect,
            error_messages={"required": CHOOSE_ONE, "invalid_choice": CHOOSE_ONE},
        )


class CodesForm(forms.Form):
    """The codes that the device made, one a line, as they are shown before they are sent."""

    hashes = forms.CharField(
        label=_("These are the codes, letter for letter. Nothing else of the picture is sent."),
        help_text=_("The number at the end says how well a code tells your picture from others. 100 is best."),
        error_messages={"required": NO_CODE},
        widget=forms.Textarea(
            attrs={"readonly": True, "rows": 4, "data-part": "codes", "class": "code", "autocomplete": "off"}
        ),
    )
    sending = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24))

    def clean_hashes(self) -> list[PictureCode]:
        """Return the codes. Nothing is looked up: whether one is valid depends on what was sent alone."""
        try:
            return read_codes(self.cleaned_data["hashes"])
        except NotACode as error:
            raise forms.ValidationError(str(error)) from error
