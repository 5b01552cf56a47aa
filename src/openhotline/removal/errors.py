"""What can go wrong in removal."""

from openhotline.core.errors import Refusal


class XarfRefused(Refusal):
    """A report for a provider does not fit the format, or holds what may never leave."""


class ContactRefused(Refusal):
    """What was given as a contact is none, or could steer a mail."""


class HandoverRefused(Refusal):
    """A file of another hotline does not fit the format, or is not for us."""


class StatementRefused(Refusal):
    """A platform's statement of reasons does not fit the format."""
