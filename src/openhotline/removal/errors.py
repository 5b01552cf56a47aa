"""What can go wrong in removal."""

from openhotline.core.errors import Refusal


class XarfRefused(Refusal):
    """A report for a provider does not fit the format, or holds what may never leave."""
