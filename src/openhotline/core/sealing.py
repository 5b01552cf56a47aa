"""Sealing objects: each under a data key of its own, bound to what it is.

Tink's streaming AEAD (AES256_GCM_HKDF_1MB): truncation, reordering and swapping are detected. The associated data
names object, case, kind and version, so that a sealed object put in another's place does not open.
"""

import io
import re
from dataclasses import dataclass, field
from functools import cache

import tink
from tink import secret_key_access, streaming_aead

from openhotline.core.crypto import DoesNotOpen

_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")


@dataclass(frozen=True)
class Binding:
    """What a sealed object is: of which object, in which case, of which kind and version.

    ``case`` is the outside id of what the object first came in with; empty where it came in with nothing. Names are
    letters, digits, ``_``, ``.`` and ``-``, so that no two bindings read alike. Raises ValueError.
    """

    object: str
    kind: str
    case: str = ""
    version: int = 1

    def __post_init__(self) -> None:
        for name in (self.object, self.kind, self.case or "-"):
            if not _NAME.fullmatch(name):
                raise ValueError(f"{name!r} cannot be a part of a binding: letters, digits, _, . and - can.")

    def __str__(self) -> str:
        return "/".join(part for part in (self.object, self.case, self.kind, str(self.version)) if part)

    @property
    def associated_data(self) -> bytes:
        """Return the bytes that are authenticated with the object."""
        return str(self).encode()


@dataclass(frozen=True)
class DataKey:
    """One object's key, in clear: a serialised Tink keyset, for the memory of a process only."""

    raw: bytes = field(repr=False)

    @property
    def primitive(self) -> streaming_aead.StreamingAead:
        """Return what encrypts and decrypts with it."""
        _register()
        handle = tink.proto_keyset_format.parse(self.raw, secret_key_access.TOKEN)
        return handle.primitive(streaming_aead.StreamingAead)


@cache
def _register() -> None:
    streaming_aead.register()


def new_data_key() -> DataKey:
    """Return a fresh data key."""
    _register()
    handle = tink.new_keyset_handle(streaming_aead.streaming_aead_key_templates.AES256_GCM_HKDF_1MB)
    return DataKey(tink.proto_keyset_format.serialize(handle, secret_key_access.TOKEN))


def seal(data: bytes, *, key: DataKey, binds: Binding) -> bytes:
    """Encrypt an object; ``binds`` must be given again to open it."""
    sink = io.BytesIO()
    with key.primitive.new_encrypting_stream(_Unclosed(sink), binds.associated_data) as stream:
        stream.write(data)
    return sink.getvalue()


def unseal(sealed: bytes, *, key: DataKey, binds: Binding) -> bytes:
    """Open an object. Raises DoesNotOpen if it was changed, cut, swapped or bound to something else."""
    try:
        with key.primitive.new_decrypting_stream(io.BytesIO(sealed), binds.associated_data) as stream:
            return bytes(stream.read())
    except (tink.TinkError, OSError, ValueError) as error:
        raise DoesNotOpen(f"The sealed object {binds} does not open: it was changed or moved.") from error


class _Unclosed(io.RawIOBase):
    """Keeps what was written readable after Tink has closed its end."""

    def __init__(self, sink: io.BytesIO) -> None:
        self._sink = sink

    def writable(self) -> bool:
        return True

    def write(self, part: object) -> int:
        return self._sink.write(part)  # type: ignore[arg-type] # Tink hands over bytes-like parts
