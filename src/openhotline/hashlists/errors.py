"""What can go wrong with lists and releases."""

from openhotline.core.errors import Missing, NotAllowed, NotNow, Refusal


class ReleaseRefused(Refusal):
    """A release file is not what it claims to be, or is not for this installation."""


class NothingToRelease(NotNow):
    """Nothing changed since the last release, or another one is on its way."""


class LineRefused(Refusal):
    """A line of an imported list is not a hash of its kind, or the list itself cannot be taken."""


class ListMissing(Missing):
    """No list of this name was imported."""


class ListRuleRefused(Refusal):
    """A list cannot be matched in the way that was asked for."""


class NoMember(NotAllowed):
    """The key is a partner's that is no member, or no longer one."""


class NotAgreed(NotAllowed):
    """The member's agreement does not allow it."""


class FileUnreadable(Refusal):
    """A file that a member sent is empty, too large, or no picture that can be read."""


class ReleasesHeld(NotNow):
    """A backup was restored, and no manager has let lists go out again."""
