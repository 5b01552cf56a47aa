"""What selection passes through, and its reasons, as data."""

from enum import StrEnum


class SelectionState(StrEnum):
    """Whether an item goes to assessment."""

    UNSORTED = "unsorted"
    SELECTED = "selected"
    SET_ASIDE = "set_aside"


TRANSITIONS = {
    SelectionState.UNSORTED: {"select": SelectionState.SELECTED, "set_aside": SelectionState.SET_ASIDE},
    SelectionState.SELECTED: {},
    SelectionState.SET_ASIDE: {"select": SelectionState.SELECTED},
}


class Reason(StrEnum):
    """Why an item was selected or set aside. Machine reasons never say what a picture shows."""

    UNREADABLE = "unreadable"
    KNOWN_HARMLESS = "known_harmless"
    TOO_SMALL = "too_small"
    KNOWN_MATCH = "known_match"
    SORTED_OUT = "sorted_out"
    KEPT = "kept"


REASON_SENTENCES = {
    Reason.UNREADABLE: "The file cannot be read as a picture.",
    Reason.KNOWN_HARMLESS: "The exact file is on a list of known harmless files.",
    Reason.TOO_SMALL: "The picture is an icon, too small to assess.",
    Reason.KNOWN_MATCH: "The exact file is on a list of known files.",
    Reason.SORTED_OUT: "A person set it aside at the sorting sheet.",
    Reason.KEPT: "A person kept it at the sorting sheet.",
}
MACHINE_REASONS = frozenset({Reason.UNREADABLE, Reason.KNOWN_HARMLESS, Reason.TOO_SMALL, Reason.KNOWN_MATCH})


class SheetState(StrEnum):
    """Where a sorting sheet stands."""

    WAITING = "waiting"
    TAKEN = "taken"
    DONE = "done"


STACK_RADIUS = 31
"""Bits (of 256) within which an item joins a stack's leader."""
PART_RADIUS = 10
"""Bits within which a decision may spread."""
LEAST_QUALITY = 50
"""PDQ quality below which a hash says too little to stack by."""
