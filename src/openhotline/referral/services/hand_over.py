"""A built package goes to the partner."""

import shutil
from datetime import datetime
from hashlib import file_digest

from django.conf import settings
from django.db import transaction

from openhotline.accounts.models import Person
from openhotline.accounts.policies import check_may_carry_out
from openhotline.accounts.states import Purpose
from openhotline.audit.services.record import record
from openhotline.referral.errors import NotReferable, PackageRefused
from openhotline.referral.models import Referral
from openhotline.referral.policies import name_of
from openhotline.referral.queries import package_path, partner_folder
from openhotline.referral.states import ReferralState


def hand_over(*, referral_id: int, actor: Person | str, now: datetime) -> Referral:
    """Give the package to the partner: in practice a copy in the folder that stands for its letter box.

    In production a person carries it by the way agreed with the partner, and this keeps that it was handed over. Twice
    is once. Raises NotReferable when it is not built, PackageRefused when the file is not the one that was built,
    NotAllowed when vetting and training of who hands it over are not in date.
    """
    if isinstance(actor, Person):
        check_may_carry_out(Purpose.REFERRAL, actor, now)
    referral = Referral.objects.get(pk=referral_id)
    if referral.state in {ReferralState.HANDED_OVER, ReferralState.RECEIVED}:
        return referral
    if referral.state == ReferralState.WITHDRAWN:
        raise NotReferable("This referral was withdrawn, so its package is not handed over.")
    if referral.state != ReferralState.BUILT:
        raise NotReferable("The package has not been built yet, so it cannot be handed over. Build it first.")
    _check(referral)
    if settings.PRACTICE:
        folder = partner_folder()
        folder.mkdir(mode=0o700, exist_ok=True)
        shutil.copy2(package_path(referral.public_id), folder)
    with transaction.atomic():
        built = Referral.objects.select_for_update().filter(pk=referral_id, state=ReferralState.BUILT)
        if built.update(state=ReferralState.HANDED_OVER):
            detail = {"package": referral.package_sha256}
            record(
                actor=name_of(actor),
                action="referral_handed_over",
                subject=referral.public_id,
                now=now,
                detail={**detail},
            )
    referral.refresh_from_db()
    return referral


def _check(referral: Referral) -> None:
    try:
        with package_path(referral.public_id).open("rb") as file:
            digest = file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise PackageRefused("The package's file is gone. Restore it from $VAR/packages, or draft anew.") from error
    if digest != referral.package_sha256:
        raise PackageRefused("The package's file is not the one that was built. It is not handed over.")
