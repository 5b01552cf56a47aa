"""What removal announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class RemovalsOpened(Event):
    """Addresses of confirmed items are to be taken down. Ids of Removal."""


@dataclass(frozen=True, kw_only=True)
class NoticeSent(Event):
    """Notices went out. Ids of Notice."""


@dataclass(frozen=True, kw_only=True)
class AddressesGone(Event):
    """Addresses missed three re-checks. Ids of Removal."""


@dataclass(frozen=True, kw_only=True)
class HostsFound(Event):
    """It is known who hosts addresses and how to write to them. Ids of Removal."""
