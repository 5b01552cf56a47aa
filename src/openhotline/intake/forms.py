"""What the public pages ask. Nothing but the address is needed; a picture is never asked for."""

import secrets
from typing import Any

from django import forms

from openhotline.core.net.addresses import parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.intake.states import ANSWERS, QUESTIONS

MOST_ADDRESSES = 100

NOT_SAID = ("", "I do not know, or would rather not say")


class AddressForm(forms.Form):
    """The first page: one or more addresses, saved on Continue."""

    addresses = forms.CharField(
        label="What is the address of the page?",
        help_text="Copy it from the bar at the top of the browser, or write what you remember. "
        "If there are several, put each on its own line.",
        widget=forms.Textarea(
            attrs={"rows": 4, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": "Write the address, or choose “I have no address”."},
    )
    sending = forms.CharField(max_length=64, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24))

    def clean_addresses(self) -> list[str]:
        """Return the lines that are not blank."""
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(
                f"There are {len(lines)} lines here; one report takes {MOST_ADDRESSES}. "
                "Please send the others in a second report."
            )
        return lines

    def count_odd(self) -> int:
        """Return how many lines cannot be read as an address: it depends on what was typed alone."""
        return sum(not _reads(line) for line in self.cleaned_data["addresses"])


class NoAddressForm(forms.Form):
    """The first page when there is no address to give."""

    sending = forms.CharField(max_length=64)

    def count_odd(self) -> int:
        """Return 0: nothing was typed."""
        return 0


def _reads(line: str) -> bool:
    try:
        parse(line)
    except AddressInvalid:
        return False
    return True


class DetailsForm(forms.Form):
    """The second page: everything on it is optional."""

    danger = forms.ChoiceField(
        label=QUESTIONS["danger"],
        help_text="For example: it is happening live, or you know where the child is.",
        choices=[*ANSWERS["danger"].items(), NOT_SAID],
        widget=forms.RadioSelect,
        required=False,
    )
    place = forms.ChoiceField(label=QUESTIONS["place"], choices=[NOT_SAID, *ANSWERS["place"].items()], required=False)
    found = forms.ChoiceField(label=QUESTIONS["found"], choices=[NOT_SAID, *ANSWERS["found"].items()], required=False)
    more = forms.CharField(
        label=QUESTIONS["more"],
        help_text="For example how to get there, or the day you saw it. Please leave out your own name.",
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        max_length=5_000,
        required=False,
    )

    @property
    def urgent(self) -> bool:
        """Return whether a child is said to be in danger now."""
        return bool(self.cleaned_data["danger"] == "yes")

    def answers(self) -> list[dict[str, Any]]:
        """Return question and answer of every field, the answer in words."""
        return [{"question": self[name].label, "answer": self._in_words(name)} for name in self.fields]

    def _in_words(self, name: str) -> str:
        value = str(self.cleaned_data[name])
        return ANSWERS.get(name, {}).get(value, value)


class WordsForm(forms.Form):
    """The six words of a receipt."""

    words = forms.CharField(
        label="The six words of your receipt",
        help_text="Capital letters and extra spaces do not matter.",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": "Write the six words of your receipt."},
    )
