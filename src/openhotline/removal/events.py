"""What removal announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class RemovalsOpened(Event):
    """Addresses of confirmed items are to be taken down, or their host is to be asked for anew. Ids of Removal."""


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Event):
    """Notices went out. Ids of Notice."""


@dataclass(frozen=True, kw_only=True)
class AddressesGone(Event):
    """Addresses missed three re-checks. Ids of Removal."""


@dataclass(frozen=True, kw_only=True)
class AddressesBack(Event):
    """Addresses that were gone show what they showed before. Ids of Removal."""


@dataclass(frozen=True, kw_only=True)
class HostsFound(Event):
    """It is known who hosts addresses, and a person approved how to write to them. Ids of Removal."""


@dataclass(frozen=True, kw_only=True)
class ProviderAnswered(Event):
    """The receiver of a notice used its code at the public door. Ids of ProviderAnswer."""


@dataclass(frozen=True, kw_only=True)
class ComplaintsUpheld(Event):
    """A complaint was right: what was to be taken down is to be looked at anew. Ids of Removal."""
