"""What can go wrong with people and authorities."""

from openhotline.core.errors import Missing, NotAllowed, NotNow, Refusal


class AuthorityMissing(NotAllowed):
    """Nothing may be fetched: no recorded authority covers it now."""


class NeedsTwoPeople(NotAllowed):
    """The same person cannot ask and approve."""


class ApprovalVoid(NotNow):
    """The approval expired, was used, or no longer fits what it was given for."""


class NotApproved(NotAllowed):
    """Two people have not signed exactly this, or no longer."""


class NameTaken(NotNow):
    """Somebody signs in under this name already."""


class WrongCode(Refusal):
    """The code is not the one that was shown to whoever approved the link."""


class InvitationOver(Missing):
    """The link is not good any more; used, replaced, withdrawn and never made look the same."""


class KeysClash(NotNow):
    """Two things would have the same key, or a key is none."""
