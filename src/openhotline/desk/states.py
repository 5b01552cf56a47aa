"""What the desk asks and offers, as data: questions in the order that ends soonest, quick answers, links."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from openhotline.accounts.states import Permission, Role, holders


@dataclass(frozen=True)
class Choice:
    """One value of a fact in words; ``key`` presses it."""

    value: str
    words: str
    key: str = ""


OPEN = Choice("not_determined", "Not determined")


@dataclass(frozen=True)
class Question:
    """One fact. ``section`` is the law's own where a statute asks; every question can stay not determined."""

    fact: str
    words: str
    choices: tuple[Choice, ...]
    hint: str = ""


def _yes_no(fact: str, words: str, hint: str = "") -> Question:
    return Question(fact, words, (Choice("yes", "Yes"), Choice("no", "No"), OPEN), hint)


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
    ),
    _yes_no("looks_like_photograph", "Does it look like a photograph?"),
    _yes_no("indecent", "Indecent?", "Protection of Children Act 1978, section 1"),
    Question(
        "severity",
        "Severity letter",
        (Choice("A", "A"), Choice("B", "B"), Choice("C", "C"), Choice("none", "None"), OPEN),
        "Only for what looks like a photograph",
    ),
    _yes_no("real_child", "Is a real child involved?", "File evidence never answers this by itself"),
    Question(
        "age_band",
        "Apparent age of the youngest",
        (*(Choice(band, band) for band in ("0-2", "3-6", "7-10", "11-13", "14-15", "16-17")), OPEN),
    ),
)
TESTS = (
    _yes_no("dominant_impression_child", "Dominant impression of a child?", "CJA 2009 section 65(6)"),
    _yes_no("limb_62_2_a", "Limb (a) met?", "CJA 2009 section 62(2)(a)"),
    _yes_no("limb_62_2_b", "Limb (b) met?", "CJA 2009 section 62(2)(b)"),
    _yes_no("limb_62_2_c", "Limb (c) met?", "CJA 2009 section 62(2)(c)"),
    _yes_no("test_soa_46a", "Test of section 46A met?", "SOA 2003 section 46A, about tools"),
    _yes_no("test_sca_69", "Test of section 69 met?", "SCA 2015 section 69, about guides"),
)
MORE = (
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
    ),
    Question(
        "ai_confidence",
        "How sure are you of it?",
        (Choice("low", "Low"), Choice("medium", "Medium"), Choice("high", "High"), OPEN),
    ),
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
    "feedback": "A member says that it is wrong",
}

# What is asked of a caller; the public form asks the same.
MOST_ADDRESSES = 100
NOT_SAID = ("", "Not said")
PLACES = (
    ("website", "On a web site"),
    ("social", "On social media"),
    ("chat", "In a chat or a group"),
    ("game", "In a game"),
    ("files", "On a file-sharing service"),
    ("onion", "On an onion or other hidden service"),
    ("other", "Somewhere else"),
)
FOUND = (
    ("by_chance", "By chance"),
    ("search", "In the results of a search"),
    ("sent", "Somebody sent it or showed it"),
    ("work", "In their work"),
    ("other", "In another way"),
)


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
    Link("Sorting sheets", "desk_sheet", holders(Permission.ASSESS), "stacks"),
    Link("Sorted so far", "desk_sorting", holders(Permission.READ_REPORTS)),
    Link("Reports", "desk_reports", holders(Permission.READ_REPORTS), "reports"),
    Link("Collections", "desk_collections", holders(Permission.READ_COLLECTIONS)),
    Link("Quarantine", "desk_quarantine", holders(Permission.READ_REPORTS), "quarantine"),
    Link("Sweeps", "desk_sweeps", holders(Permission.KEEP_SWEEPS)),
    Link("Type in a report", "desk_type_in", holders(Permission.TYPE_IN)),
    Link("Removals", "desk_removals", holders(Permission.READ_REPORTS), "removals"),
    Link("Hash list", "desk_lists", holders(Permission.HANDLE_LISTS), "lists"),
    Link("Referrals", "desk_referrals", holders(Permission.REFER)),
    Link("Approvals", "desk_approve", holders(Permission.APPROVE), "approvals"),
    Link("Alerts", "desk_alerts", holders(Permission.READ_ALERTS), "alerts"),
    Link("Agreement", "desk_agreement", holders(Permission.READ_NUMBERS)),
    Link("Numbers", "desk_numbers", holders(Permission.READ_NUMBERS)),
    Link("Forecasts", "desk_forecasts", holders(Permission.FORECAST)),
    Link("Whom to call", "desk_contacts", holders(Permission.READ_CONTACTS)),
    Link("Partners", "desk_partners", holders(Permission.KEEP_PARTNERS)),
    Link("People", "desk_people", holders(Permission.READ_PEOPLE)),
)
