"""All keys are sealed anew for each pair of custodians, once two people agreed on exactly these keys and custodians."""

from datetime import datetime
from pathlib import Path

from openhotline.accounts.models import Person
from openhotline.audit.services.record import record
from openhotline.core import keys, offline
from openhotline.core.datakeys import data_keys
from openhotline.core.errors import Missing, NotNow
from openhotline.evidence.services.begin_key_work import begin_key_work
from openhotline.evidence.states import Work


def to_wrap() -> dict[str, object]:
    """Return what two people agree on: the names of the keys that lie here, and the digest of who they are sealed to.

    Raises Missing where no custodians are named.
    """
    folder = data_keys().folder
    custodians = offline.custodians_of(folder)
    if custodians is None:
        raise Missing("No custodians are named. Name three: `openhotline key custodians`.")
    return {"custodians": custodians.digest, "keys": sorted(keys.Keyring(folder).everything())}


def wrap_offline(*, key_work_id: int, actor: Person, now: datetime) -> list[Path]:
    """Write the three sealed files into ``$VAR/keys/offline`` and return them; none where it was done already.

    Raises NotAllowed, NotApproved, Missing, and NotNow where keys or custodians changed since it was approved.
    """
    with begin_key_work(key_work_id=key_work_id, kind=Work.WRAP_OFFLINE, actor=actor, now=now) as work:
        if work.done_at is not None:
            return []
        if work.detail != to_wrap():
            raise NotNow("The keys or their custodians have changed since this was asked for. Ask for it again.")
        paths = offline.wrap(data_keys().folder, now=now)
        record(
            actor=actor.public_id,
            action="keys_wrapped_offline",
            subject=work.public_id,
            now=now,
            detail={"keys": len(work.detail["keys"]), "custodians": str(work.detail["custodians"])},
        )
    return paths
