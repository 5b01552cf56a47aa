"""What intake announces."""

from dataclasses import dataclass

from openhotline.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReportReceived(Event):
    """Reports are complete and wait for screening. Ids of Report."""


@dataclass(frozen=True, kw_only=True)
class DeviceHashesKept(Event):
    """A young person sent codes of pictures, made on their own device. Ids of DeviceHash."""


@dataclass(frozen=True, kw_only=True)
class DeviceHashesWithdrawn(Event):
    """Codes of pictures were taken back by whoever sent them. Ids of DeviceHash."""


@dataclass(frozen=True, kw_only=True)
class AddressScreened(Event):
    """Addresses of reports were parsed, folded and may be captured. Ids of Address."""


@dataclass(frozen=True, kw_only=True)
class FindsRegistered(Event):
    """Files of a collection were registered and wait to be sealed. Ids of Find."""


@dataclass(frozen=True, kw_only=True)
class WebhooksDue(Event):
    """Partners are to be told, for the first time or again. Ids of WebhookMessage."""


@dataclass(frozen=True, kw_only=True)
class VisitsDue(Event):
    """Pages of sweeps are to be looked at, one for each site. Ids of SweptPage."""
