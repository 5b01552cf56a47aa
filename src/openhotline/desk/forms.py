"""Facts as they come from the page, and a report that is typed in."""

from collections.abc import Mapping

from django import forms

from openhotline.desk.states import FOUND, MOST_ADDRESSES, NOT_SAID, PLACES, QUESTIONS
from openhotline.intake.states import Source
from openhotline.law.models import Facts


def facts_from(posted: Mapping[str, str]) -> Facts:
    """Return the facts of a posted page; whatever was not answered is not determined. Raises FactsInvalid."""
    return Facts.from_dict({one.fact: posted[one.fact] for one in QUESTIONS if posted.get(one.fact)})


class TypeInForm(forms.Form):
    """A report that came by telephone or letter."""

    source = forms.ChoiceField(
        label="How did it come?",
        choices=[(Source.TELEPHONE.value, "By telephone"), (Source.LETTER.value, "By letter")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how the report came."},
    )
    addresses = forms.CharField(
        label="Addresses",
        help_text="One a line, as they were said or written. Leave it empty when there is none: a person looks then.",
        widget=forms.Textarea(
            attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        required=False,
    )
    urgent = forms.BooleanField(label="A child is in danger now", required=False)
    place = forms.ChoiceField(label="Where is it?", choices=[NOT_SAID, *PLACES], required=False)
    found = forms.ChoiceField(label="How was it come across?", choices=[NOT_SAID, *FOUND], required=False)
    more = forms.CharField(
        label="Anything else that helps",
        help_text="No name of the caller, unless they asked to be called back.",
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        max_length=5_000,
        required=False,
    )

    def clean_addresses(self) -> list[str]:
        """Return the lines that are not blank."""
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines() if line.strip()]
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(f"{len(lines)} lines; one report takes {MOST_ADDRESSES}. Use a second report.")
        return lines

    def details(self) -> dict[str, str]:
        """Return what was told, by name, without what was not."""
        told = {name: str(self.cleaned_data[name]) for name in ("place", "found", "more")}
        return {name: text for name, text in told.items() if text}
