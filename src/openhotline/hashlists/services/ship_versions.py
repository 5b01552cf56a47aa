"""Which versions are out is told to the second place."""

import logging

from openhotline.hashlists.models.versions_out import VersionsOut
from openhotline.hashlists.queries.versions import newest_out

log = logging.getLogger("openhotline.hashlists")


def ship_versions(*, to: VersionsOut) -> int:
    """Note the newest version of each list that is out, and return how many were new there.

    Changes nothing here. A place that cannot be reached is written to the service's log and tried at the next tick.
    """
    try:
        return sum(to.keep(of, version, digest) for of, version, digest in newest_out())
    except OSError as error:
        log.error("which versions of lists are out was not shipped: %s", error.strerror)  # noqa: TRY400 - the path says all
        return 0
