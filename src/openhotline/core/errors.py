"""Errors that are sentences for whoever must act."""


class Refusal(Exception):  # noqa: N818 - the field's word: the platform refuses, it does not fail
    """Something that was asked for may not happen. ``str(refusal)`` is the sentence to show."""


class NotAllowed(Refusal):
    """The person's role does not permit it."""


class NotNow(Refusal):
    """The thing is in a state in which this cannot happen."""


class Missing(Refusal):
    """There is no such thing, or not for this person; the two look the same from outside."""


class TooMany(Refusal):
    """It was done too often for now; the sentence says when to try again."""


class Unauthorised(Exception):  # noqa: N818 - the fact itself
    """A machine showed no key, or one that opens nothing."""


NO_KEY = (
    "Show a key that is in force: Authorization: Bearer, then the key. A key ends on its day, or when it is revoked; "
    "ask the hotline for another one."
)


class Misconfigured(Exception):  # noqa: N818 - read by an operator: the installation is misconfigured
    """A setting or key is missing or unsafe; the sentence says which, what is allowed and what to do."""
