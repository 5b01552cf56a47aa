"""What goes wrong on the way out. No sentence has a web address in it, because sentences reach logs."""

from openhotline.core.errors import Refusal


class AddressInvalid(Refusal):
    """What was given is not a web address we can keep; the sentence says what to change."""


class FetchRefused(Refusal):
    """The platform itself declined to fetch. ``code`` is a short word for counting refusals."""

    def __init__(self, sentence: str, code: str = "practice") -> None:
        super().__init__(sentence)
        self.code = code


class FetchFailed(Exception):  # noqa: N818 - pairs with FetchRefused
    """The other side, or the way to it, did not work. ``code`` is a short word for counting failures."""

    def __init__(self, sentence: str, code: str) -> None:
        super().__init__(sentence)
        self.code = code


class MailFailed(Exception):  # noqa: N818 - as above
    """A message was not handed to the mail server; nothing was sent unless the sentence says so.

    ``lasting``: the server said for good (5xx) that it takes no mail for this recipient.
    """

    def __init__(self, sentence: str, *, lasting: bool = False) -> None:
        super().__init__(sentence)
        self.lasting = lasting


class RdapFailed(Exception):  # noqa: N818 - as above
    """No registration record could be read; the sentence says why."""
