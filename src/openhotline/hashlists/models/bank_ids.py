"""Entries as whole numbers, for programs that know nothing else: the first 50 bits of an outside id."""

CHARACTERS = "abcdefghijklmnopqrstuvwxyz234567"
LENGTH = 10
MARK = "ent_"


def bank_id(entry: str) -> int:
    """Return the number of an entry by its outside id; a number that JSON holds exactly."""
    number = 0
    for character in entry.removeprefix(MARK)[:LENGTH]:
        number = number * 32 + CHARACTERS.index(character)
    return number


def entry_prefix(number: int) -> str:
    """Return how the outside id begins whose number this is; what begins no id for a number that is none."""
    if not 0 <= number < 32**LENGTH:
        return "none"
    return MARK + "".join(CHARACTERS[number >> 5 * at & 31] for at in reversed(range(LENGTH)))
