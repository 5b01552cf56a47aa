"""Two people agree that a fault of the log is known, before the log says so."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.queries import approval_of
from openhotline.accounts.services.ask_approval import ask_approval
from openhotline.accounts.services.use_approval import use_approval
from openhotline.accounts.states import ROLE_NAMES, TWO_PEOPLE, UNSIGNED, ApprovalState, Purpose, Role
from openhotline.audit.queries import Fault
from openhotline.audit.services.acknowledge_damage import acknowledge_damage
from openhotline.audit.states import Cause
from openhotline.core.errors import NotAllowed


def manifest_of(faults: Sequence[Fault], cause: Cause) -> str:
    """Return the SHA-256 (hex) of exactly these faults, as the touched rows are now, and what was found out."""
    told = {"faults": sorted(fault.key for fault in faults), "cause": cause}
    return sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def acknowledge(*, faults: Sequence[Fault], cause: Cause, actor: Person, now: datetime) -> bool:
    """Acknowledge what a second person approved and return True; ask for that where nobody has, and return False.

    Raises NotAllowed for a role that does not watch the log, and NotApproved when the approval no longer holds.
    """
    asks = TWO_PEOPLE[Purpose.DAMAGE].asks
    if Role(actor.role) not in asks:
        names = sorted(ROLE_NAMES[role].lower() for role in asks)
        raise NotAllowed(f"A {actor.role_name.lower()} does not acknowledge faults of the log: {', '.join(names)} do.")
    manifest = manifest_of(faults, cause)
    subject = f"dmg_{manifest[:32]}"
    standing = approval_of(Purpose.DAMAGE, subject)
    if standing is None or standing.state == ApprovalState.USED or standing.expires_at <= now:
        ask_approval(purpose=Purpose.DAMAGE, subject=subject, manifest_sha256=manifest, actor=actor, now=now)
        return False
    if standing.state in UNSIGNED:
        return False
    with transaction.atomic():
        use_approval(purpose=Purpose.DAMAGE, subject=subject, manifest_sha256=manifest, actor=actor, now=now)
        acknowledge_damage(faults=faults, cause=cause, actor=actor.public_id, now=now)
    return True
