"""Made-up values for the gallery pages, which show every component once (practice mode only)."""

from django import forms

STEPS = (
    ("Received", "done"),
    ("Screened", "done"),
    ("Captured", "done"),
    ("Examined", "done"),
    ("Triaged", "done"),
    ("Assessed", "now"),
    ("Listed", "waiting"),
    ("Removed", "waiting"),
    ("Referred", "waiting"),
    ("Counted", "waiting"),
    ("Told", "waiting"),
)


class ExampleForm(forms.Form):
    """One field of each kind the pages use."""

    address = forms.CharField(
        label="Address",
        help_text="It often starts with https://",
        error_messages={"required": "Write the address of the page."},
    )
    place = forms.ChoiceField(
        label="Where is it?",
        choices=[("site", "On a web site"), ("chat", "In a chat"), ("unknown", "I do not know")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose where it is."},
    )
    language = forms.ChoiceField(
        label="Language of the page", choices=[("", "Not known"), ("en", "English")], required=False
    )
    note = forms.CharField(label="Anything else", help_text="No names, please.", widget=forms.Textarea, required=False)
    again = forms.BooleanField(label="I have reported this before", required=False)


def example() -> dict[str, object]:
    """Return the context of `core/gallery.html` and `core/gallery_desk.html`."""
    return {
        "practice": True,
        "hotline": {
            "name": "Practice hotline",
            "hours": "Every day, 8:00 to 20:00",
            "emergency_number": "112",
        },
        "footer_links": [
            {"label": "How we handle reports", "href": "#"},
            {"label": "Accessibility", "href": "#"},
        ],
        "back_url": "#back",
        "form": ExampleForm({"address": ""}),
        "answers": [
            {"question": "Address", "answer": "https://practice.example/board/7", "href": "#address"},
            {"question": "Anything else", "answer": "", "href": "#note"},
        ],
        "receipt": {
            "code": "harbour maple seven lantern cloud 4",
            "word": "being worked on",
            "updated": "21 November",
            "next_update": "24 November",
            "href": "#receipt",
        },
        "steps": [{"label": label, "state": state, "href": "#step"} for label, state in STEPS],
        "person": {"name": "Robin Practice", "role": "Analyst"},
        "signout_url": "#sign-out",
        "nav": [
            {"label": "Queue", "href": "#queue", "current": True, "count": 24},
            {"label": "Sorting sheets", "href": "#sheets", "current": False, "count": 3},
            {"label": "Statistics", "href": "#statistics", "current": False},
        ],
        "meter": {"used": 72, "of": 240, "text": "1 h 12 min of 4 h; 3 h 40 min saved"},
        "queue": {
            "headers": ["Report", "Reason", "State"],
            "rows": [
                [{"text": "rep_7Q2M", "href": "#rep"}, "possibly recent", {"text": "Now", "tag": "now"}],
                [{"text": "rep_9XK4", "href": "#rep"}, "no match", {"text": "Waiting", "tag": "waiting"}],
                [
                    {"text": "rep_1B0C", "href": "#rep"},
                    "the page never ended",
                    {"text": "Stopped", "tag": "wrong"},
                ],
            ],
        },
        "caption": "Items by step",
        "headers": ["Step", "Items", "Share"],
        "rows": [
            ["Found", 300, "100 %"],
            ["Selected", 164, "55 %"],
            ["Decided", 44, "15 %"],
            ["Listed", 0, "0 %"],
        ],
        "numeric": True,
        "bars": [
            {"label": "Found", "value": 300},
            {"label": "Selected", "value": 164},
            {"label": "Decided", "value": 44},
        ],
        "most": 300,
    }
