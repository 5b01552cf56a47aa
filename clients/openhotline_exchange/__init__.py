"""An exchange of python-threatexchange that subscribes to the hash list of an OpenHotline.

The hotline answers as NCMEC's hash sharing API does; only where it stands is another place, which the library's own
exchange cannot be told. docs: clients/README.md.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from threatexchange.exchanges.clients.ncmec.hash_api import NCMECEntryUpdate, NCMECHashAPI
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.ncmec_api import NCMECSignalExchangeAPI, NCMECSignalMetadata
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest
from threatexchange.signal_type.signal_base import SignalType

NAME = "openhotline"
DISPUTED = "disputed"


@dataclass
class _Required:
    base_url: str = field(metadata={"help": "address of the hotline's list, as https://…/members/ncmec"})


@dataclass
class OpenHotlineConfig(CollaborationConfigWithDefaults, _Required):
    """Where a hotline's list stands."""

    api: str = field(init=False, default=NAME)
    only_esp_ids: set[int] = field(default_factory=set, metadata={"help": "left empty: everything in the list"})

    @property
    def environment(self) -> SimpleNamespace:
        """Return what the client asks for its address."""
        return SimpleNamespace(value=self.base_url.rstrip("/"))


class OpenHotlineExchange(NCMECSignalExchangeAPI):
    """Fetches a hotline's list, deletions too."""

    @classmethod
    def get_name(cls) -> str:
        """Return the name under which the command line knows it."""
        return NAME

    @staticmethod
    def get_config_cls() -> type[OpenHotlineConfig]:
        """Return the class of its settings."""
        return OpenHotlineConfig

    def get_client(self, environment: SimpleNamespace) -> NCMECHashAPI:
        """Return the library's own client, unmodified."""
        return NCMECHashAPI(self._username, self._password, environment)

    @classmethod
    def naive_convert_to_signal_type(
        cls, signal_types: Sequence[type[SignalType]], collab: Any, fetched: Mapping[str, NCMECEntryUpdate]
    ) -> dict[type[SignalType], dict[str, NCMECSignalMetadata]]:
        """Return signals as the library does, with the tag ``disputed`` where the hotline says so of an entry."""
        found: dict[type[SignalType], dict[str, NCMECSignalMetadata]] = super().naive_convert_to_signal_type(
            signal_types, collab, fetched
        )
        disputed = {value for entry in fetched.values() if entry.feedback for value in entry.fingerprints.values()}
        for signals in found.values():
            for value in disputed & signals.keys():
                for tags in signals[value].member_entries.values():
                    tags.add(DISPUTED)
        return found


TX_MANIFEST = ThreatExchangeExtensionManifest(signal_types=(), content_types=(), apis=(OpenHotlineExchange,))
