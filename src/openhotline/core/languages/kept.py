"""What a translation keeps of its source, letter by letter: placeholders, tags and entities."""

import re
from collections import Counter

from babel.messages.catalog import Message

from openhotline.core.languages.reviews import texts

KEPT = re.compile(
    r"%\([^()]*\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]"  # %(number)s
    r"|%[sdrif%]"
    r"|\{[^{}]*\}"  # {number}
    r"|<[^<>]*>"  # a tag with its attributes
    r"|&(?:#\d+|#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);"
)
# Characters that turn the direction of what follows, or are no text at all.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def faults_of(message: Message) -> list[str]:
    """Return what is wrong with a translation, a sentence each. Translations reach pages as written: no new tag may."""
    allowed = [_kept(source) for source in texts(message.id)]
    found = []
    for said in filter(None, texts(message.string)):
        if _kept(said) not in allowed:
            theirs, ours = (" ".join(sorted(one.elements())) or "none" for one in (allowed[-1], _kept(said)))
            found.append(f"It must keep these placeholders and tags as they are: {theirs}. It has: {ours}.")
        if {"<", ">"} & set(KEPT.sub("", said)) - set(KEPT.sub("", "".join(texts(message.id)))):
            found.append("It has a < or > that its source has not.")
        if _UNSEEN.search(said):
            found.append("It has a character that cannot be seen and changes what stands around it.")
    return found


def _kept(text: str) -> Counter[str]:
    return Counter(KEPT.findall(text))
