"""What the public pages ask. Nothing but the address is needed; a picture is never asked for."""

import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from openhotline.core.net.addresses import is_mail, parse
from openhotline.core.net.errors import AddressInvalid
from openhotline.core.showing import visible
from openhotline.intake.states import ANSWERS, QUESTIONS, is_urgent

MOST_ADDRESSES = 100
LONGEST = 5_000
NOT_SAID = ("", _("I do not know, or do not want to say"))
NO_PICTURE = _(
    "There was a picture in the form. We took it out and did not keep it: we never take pictures. It can be against "
    "the law to send one, and the address is enough. All else you wrote is still here."
)
_AS_TYPED = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class PlainText(forms.CharField):
    """Text as it was typed; too much of it comes back whole, with a sentence."""

    def __init__(self, *, longest: int = LONGEST, **kwargs: Any) -> None:
        super().__init__(max_length=longest, **kwargs)
        self.error_messages["max_length"] = _(
            "This has %(show_value)d characters. There is room for %(limit_value)d. Please make it shorter."
        )

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Leave the length to the server: a browser that cuts off what is pasted says nothing."""
        return {name: value for name, value in super().widget_attrs(widget).items() if name != "maxlength"}


def _choice(name: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=QUESTIONS[name],
        required=False,
        error_messages={"invalid_choice": _("Please choose one of the answers.")},
        **options,
    )


class AddressForm(forms.Form):
    """The first page: one or more addresses, saved on Continue."""

    addresses = PlainText(
        longest=MOST_ADDRESSES * 2_000,
        label=_("What is the address of the page?"),
        help_text=_(
            "Copy it from the bar at the top of the browser, or write what you know. "
            "Are there more? Put each on its own line."
        ),
        widget=forms.Textarea(attrs={"rows": 4, **_AS_TYPED}),
        error_messages={"required": _("Write the address, or choose “It has no address”.")},
    )
    sending = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24)
    )

    def clean_addresses(self) -> list[str]:
        """Return the lines that are not blank."""
        lines = [line.strip() for line in self.cleaned_data["addresses"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_ADDRESSES:
            raise forms.ValidationError(
                gettext(
                    "There are %(lines)d lines here. One report takes %(most)d. "
                    "Please send the rest in a second report."
                )
                % {"lines": len(lines), "most": MOST_ADDRESSES}
            )
        return lines

    def clean_sending(self) -> str:
        """Return what tells a form that is sent twice; a form without it gets one, and may then make two reports."""
        return self.cleaned_data["sending"] or secrets.token_urlsafe(24)

    def count_mail(self) -> int:
        """Return how many lines are an e-mail address: it depends on what was typed alone."""
        return sum(is_mail(line) for line in self.cleaned_data["addresses"])

    def count_odd(self) -> int:
        """Return how many other lines cannot be read as an address: it depends on what was typed alone."""
        return sum(not _reads(line) for line in self.cleaned_data["addresses"] if not is_mail(line))


class NoAddressForm(AddressForm):
    """The first page of a report that has no address: the same, but nothing is needed."""

    addresses = PlainText(required=False, widget=forms.HiddenInput)

    def clean_addresses(self) -> list[str]:
        """Return no address."""
        return []


def _reads(line: str) -> bool:
    try:
        parse(line)
    except AddressInvalid:
        return False
    return True


class DetailsForm(forms.Form):
    """The second page: what it is and where. Everything on it is optional."""

    danger = _choice(
        "danger",
        help_text=_("Say yes if it is on live, or if you know where the child is."),
        choices=[*ANSWERS["danger"].items(), NOT_SAID],
        widget=forms.RadioSelect,
    )
    what = _choice("what", choices=[NOT_SAID, *ANSWERS["what"].items()])
    place = _choice("place", choices=[NOT_SAID, *ANSWERS["place"].items()])


class MoreForm(forms.Form):
    """The third page: how it was found, what else helps, and, for who chooses to say, how to reach them."""

    found = _choice("found", choices=[NOT_SAID, *ANSWERS["found"].items()])
    more = PlainText(
        label=QUESTIONS["more"],
        help_text=_(
            "Say how to get there, or when you saw it. Is it in a chat or an app? Write its name and the names they "
            "use there. Please leave out your own name."
        ),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off"}),
        required=False,
    )
    contact = PlainText(
        longest=200,
        label=_("A phone number or e-mail, if you want us to have one"),
        help_text=_(
            "You do not need this. You can read our questions with your receipt, and give no name. If you fill it in, "
            "we use it to ask about this report and for nothing else. It is locked so that only our staff can read "
            "it. You can take it back at any time."
        ),
        widget=forms.TextInput(attrs=_AS_TYPED),
        required=False,
    )


class ReportForm(MoreForm, DetailsForm):
    """All that was answered, carried from page to page in hidden fields and sent at the end."""

    field_order = ("danger", "what", "place", "found", "more", "contact")

    def details(self) -> dict[str, str]:
        """Return the answers by name, without the contact details."""
        return {name: str(self.cleaned_data.get(name, "")) for name in QUESTIONS}

    @property
    def contact_details(self) -> str:
        """Return how to reach the reporter, empty when they did not say."""
        return str(self.cleaned_data["contact"])

    @property
    def urgent(self) -> bool:
        """Return whether a child is said to be in danger now, or a stream to be on now."""
        return is_urgent(self.details())

    def rows(self) -> list[dict[str, Any]]:
        """Return question and answer of every field in words, and the page that asks it."""
        return [
            {
                "question": self[name].label,
                "answer": self._in_words(name),
                "change": "report_details" if name in DetailsForm.base_fields else "report_more",
            }
            for name in self.fields
        ]

    def _in_words(self, name: str) -> str:
        value = str(self.cleaned_data[name])
        return str(ANSWERS.get(name, {}).get(value, "")) or visible(value)


class WordsForm(forms.Form):
    """The six words of a receipt. ``kept`` carries an answer that was written when the page had become too old."""

    words = PlainText(
        longest=200,
        label=_("The six words of your receipt"),
        help_text=_("You can use small or big letters."),
        widget=forms.TextInput(attrs=_AS_TYPED),
        error_messages={"required": _("Write the six words of your receipt.")},
    )
    kept = PlainText(required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The answer to one question."""

    text = PlainText(
        label=_("Your answer"),
        help_text=_("Please leave out your own name, and never send a picture."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": _("Write your answer, or leave the question as it is.")},
    )
    sending = forms.CharField(
        max_length=64, required=False, widget=forms.HiddenInput, initial=lambda: secrets.token_urlsafe(24)
    )


def texts(form: Mapping[str, Any]) -> str:
    """Return the free text of a form that could not be taken, so that it can be shown to be copied."""
    return "\n\n".join(visible(str(form[name])) for name in ("addresses", "more", "contact", "text") if form.get(name))
