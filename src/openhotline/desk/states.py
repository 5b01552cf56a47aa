"""What the desk asks and offers, as data: questions in the order that ends soonest, quick answers, links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openhotline.accounts.states import Permission, Role, holders
from openhotline.assessment.states import Complainer, Finding, Queue, Source
from openhotline.intake.states import ANSWERS


@dataclass(frozen=True)
class Choice:
    """One value of a fact in words; ``key`` presses it."""

    value: str
    words: str
    key: str = ""


OPEN = Choice("not_determined", "Not determined")


@dataclass(frozen=True)
class Question:
    """One fact; every question can stay not determined.

    ``when`` says of which other facts' values it is asked, all of them together: the page puts it away where it can
    change nothing any more. Without a word of another fact it is always asked.
    """

    fact: str
    words: str
    choices: tuple[Choice, ...]
    hint: str = ""
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


When = Mapping[str, tuple[str, ...]]
_OPEN = (OPEN.value,)
_DRAWN: When = {"content_kind": ("image", "video", *_OPEN)}
_OF_CHILD: When = {**_DRAWN, "depicts_child": ("yes", "age_not_clear", *_OPEN)}
_LIKE_PHOTO: When = {**_OF_CHILD, "looks_like_photograph": ("yes", *_OPEN)}
_UNLIKE_PHOTO: When = {**_OF_CHILD, "looks_like_photograph": ("no", *_OPEN)}
_AI_SEEN: When = {
    "ai_involvement": (
        *("wholly_synthetic", "real_picture_altered", "non_photographic_ai"),
        *("training_data", "tool_or_model", "guide_or_prompt"),
    )
}
_OF_TOOL: When = {"content_kind": ("ai_model_or_tool", *_OPEN)}
_OF_GUIDE: When = {"content_kind": ("guide", "text", *_OPEN)}
_SURE = (Choice("low", "Low"), Choice("medium", "Medium"), Choice("high", "High"), OPEN)


def _yes_no(fact: str, words: str, hint: str = "", when: When | None = None) -> Question:
    return Question(fact, words, (Choice("yes", "Yes"), Choice("no", "No"), OPEN), hint, when or {})


FIRST = (
    # Answered beside the quick answers, never by them, so it stands next to them.
    Question(
        "ai_involvement",
        "AI involvement",
        (
            Choice("none_seen", "None seen", "n"),
            Choice("wholly_synthetic", "Wholly synthetic", "w"),
            Choice("real_picture_altered", "Real picture altered", "r"),
            Choice("non_photographic_ai", "Non-photographic AI", "o"),
            Choice("training_data", "Training data"),
            Choice("tool_or_model", "Tool or model"),
            Choice("guide_or_prompt", "Guide or prompt"),
            OPEN,
        ),
    ),
    Question(
        "ai_basis",
        "What is the AI involvement judged by?",
        (
            Choice("seen_in_picture", "Seen in the picture"),
            Choice("said_beside_picture", "Said beside the picture"),
            Choice("file_evidence", "File evidence"),
            Choice("known_source", "Known source"),
            OPEN,
        ),
        when=_AI_SEEN,
    ),
    Question("ai_confidence", "How sure are you of it?", _SURE, when=_AI_SEEN),
    Question(
        "content_kind",
        "What is it?",
        (
            Choice("image", "A picture", "i"),
            Choice("video", "A video"),
            Choice("text", "A text"),
            Choice("guide", "A guide"),
            Choice("ai_model_or_tool", "An AI model or tool"),
            Choice("live_link", "A live link"),
            OPEN,
        ),
    ),
    Question(
        "depicts_child",
        "Does it depict a child?",
        (Choice("yes", "Yes"), Choice("no", "No"), Choice("age_not_clear", "Age not clear"), OPEN),
        when={"content_kind": ("image", "video", "live_link", *_OPEN)},
    ),
    _yes_no("looks_like_photograph", "Does it look like a photograph?", when=_OF_CHILD),
    _yes_no("indecent", "Indecent?", "Protection of Children Act 1978, section 1", _LIKE_PHOTO),
    Question(
        "severity",
        "Severity letter",
        (Choice("A", "A"), Choice("B", "B"), Choice("C", "C"), Choice("none", "None"), OPEN),
        "Only for what looks like a photograph",
        _LIKE_PHOTO,
    ),
    _yes_no("real_child", "Is a real child involved?", "File evidence never answers this by itself", _OF_CHILD),
    Question(
        "real_child_basis",
        "What is that judged by?",
        (
            Choice("known_child", "A known child"),
            Choice("seen_in_picture", "Seen in the picture"),
            Choice("said_beside_picture", "Said beside the picture"),
            Choice("file_evidence", "File evidence"),
            OPEN,
        ),
        when={"real_child": ("yes", "no")},
    ),
    Question("real_child_confidence", "How sure are you of that?", _SURE, when={"real_child": ("yes", "no")}),
    Question(
        "age_band",
        "Apparent age of the youngest",
        (*(Choice(band, band) for band in ("0-2", "3-6", "7-10", "11-13", "14-15", "16-17")), OPEN),
        when=_OF_CHILD,
    ),
)
TESTS = (
    _yes_no("dominant_impression_child", "Dominant impression of a child?", "CJA 2009 section 65(6)", _UNLIKE_PHOTO),
    _yes_no("limb_62_2_a", "Limb (a) met?", "CJA 2009 section 62(2)(a)", _UNLIKE_PHOTO),
    _yes_no("limb_62_2_b", "Limb (b) met?", "CJA 2009 section 62(2)(b)", _UNLIKE_PHOTO),
    _yes_no("limb_62_2_c", "Limb (c) met?", "CJA 2009 section 62(2)(c)", _UNLIKE_PHOTO),
    _yes_no("test_soa_46a", "Test of section 46A met?", "SOA 2003 section 46A, about tools", _OF_TOOL),
    _yes_no("test_sca_69", "Test of section 69 met?", "SCA 2015 section 69, about guides", _OF_GUIDE),
)
MORE = (
    _yes_no("known_series", "Known series or victim?"),
    _yes_no("likeness_identifiable", "Likeness of an identifiable person?"),
    _yes_no("commercial", "Commercial?"),
    _yes_no("used_to_coerce", "Used to groom, coerce or extort?"),
    _yes_no("taken_by_child", "Taken by the child?", "They may have been coerced"),
    Question(
        "site_ai",
        "Is the site given over to AI-generated material?",
        (Choice("ai_dedicated", "Yes"), Choice("mixed", "Mixed"), Choice("none_seen", "None seen"), OPEN),
    ),
    _yes_no("appears_new", "Appears new?"),
)
GROUPS: tuple[tuple[str, tuple[Question, ...]], ...] = (
    ("Facts", FIRST),
    ("Tests of the statutes", TESTS),
    ("More facts", MORE),
)
QUESTIONS = FIRST + TESTS + MORE


@dataclass(frozen=True)
class QuickAnswer:
    """The commonest sets of facts, one key each. AI involvement is answered beside them, never by them."""

    code: str
    words: str
    key: str
    facts: Mapping[str, str] = field(default_factory=dict)


_PHOTO = {"content_kind": "image", "depicts_child": "yes", "looks_like_photograph": "yes"}
QUICK_ANSWERS = (
    QuickAnswer("no_child", "No child", "1", {"content_kind": "image", "depicts_child": "no", "severity": "none"}),
    QuickAnswer("age_not_clear", "Age not clear", "2", {"content_kind": "image", "depicts_child": "age_not_clear"}),
    QuickAnswer("not_indecent", "Child, not indecent", "3", {**_PHOTO, "indecent": "no", "severity": "none"}),
    *(
        QuickAnswer(
            f"photo_{letter}", f"Like a photograph, {letter}", key, _PHOTO | {"indecent": "yes", "severity": letter}
        )
        for letter, key in (("A", "4"), ("B", "5"), ("C", "6"))
    ),
    QuickAnswer(
        "prohibited",
        "Not like a photograph, all limbs",
        "7",
        {
            "content_kind": "image",
            "depicts_child": "yes",
            "looks_like_photograph": "no",
            "dominant_impression_child": "yes",
            "limb_62_2_a": "yes",
            "limb_62_2_b": "yes",
            "limb_62_2_c": "yes",
        },
    ),
)

# Every single key of the desk, and what it does; one key does one thing on each page. A person may choose others.
KEYS: Mapping[str, str] = {
    " ": "Hold: show the picture",
    "g": "Hold with it: one step clearer",
    "j": "Next, or go on",
    "d": "Decide",
    "x": "Skip",
    "s": "Swap for another now",
    "z": "Undo the last decision",
    **{
        str(number): f"{quick.words}; on a sorting sheet: reason {number}"
        for number, quick in enumerate(QUICK_ANSWERS, 1)
    },
    "i": "A picture",
    "n": "AI involvement: none seen; on a sorting sheet: keep all",
    "w": "AI involvement: wholly synthetic",
    "r": "AI involvement: real picture altered",
    "o": "AI involvement: non-photographic AI",
    "h": "Mark as hard to look at",
    "a": "Sorting sheet: set all aside",
    "f": "Sorting sheet: finish",
    "u": "Sorting sheet: take back what the last one set aside",
    ":": "Everything that can be done here, by name",
    ".": "Blank the screen, and come back",
    "?": "Show the keys",
}
KEY_NAMES = {" ": "Space"}

OUTCOME_WORDS = {
    "photograph": "Photograph",
    "pseudo_photograph": "Pseudo-photograph",
    "photograph_or_pseudo": "Photograph or pseudo-photograph, which of the two not determined",
    "prohibited_image": "Prohibited image",
    "image_generator": "Image generator",
    "guide": "Guide",
    "not_criminal": "Not criminal",
    "not_determined": "Not determined",
}
JURISDICTION_WORDS = {"GB-EAW": "England and Wales", "GB-SCT": "Scotland", "GB-NIR": "Northern Ireland"}
SHOWN_JURISDICTIONS = tuple(JURISDICTION_WORDS)

WITHDRAWAL_WORDS = {
    "decided_otherwise": "Another decision was made on the picture",
    "listed_by_mistake": "It was listed by mistake",
    "law_changed": "The law changed, and no longer calls it criminal",
    "feedback": "A member or the police say that it is wrong",
    "owner": "Who gave it took it back",
    "permission": "It may not be passed on any more",
}

QUEUE_WORDS = {
    Queue.ASSESSMENT: "Assessment",
    Queue.SORTING: "Sorting sheets",
    Queue.REPORTS: "Reports",
    Queue.REMOVALS: "Removals",
    Queue.LISTS: "Hash list",
    Queue.REFERRALS: "Referrals",
}
COMPLAINER_WORDS = {
    Complainer.PUBLIC: "A member of the public",
    Complainer.SITE: "A site or provider",
    Complainer.MEMBER: "A member of the list",
    Complainer.POLICE: "The police",
    Complainer.STAFF: "Somebody who works here",
}
FINDING_WORDS = {Finding.UPHELD: "Upheld", Finding.NOT_UPHELD: "Not upheld"}
SOURCE_WORDS = {
    Source.STAFF: "Somebody here asks for a correction.",
    Source.MEMBER: "A member says that the entry is wrong.",
    Source.POLICE: "The police say that it is wrong, or found something else.",
    Source.COMPLAINT: "It is complained of.",
}

# What is asked of a caller; the public form asks the same.
MOST_ADDRESSES = 100
NOT_SAID = ("", "Not said")
# Said of somebody else, where the public form lets people speak of themselves.
_OF_A_CALLER = {
    "search": "In the results of a search",
    "sent": "Somebody sent it or showed it",
    "work": "In their work",
}
PLACES = tuple(ANSWERS["place"].items())
FOUND = tuple((answer, _OF_A_CALLER.get(answer, words)) for answer, words in ANSWERS["found"].items())


@dataclass(frozen=True)
class Link:
    """A place of the desk, and who may go there."""

    label: str
    route: str
    roles: frozenset[Role]
    counts: str = ""


LINKS = (
    Link("Overview", "desk_home", frozenset(Role)),
    Link("Queue", "desk_queue", holders(Permission.ASSESS), "turns"),
    Link("Your decisions", "desk_decisions", holders(Permission.ASSESS)),
    Link("Sorting sheets", "desk_sheet", holders(Permission.ASSESS), "stacks"),
    Link("Sorted so far", "desk_sorting", holders(Permission.READ_REPORTS)),
    Link("Reports", "desk_reports", holders(Permission.READ_REPORTS), "reports"),
    Link("Collections", "desk_collections", holders(Permission.READ_COLLECTIONS)),
    Link("Quarantine", "desk_quarantine", holders(Permission.READ_REPORTS), "quarantine"),
    Link("Sweeps", "desk_sweeps", holders(Permission.KEEP_SWEEPS)),
    Link("Type in a report", "desk_type_in", holders(Permission.TYPE_IN)),
    Link("Removals", "desk_removals", holders(Permission.READ_REPORTS), "removals"),
    Link("Abroad", "desk_abroad", holders(Permission.READ_REPORTS), "abroad"),
    Link("Providers", "desk_providers", holders(Permission.READ_REPORTS), "providers"),
    Link("Hash list", "desk_lists", holders(Permission.HANDLE_LISTS), "lists"),
    Link("Referrals", "desk_referrals", holders(Permission.REFER)),
    Link("Urgent", "desk_urgent", holders(Permission.READ_REPORTS), "urgent"),
    Link("Approvals", "desk_approve", holders(Permission.APPROVE), "approvals"),
    Link("Handover and on call", "desk_handover", holders(Permission.READ_REPORTS), "on_call"),
    Link("Complaints", "desk_complaints", holders(Permission.READ_REPORTS), "complaints"),
    Link("How work goes", "desk_management", holders(Permission.READ_MANAGEMENT)),
    Link("Alerts", "desk_alerts", holders(Permission.READ_ALERTS), "alerts"),
    Link("Your exposure", "desk_exposure", frozenset(Role)),
    Link("Exposure of the team", "desk_team_exposure", holders(Permission.READ_MEDIANS)),
    Link("Agreement", "desk_agreement", holders(Permission.READ_NUMBERS)),
    Link("Numbers", "desk_numbers", holders(Permission.READ_NUMBERS)),
    Link("Forecasts", "desk_forecasts", holders(Permission.FORECAST)),
    Link("Whom to call", "desk_contacts", holders(Permission.READ_CONTACTS)),
    Link("Partners", "desk_partners", holders(Permission.KEEP_PARTNERS)),
    Link("People", "desk_people", holders(Permission.READ_PEOPLE)),
)
