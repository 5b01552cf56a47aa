"""What the law app refuses, each as a sentence for whoever must act."""

from openhotline.core.errors import Misconfigured, Refusal


class FactsInvalid(Refusal):
    """A fact has a name or a value that does not exist; the sentence names it and what is allowed."""


class UnknownJurisdiction(Refusal):
    """No rule file is shipped for the jurisdiction that was asked for."""


class RulesInvalid(Misconfigured):
    """A rule file or the cross-walk cannot be used; the sentence names rule, field and what is allowed."""
