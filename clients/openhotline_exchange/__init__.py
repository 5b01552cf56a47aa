"""An exchange of python-threatexchange that subscribes to the hash list of an OpenHotline.

The hotline answers as NCMEC's hash sharing API does; only where it stands is another place, which the library's own
exchange cannot be told. docs: clients/README.md.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace

from threatexchange.exchanges.clients.ncmec.hash_api import NCMECHashAPI
from threatexchange.exchanges.collab_config import CollaborationConfigWithDefaults
from threatexchange.exchanges.impl.ncmec_api import NCMECSignalExchangeAPI
from threatexchange.extensions.manifest import ThreatExchangeExtensionManifest

NAME = "openhotline"


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


TX_MANIFEST = ThreatExchangeExtensionManifest(signal_types=(), content_types=(), apis=(OpenHotlineExchange,))
