"""What a file is by its first bytes, as far as it decides which program opens it. Nothing is decoded."""

BRANDS = {
    b"avif": "AVIF", b"heic": "HEIF", b"heix": "HEIF", b"mif1": "HEIF",
    # Sequences: recognised, so that nobody takes them for a video, and not decoded.
    b"avis": "AVIF", b"heim": "HEIF", b"heis": "HEIF", b"msf1": "HEIF",
}  # fmt: skip
"""What a still picture in this container names itself, and our name of its format."""
OTHER_KINDS = (
    b"II*\0", b"MM\0*", b"II+\0", b"MM\0+", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"\0\0\0\x0cjP  ", b"8BPS\0",
    b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", b"FLV\1", b"\0\0\1\xba", b"\0\0\1\xb3",
)  # fmt: skip
"""How pictures begin that are not read, or only in part: TIFF (and the raw files of cameras that are TIFF), JPEG XL,
JPEG 2000, Photoshop's; and videos: those of Windows, of Flash, MPEG-1 and 2."""


def container_of(data: bytes) -> tuple[str, str] | None:
    """Return (our name of the format, FFmpeg's name of the container) by the first bytes; None for what is no video."""
    if data[4:8] == b"ftyp" and not format_of(data):
        return "MP4", "mov"
    if data.startswith(b"\x1a\x45\xdf\xa3"):
        return "WEBM", "matroska"
    if data[:4] == b"RIFF" and data[8:12] == b"AVI ":
        return "AVI", "avi"
    return None


def format_of(data: bytes) -> str | None:
    """Return HEIF or AVIF by the first bytes; None for what is neither."""
    return BRANDS.get(data[8:12]) if data[4:8] == b"ftyp" else None


def is_ffmpegs(data: bytes) -> bool:
    """Say whether a file is decoded by FFmpeg, if at all: a video, HEIF or AVIF."""
    return bool(container_of(data) or format_of(data))


def is_other_kind(data: bytes) -> bool:
    """Say by the first bytes whether a file is a picture or a video of a kind that is not read, or only in part."""
    bitmap = data.startswith(b"BM") and data[6:10] == b"\0\0\0\0"
    return bitmap or bool(format_of(data)) or data.startswith(OTHER_KINDS)
