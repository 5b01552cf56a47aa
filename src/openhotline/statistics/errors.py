"""What can go wrong with figures."""

from openhotline.core.errors import NotNow, Refusal


class PublishedAlready(NotNow):
    """Figures were published less than a day ago."""


class NoPeriod(Refusal):
    """What was named is no period, or none of which a report may be made now."""


class NoReport(Refusal):
    """A file is no report of this software."""
