"""What selection passes through, its reasons, and what becomes of sheets and of entries held as a flood, as data."""

from enum import StrEnum


class SelectionState(StrEnum):
    """Whether an item goes to assessment."""

    UNSORTED = "unsorted"
    SELECTED = "selected"
    SET_ASIDE = "set_aside"


TRANSITIONS = {
    SelectionState.UNSORTED: {"select": SelectionState.SELECTED, "set_aside": SelectionState.SET_ASIDE},
    SelectionState.SELECTED: {},
    SelectionState.SET_ASIDE: {"select": SelectionState.SELECTED, "take_back": SelectionState.UNSORTED},
}


class Reason(StrEnum):
    """Why an item was selected or set aside. Machine reasons never say what a picture shows."""

    UNREADABLE = "unreadable"
    KNOWN_HARMLESS = "known_harmless"
    TOO_SMALL = "too_small"
    KNOWN_MATCH = "known_match"
    SORTED_OUT = "sorted_out"
    NO_PERSON = "no_person"
    PAGE_PART = "page_part"
    NOT_OPENED = "not_opened"
    KEPT = "kept"
    SECOND_LOOK = "second_look"


REASON_SENTENCES = {
    Reason.UNREADABLE: "The file cannot be read as a picture.",
    Reason.KNOWN_HARMLESS: "The exact file is on a list of known harmless files.",
    Reason.TOO_SMALL: "The picture is an icon, too small to assess.",
    Reason.KNOWN_MATCH: "The exact file is on a list of known files.",
    Reason.SORTED_OUT: "A person set it aside at the sorting sheet: certainly no child.",
    Reason.NO_PERSON: "A person set it aside at the sorting sheet: nobody in it.",
    Reason.PAGE_PART: "A person set it aside at the sorting sheet: a part of the page, such as a banner or a map.",
    Reason.NOT_OPENED: "A person set it aside at the sorting sheet: it could not be opened, and nothing spoke for it.",
    Reason.KEPT: "A person kept it at the sorting sheet.",
    Reason.SECOND_LOOK: "A second person kept what had been set aside.",
}
MACHINE_REASONS = frozenset({Reason.UNREADABLE, Reason.KNOWN_HARMLESS, Reason.TOO_SMALL, Reason.KNOWN_MATCH})
SHEET_REASONS = {
    Reason.SORTED_OUT: "Certainly no child",
    Reason.NO_PERSON: "Nobody in it",
    Reason.PAGE_PART: "Part of the page",
}
"""Why a person may set a tile aside, in the words of the sheet; the first is taken where none is given."""
SORTED_ASIDE = SHEET_REASONS | {Reason.NOT_OPENED: "Could not be opened"}
"""Why people set tiles aside, as it is kept: of one without a picture that it was not opened, whatever was chosen."""


class SheetState(StrEnum):
    """Where a sorting sheet stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


class HeldState(StrEnum):
    """Where an entry stands that suddenly matched too much. Its matches act again once it is released."""

    HELD = "held"
    RELEASED = "released"
    RETIRED = "retired"


HELD_TRANSITIONS = {
    HeldState.HELD: {"release": HeldState.RELEASED, "retire": HeldState.RETIRED},
    HeldState.RELEASED: {},
    HeldState.RETIRED: {"release": HeldState.RELEASED},
}
SILENT = frozenset({HeldState.HELD, HeldState.RETIRED})
"""Where matches are kept and shown, and decide nothing."""

STACK_RADIUS = 31
"""Bits (of 256) within which an item joins a stack's leader."""
PART_RADIUS = 10
"""Bits within which a decision may spread."""
LEAST_QUALITY = 50
"""PDQ quality below which a hash says too little to stack by."""
UNDO_MINUTES = 10
"""How long what a sheet set aside can be taken back."""
