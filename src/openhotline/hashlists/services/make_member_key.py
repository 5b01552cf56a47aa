"""An admitted member is given a key."""

from collections.abc import Collection
from datetime import datetime

from openhotline.accounts.models import Person
from openhotline.hashlists.errors import NotAgreed
from openhotline.hashlists.models import Member, check_admitted
from openhotline.hashlists.policies import check_keeps_lists, scopes_of
from openhotline.intake.models import PartnerKey
from openhotline.intake.services.make_partner_key import make_partner_key
from openhotline.intake.states import MEMBERS, Scope


def make_member_key(
    *, member: Member, scopes: Collection[Scope], expires_at: datetime, actor: Person, now: datetime
) -> tuple[PartnerKey, str]:
    """Return a new key of an admitted member and its text, told this once, as ``make_partner_key`` does.

    Raises NotAllowed, NoMember for one that is not admitted, NotAgreed for a scope that its agreement does not allow.
    """
    check_keeps_lists(actor)
    check_admitted(member)
    if others := sorted(set(scopes) - set(MEMBERS)):
        raise NotAgreed(f"A member's key is for {', '.join(MEMBERS)}; {others[0]} is a partner's. Make it by that.")
    if beyond := sorted(set(scopes) - set(scopes_of(member.agreed))):
        raise NotAgreed(f"This member's agreement does not go as far as {beyond[0]}. Leave that scope out.")
    return make_partner_key(
        partner=member.partner, scopes=scopes, expires_at=expires_at, actor=actor.public_id, now=now
    )
