"""What a file is by its first bytes, as far as it decides which program opens it. Nothing is decoded."""

STILL_BRANDS = frozenset({b"avif", b"avis", b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1"})
"""Of files in MP4's container that hold a picture."""
_OTHER_PICTURES = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\x0a", b"\0\0\0\x0cJXL ")
"""How TIFF (and the raw files of cameras that are TIFF) and JPEG XL begin."""


def container_of(data: bytes) -> tuple[str, str] | None:
    """Return (our name of the format, FFmpeg's name of the container) by the first bytes; None for what is no video."""
    if data[4:8] == b"ftyp" and data[8:12] not in STILL_BRANDS:
        return "MP4", "mov"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "WEBM", "matroska"
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return "AVI", "avi"
    return None


def is_other_picture(data: bytes) -> bool:
    """Say whether a file is a picture of a kind that is not read: nobody may take it for a text."""
    bitmap = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    still = data[4:8] == b"ftyp" and data[8:12] in STILL_BRANDS
    return bitmap or still or data.startswith(_OTHER_PICTURES)
