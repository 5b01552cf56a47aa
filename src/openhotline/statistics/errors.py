"""What can go wrong with figures."""

from openhotline.core.errors import NotNow


class PublishedAlready(NotNow):
    """Figures were published less than a day ago."""
