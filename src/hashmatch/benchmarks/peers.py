"""Those whom we are compared with; imported when they are needed, and named when they are missing."""

import io
from importlib import import_module
from typing import Any

import numpy as np
from PIL import Image

from hashmatch.errors import MissingPeer

REFERENCE = "Pillow and pdqhash"
THREATEXCHANGE = "threatexchange PdqSignal"


def peer(package: str, module: str = "") -> Any:
    """Import what we are compared with. Raises `MissingPeer` with how to install it."""
    try:
        return import_module(package + module)
    except ImportError as error:
        raise MissingPeer(
            f"{package} is not installed, so there is nothing to compare with. In the repository "
            "`make bench` installs it; elsewhere: pip install faiss-cpu threatexchange pdqhash"
        ) from error


def reference(data: bytes) -> bytes:
    """PDQ of a file as it is usually computed: decoded by Pillow, hashed by Meta's C++."""
    pixels = np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))
    vector, _ = peer("pdqhash").compute(pixels)
    return np.packbits(vector.astype(bool)).tobytes()
