"""How many files there are of each kind: arithmetic on shares, without chance."""

from collections.abc import Mapping

from openhotline.practice.collection.shares import largest_remainder
from openhotline.practice.collection.structure import Structure

_PICTURE_GROUPS = ("pseudo_photograph", "prohibited_image", "other_selected", "no_child")


def group_counts(structure: Structure, items: int) -> dict[str, int]:
    """Files found by group; they sum to `items`.

    The groups are `pseudo_photograph`, `prohibited_image`, `other_selected`, `no_child` (pictures big enough
    to assess), `icon` and `unreadable`.
    """
    known, shares = structure.published, structure.not_selected
    halves = largest_remainder(items, {"selected": known["selected"], "not": known["found"] - known["selected"]})
    criminal = ("pseudo_photograph", "prohibited_image")
    rest = known["selected"] - sum(known[name] for name in criminal)
    counts = largest_remainder(halves["selected"], {name: known[name] for name in criminal} | {"other_selected": rest})
    at_least = min(items // shares["unreadable_one_in"], len(structure.unreadable))
    unreadable = min(max(round(items * shares["unreadable"]), at_least), halves["not"])
    icons = min(round(items * shares["icon"]), halves["not"] - unreadable)
    return counts | {"no_child": halves["not"] - unreadable - icons, "icon": icons, "unreadable": unreadable}


def glyph_counts(structure: Structure, items: int) -> dict[str, int]:
    """Files found by glyph, icons not among them; glyphs without any are left out."""
    groups = group_counts(structure, items)
    counts: dict[str, int] = {}
    for group in _PICTURE_GROUPS:
        counts |= largest_remainder(groups[group], structure.glyphs_of(group))
    return {glyph: count for glyph, count in counts.items() if count}


def relation_counts(structure: Structure, items: int) -> dict[str, tuple[int, int, int]]:
    """Originals, exact duplicates and near duplicates by glyph; every glyph keeps an original."""
    counts = glyph_counts(structure, items)
    shares = structure.duplicates
    exact = _below(counts, largest_remainder(round(items * shares["exact"]), counts))
    rest = {glyph: counts[glyph] - exact[glyph] for glyph in counts}
    near = _below(rest, largest_remainder(round(items * shares["near"]), counts))
    return {glyph: (rest[glyph] - near[glyph], exact[glyph], near[glyph]) for glyph in counts}


def _below(counts: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """What is wanted, leaving at least one of each."""
    return {key: min(wanted[key], counts[key] - 1) for key in counts}


def unreadable_counts(structure: Structure, items: int) -> dict[str, int]:
    """Unreadable files by kind: one of each in the order of the structure, the rest by share."""
    kinds = structure.unreadable
    total = group_counts(structure, items)["unreadable"]
    counts = {kind.kind: int(at < total) for at, kind in enumerate(kinds)}
    more = largest_remainder(total - sum(counts.values()), {kind.kind: kind.share for kind in kinds})
    wanted = {kind.kind: counts[kind.kind] + more[kind.kind] for kind in kinds}
    allowed = {kind.kind: min(wanted[kind.kind], kind.most) for kind in kinds}
    roomy = max(kinds, key=lambda kind: kind.most).kind
    allowed[roomy] += total - sum(allowed.values())
    return allowed
