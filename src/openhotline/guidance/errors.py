"""What the guidance app refuses, each as a sentence for whoever must act."""

from openhotline.core.errors import Misconfigured, Missing, NotNow


class GuidanceInvalid(Misconfigured):
    """A guidance file cannot be used; the sentence names file and key, what is allowed and what to do."""


class NoSuchVersion(Missing):
    """No version of the guidance is kept under that hash."""


class NothingToFreeze(NotNow):
    """Every flow is already kept as it stands."""


class CarriedBroken(NotNow):
    """The answers that a page carries were not made by this site, or were changed on the way."""
