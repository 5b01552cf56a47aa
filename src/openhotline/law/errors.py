"""What the law app refuses, each as a sentence for whoever must act."""

from openhotline.core.errors import Misconfigured, Refusal


class FactsInvalid(Refusal):
    """A fact has a name or a value that does not exist; the sentence names it and what is allowed."""


class UnknownJurisdiction(Refusal):
    """No rule file is shipped for the jurisdiction that was asked for."""


class RulesInvalid(Misconfigured):
    """A rule file or the cross-walk cannot be used; the sentence names file, line, rule and what is allowed.

    `key` is the field at fault, where one is: whoever read the file finds the line by it.
    """

    def __init__(self, sentence: str, *, key: str | None = None) -> None:
        """Keep the sentence, and the field that it is about."""
        super().__init__(sentence)
        self.key = key
