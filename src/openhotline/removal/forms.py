"""What the receiver of a notice answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from openhotline.removal.states import Said


class ProviderForm(forms.Form):
    """The code of a notice, one of three answers, and words if they like."""

    code = forms.CharField(
        label=_("The code in our message"),
        help_text=_("20 letters and digits. Small or big letters, with or without hyphens."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        error_messages={"required": _("Write the code that stands in our message.")},
    )
    said = forms.ChoiceField(
        label=_("What do you want to tell us?"),
        choices=[
            (Said.REMOVED.value, _("It is removed")),
            (Said.NOT_OURS.value, _("It is not ours, or we only stand in front of it")),
            (Said.DISPUTE.value, _("We think that you are wrong")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what you want to tell us.")},
    )
    text = forms.CharField(
        label=_("In your words"),
        help_text=_("If it is not yours: who hosts it? Never send a picture."),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        error_messages={"max_length": _("Please write at most 4,000 characters.")},
    )
