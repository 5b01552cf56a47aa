"""What forecast announces."""

from openhotline.core.events import Event


class StudiesAsked(Event):
    """Studies wait to be made; ids of studies."""
