"""What intake refuses for reasons of its own."""

from openhotline.core.errors import Refusal


class AnotherBody(Refusal):
    """An idempotency key came again with another request."""


class XarfRefused(Refusal):
    """A XARF report cannot be taken; the sentence says why, and quotes no value of it."""


class HoldsPicture(Refusal):
    """What was sent carries a picture or a video, which the hotline never takes from anybody."""
