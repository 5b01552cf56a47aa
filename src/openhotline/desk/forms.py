"""Facts as they come from the page, a report that is typed in, and who works here and whom to call."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from django import forms

from openhotline.accounts.errors import KeysClash
from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_keys
from openhotline.accounts.states import ROLE_NAMES, Role
from openhotline.assessment.policies import LONGEST_NOTE
from openhotline.desk.states import (
    COMPLAINER_WORDS,
    FOUND,
    KEY_NAMES,
    KEYS,
    MOST_ADDRESSES,
    NOT_SAID,
    PLACES,
    QUESTIONS,
)
from openhotline.exposure.models import Wellbeing
from openhotline.exposure.queries import limits
from openhotline.intake.policies import LEAST_HOURS, LONGEST_QUESTION, LONGEST_TOLD, MOST_HOURS
from openhotline.intake.services.add_partner import MOST_HOURLY
from openhotline.intake.services.draft_sweep import LONGEST_NAME, SweepAuthority
from openhotline.intake.services.make_partner_key import LONGEST
from openhotline.intake.states import Scope, Source
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


class AskForm(forms.Form):
    """A question to whoever made a report."""

    text = forms.CharField(
        label="Ask the reporter",
        help_text="It stands on the page of the receipt from the next quarter of an hour on, for 30 days. Ask as if "
        "you knew nothing of the address: no address, no name, nothing of what was found or decided.",
        max_length=LONGEST_QUESTION,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Write the question."},
    )


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Write the day as year-month-day, for example 2027-03-31."},
    )


class RoleForm(forms.Form):
    """One role."""

    role = forms.ChoiceField(
        label="Role",
        choices=[(role.value, name) for role, name in ROLE_NAMES.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what this person will be."},
    )

    def chosen(self) -> Role:
        """Return the role of a valid form."""
        return Role(self.cleaned_data["role"])


class InviteForm(RoleForm):
    """Somebody who is to work here."""

    name = forms.CharField(label="Name", max_length=120, error_messages={"required": "Write the person's name."})
    username = forms.SlugField(
        label="Name to sign in with",
        help_text="Letters, digits and hyphens. The log and the police never see it.",
        max_length=64,
        error_messages={"required": "Write the name to sign in with."},
    )
    to = forms.EmailField(
        label="Mail the link to",
        help_text="Kept nowhere. Leave it empty to print the link or hand it over.",
        required=False,
    )
    field_order = ("name", "username", "role", "to")


class DatesForm(forms.Form):
    """Until when vetting and training hold."""

    vetted_until = _day("Vetting holds until", required=False)
    trained_until = _day("Training holds until", required=False)


class CheckForm(forms.Form):
    """The number of a service, tried today."""

    number = forms.CharField(label="Number", max_length=60, error_messages={"required": "Write the number."})
    next_check = _day("Try it again on")


class ContactForm(CheckForm):
    """A service near by."""

    name = forms.CharField(label="Name of the service", max_length=120)
    for_whom = forms.CharField(label="For whom it is", max_length=200)
    field_order = ("name", "for_whom", "number", "next_check")


class PartnerForm(forms.Form):
    """An organisation that is to report by the API."""

    name = forms.CharField(
        label="Name of the organisation", max_length=120, error_messages={"required": "Write what it is called."}
    )
    hourly = forms.IntegerField(
        label="Reports an hour that were agreed",
        help_text="More than that wait in quarantine; none is refused.",
        min_value=1,
        max_value=MOST_HOURLY,
        initial=1000,
    )


class AskKeyForm(forms.Form):
    """A key that is to be made for a partner."""

    partner = forms.CharField(widget=forms.HiddenInput, max_length=40)
    scopes = forms.MultipleChoiceField(
        label="What it may do",
        choices=[(Scope.WRITE.value, "Send reports"), (Scope.READ.value, "Ask how far a report of theirs is")],
        initial=[Scope.WRITE.value, Scope.READ.value],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what the key may do."},
    )
    days = forms.IntegerField(
        label="Days until it ends", help_text="At most 730.", min_value=1, max_value=LONGEST.days, initial=365
    )

    def chosen(self) -> list[Scope]:
        """Return the scopes of a valid form."""
        return [Scope(one) for one in self.cleaned_data["scopes"]]


class ForecastForm(forms.Form):
    """What stands in place of what is measured; empty for what is not known better."""

    stacks_a_day = forms.FloatField(
        label="Stacks of near duplicates that come in a day", min_value=0.01, max_value=1_000_000, required=False
    )
    analysts = forms.IntegerField(label="People who assess", min_value=1, max_value=1_000, required=False)
    seniors = forms.IntegerField(label="Senior analysts among them", min_value=0, max_value=1_000, required=False)
    hours = forms.FloatField(
        label="Hours of a working day", help_text="7.5 unless you say so.", min_value=0.5, max_value=24, required=False
    )
    days_a_week = forms.IntegerField(
        label="Working days of a week", help_text="5 unless you say so.", min_value=1, max_value=7, required=False
    )
    beside = forms.FloatField(
        label="Seconds of an opinion beside the look", min_value=0, max_value=3_600, required=False
    )

    def asks(self) -> dict[str, float]:
        """Return what was given, by name."""
        return {name: value for name, value in self.cleaned_data.items() if value is not None}


class SweepForm(forms.Form):
    """A list of addresses, how often to look at them, and under which authority."""

    name = forms.CharField(label="Name", help_text="Never the name of a site.", max_length=LONGEST_NAME)
    addresses = forms.CharField(
        label="Addresses",
        help_text="One a line.",
        widget=forms.Textarea(
            attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
        error_messages={"required": "Write at least one address."},
    )
    every_hours = forms.IntegerField(
        label="Hours between two visits of a page", min_value=LEAST_HOURS, max_value=MOST_HOURS, initial=24
    )
    approver = forms.CharField(
        label="Who gave the authority", help_text="An office, never a person's name.", max_length=LONGEST_TOLD
    )
    instrument = forms.CharField(label="The law or agreement it is given under", max_length=LONGEST_TOLD)
    jurisdiction = forms.CharField(label="Whose law that is", help_text="For example GB.", max_length=16)
    until = _day("The first day on which it no longer holds", "Within a year.")

    def clean_addresses(self) -> list[str]:
        """Return the lines that are not blank."""
        return [line.strip() for line in self.cleaned_data["addresses"].splitlines() if line.strip()]

    def authority(self) -> SweepAuthority:
        """Return the authority of a valid form."""
        told = self.cleaned_data
        until = datetime.combine(told["until"], time(), tzinfo=UTC)
        return SweepAuthority(told["approver"], told["instrument"], told["jurisdiction"], until)


class KeysForm(forms.Form):
    """One's own keys: one character each, Space by its name."""

    on = forms.BooleanField(label="Single keys do something", required=False)

    def __init__(self, *args: Any, chosen: Mapping[str, str], **kwargs: Any) -> None:
        """Fill in what was chosen before, by the key that the desk comes with."""
        super().__init__(*args, **kwargs)
        for key, words in KEYS.items():
            mine = chosen.get(key, key)
            self.fields[field_of(key)] = forms.CharField(
                label=words,
                help_text="" if mine == key else f"The desk comes with {KEY_NAMES.get(key, key)}.",
                max_length=len("Space"),
                initial=KEY_NAMES.get(mine, mine),
                strip=False,
                widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
                error_messages={"required": "Type one character."},
            )

    def clean(self) -> dict[str, Any]:
        """Refuse two things on one key, by the rule that holds where they are kept."""
        found = dict(self.cleaned_data)
        if not self.errors:
            try:
                check_keys(self.chosen(), KEYS)
            except KeysClash as clash:
                raise forms.ValidationError(str(clash)) from clash
        return found

    def chosen(self) -> dict[str, str]:
        """Return the chosen key by the one that the desk comes with."""
        by_name = {name: key for key, name in KEY_NAMES.items()}
        typed = {key: str(self.cleaned_data[field_of(key)]) for key in KEYS}
        return {key: by_name.get(mine.strip(), mine) for key, mine in typed.items()}


class WellbeingForm(forms.Form):
    """Until when one works today, whether heavy things too, and who may see one's figures."""

    shift_ends = forms.TimeField(
        label="Your shift ends at (UTC)",
        help_text="In its last {minutes} minutes no pictures are shown, and none in the six hours after it. Leave it "
        "empty for no such end.",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Write the time as hours and minutes, for example 17:30."},
    )
    takes_heavy = forms.BooleanField(
        label="Also give me what colleagues marked as hard to look at. It counts double.", required=False
    )
    consents = forms.BooleanField(
        label="The welfare lead may see my figures. Each time is in the log, and I can take this back.", required=False
    )

    def __init__(self, *args: Any, said: Wellbeing, now: datetime, **kwargs: Any) -> None:
        """Fill in what was said before; the end of a shift of yesterday is forgotten."""
        self._now = now.astimezone(UTC)
        ends = said.shift_ends_at if said.shift_ends_at and said.shift_ends_at > now else None
        initial = {
            "shift_ends": ends.astimezone(UTC).time() if ends else None,
            "takes_heavy": said.takes_heavy,
            "consents": said.consents,
        }
        super().__init__(*args, **{"initial": initial} | kwargs)
        ends_field = self.fields["shift_ends"]
        ends_field.help_text = ends_field.help_text.format(minutes=f"{limits().before_end.total_seconds() / 60:g}")

    def ends_at(self) -> datetime | None:
        """Return the next moment at which the clock shows the end of the shift."""
        at = self.cleaned_data["shift_ends"]
        if at is None:
            return None
        today = datetime.combine(self._now.date(), at, tzinfo=UTC)
        return today if today > self._now else today + timedelta(days=1)


class OnCallForm(forms.Form):
    """A turn on call."""

    person = forms.ChoiceField(label="Who", error_messages={"required": "Choose who is on call."})
    step = forms.TypedChoiceField(
        label="Tried",
        coerce=int,
        choices=[(1, "First"), (2, "Second, a quarter of an hour later"), (3, "Third")],
    )
    begins = forms.DateTimeField(
        label="From (UTC)", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    hours = forms.IntegerField(label="For how many hours", min_value=1, max_value=168, initial=12)
    mail = forms.EmailField(
        label="Where a mail goes when something cannot wait (optional)",
        help_text="It says nothing but that. Without it they are called by whoever sees it first.",
        required=False,
        error_messages={"invalid": "Write a mail address such as name@example.org, or leave it empty."},
    )

    def __init__(self, *args: Any, people: Sequence[Person], now: datetime, **kwargs: Any) -> None:
        """Offer the people who work here, and now as the beginning."""
        super().__init__(*args, **{"initial": {"begins": now.astimezone(UTC)}} | kwargs)
        offered: Any = self.fields["person"]
        offered.choices = [(one.public_id, f"{one.name}, {one.role_name.lower()}") for one in people if one.is_active]

    def span(self) -> tuple[datetime, datetime]:
        """Return from when until when."""
        begins: datetime = self.cleaned_data["begins"]
        return begins, begins + timedelta(hours=self.cleaned_data["hours"])


class ComplaintForm(forms.Form):
    """Somebody says that the hotline was wrong."""

    source = forms.ChoiceField(
        label="Who complains?",
        choices=[(one.value, words) for one, words in COMPLAINER_WORDS.items()],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who complains."},
    )
    what = forms.CharField(
        label="What is said",
        help_text="No address and nobody's name. It is kept sealed.",
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        error_messages={"required": "Write what is said."},
    )
    about = forms.CharField(
        label="The decision or the report it is about",
        help_text="As dec_… or rep_…. It is decided again. Leave it empty if it is about neither.",
        max_length=40,
        required=False,
    )


def field_of(key: str) -> str:
    """Return the name of the field of a key: letters and digits only, whatever the key is."""
    return f"key-{ord(key):x}"
