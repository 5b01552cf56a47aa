"""The pixels of a Pillow picture where they lie, without a copy, by the Arrow C data interface that Pillow speaks.

https://arrow.apache.org/docs/format/CDataInterface.html
"""

import ctypes

import numpy as np
from numpy.typing import NDArray
from PIL import Image


class _ArrowArray(ctypes.Structure):
    """`struct ArrowArray` of the interface; Pillow gives a list of four bytes a pixel, whose child holds the bytes."""


_ArrowArray._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_ArrowArray))),
    ("dictionary", ctypes.c_void_p),
    ("release", ctypes.c_void_p),
    ("private_data", ctypes.c_void_p),
]

_content = ctypes.pythonapi.PyCapsule_GetPointer
_content.restype = ctypes.POINTER(_ArrowArray)
_content.argtypes = [ctypes.py_object, ctypes.c_char_p]


def rgbx(picture: Image.Image) -> NDArray[np.uint8]:
    """Rows of an RGB picture: (height, 4 * width) uint8, red, green, blue and a byte without meaning a pixel.

    Shared with the picture, which must not be changed while the array is used, and copied where Pillow keeps a
    large picture in pieces.
    """
    size = 4 * picture.width * picture.height
    try:
        _, capsule = picture.__arrow_c_array__()
    except ValueError:  # in pieces
        return np.frombuffer(picture.tobytes("raw", "RGBX"), np.uint8).reshape(picture.height, -1)
    pixels = _content(capsule, b"arrow_array").contents
    colours = pixels.children[0].contents
    if (pixels.offset, pixels.n_children, colours.offset, colours.length) != (0, 1, 0, size):
        raise RuntimeError(f"Pillow lays out a picture of mode {picture.mode} in another way than four bytes a pixel.")
    memory = (ctypes.c_uint8 * size).from_address(colours.buffers[1])
    memory.owner = capsule  # type: ignore[attr-defined] # frees the pixels, so it must live as long as the array
    return np.ctypeslib.as_array(memory).reshape(picture.height, -1)
