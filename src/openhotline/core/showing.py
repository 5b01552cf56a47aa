"""Text of strangers, made fit to be shown."""

import re

# Controls but tab and line feed, and what turns the direction of writing or cannot be seen. Joiners and the two marks
# of direction stay: Arabic, Persian and many other scripts need them, and they turn nothing round.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")


def visible(text: str) -> str:
    """Return the text with what cannot be seen, or turns other letters round, written out: U+202E as ``[U+202E]``."""
    return _UNSEEN.sub(lambda found: f"[U+{ord(found[0]):04X}]", text.replace("\r\n", "\n"))
