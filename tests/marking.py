"""Files with marks of origin: generated pictures and sample photographs of things, marked as the writers do it.

Keys and certificates are made here; prompts name a cube. Used by the tests of `fileorigin`, its bench and its faults.
"""

import base64
import datetime as dt
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import c2pa
import numpy as np
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from nacl.signing import SigningKey
from PIL import Image, PngImagePlugin

from fileorigin import TrustLists
from fileorigin.checks.credentials import settings
from fileorigin.vocabulary import WATERMARKS

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
INFOTEXT = "a red cube on a green table\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1, Size: 512x768"
MIME = {
    "PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif", "TIFF": "image/tiff",
    "AVIF": "image/avif",
}  # fmt: skip
# Samples of scikit-image that show things, textures and the sky; none shows a person.
PHOTOGRAPHS = (
    "coffee.png", "rocket.jpg", "clock_motion.png", "brick.png", "grass.png", "gravel.png", "moon.png",
    "hubble_deep_field.jpg",
)  # fmt: skip
USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip
_TAGS = {
    "make": 0x010F,
    "model": 0x0110,
    "software": 0x0131,
    "description": 0x010E,
    "artist": 0x013B,
    "title": 0x010D,
}


def photographs(longest: int | None = None) -> dict[str, Image.Image]:
    """Return the sample photographs by name, in colour; with `longest` made small enough."""
    spec = find_spec("skimage")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("The sample photographs come with scikit-image: install requirements/test.txt.")
    folder = Path(spec.origin).parent / "data"
    found = {name.partition(".")[0]: Image.open(folder / name).convert("RGB") for name in PHOTOGRAPHS}
    for picture in found.values():
        if longest is not None:
            picture.thumbnail((longest, longest))
    return found


def landscape(seed: int, width: int = 640, height: int = 480) -> Image.Image:
    """Return hills under a sky, drawn by rule, with grain."""
    chance = np.random.default_rng(seed)
    across = np.linspace(0, 4, width)
    sky = np.linspace(0, 1, height)[:, None, None] * np.array([60, 40, 20]) + np.array([90, 140, 200])
    picture = np.repeat(sky, width, axis=1)
    for layer in range(4):
        waves = sum(np.sin(across * chance.uniform(0.5, 3) + chance.uniform(0, 6)) for _ in range(3))
        ridge = height * (0.4 + 0.13 * layer) + height * 0.04 * waves
        picture[np.arange(height)[:, None] > ridge] = chance.uniform(20, 120, 3)
    grain = chance.normal(0, 6, picture.shape)
    return Image.fromarray((picture + grain).clip(0, 255).astype(np.uint8))


class Marked:
    """Puts marks on pictures: on `photo`, or on gradients of its own."""

    def __init__(self, photo: Image.Image | None = None) -> None:
        self.photo = photo

    def image(self, size: int = 96) -> Image.Image:
        """The picture that is marked, as pixels."""
        return self.photo or Image.radial_gradient("L").resize((size, size)).convert("RGB")

    def picture(self, kind: str = "JPEG", size: int = 96, **options: Any) -> bytes:
        """It in the given format, without a mark."""
        return encoded(self.image(size), kind, **options)

    def png(self, *, zipped: bool = False, **texts: str) -> bytes:
        """A PNG with text chunks."""
        return self.picture("PNG", pnginfo=png_texts(texts, zipped=zipped))

    def xmp(self, body: str, kind: str = "JPEG") -> bytes:
        """A picture whose XMP has these attributes."""
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:p="http://ns.adobe.com/photoshop/1.0/" '
            'xmlns:x2="http://ns.adobe.com/exif/1.0/" xmlns:d="http://purl.org/dc/terms/" '
            f'xmlns:t="http://www.tc260.org.cn/ns/AIGC/1.0/"><rdf:Description {body}/></rdf:RDF></x:xmpmeta>'
        ).encode()
        if kind == "TIFF":
            return self.picture("TIFF", tiffinfo={0x02BC: packet})
        if kind != "PNG":
            return self.picture(kind, xmp=packet)
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode())
        return self.picture("PNG", pnginfo=info)

    def exif(self, kind: str = "JPEG", inner: dict[int, Any] | None = None, **texts: str) -> bytes:
        """A picture with these EXIF fields; `inner` are tags of the Exif directory."""
        outer = {_TAGS[name]: value for name, value in (texts or {"title": "a cube"}).items()}
        if kind == "TIFF":
            return self.picture(kind, tiffinfo=outer | {0x8769: inner or {}})
        exif = Image.Exif()
        exif[0x0112] = 1
        for tag, value in outer.items():
            exif[tag] = value
        exif.get_ifd(0x8769).update(inner or {})
        return self.picture(kind, exif=exif)

    def commented(self, text: str, kind: str = "JPEG") -> bytes:
        """A picture with this EXIF user comment, as one generator writes it."""
        return self.exif(kind, inner={0x9286: b"UNICODE\0" + text.encode("utf-16-be")})

    def camera(self, kind: str = "JPEG", **texts: str) -> bytes:
        """A picture with the marks of a camera."""
        return self.exif(kind, make="Canon", model="X", inner={0x829A: 0.01, 0x8827: 100}, **texts)

    def camera_with_ai(self) -> bytes:
        """Marks of a camera and of a generator."""
        infotext = b"ASCII\0\0\0a red cube\nSteps: 20, Sampler: Euler"
        return self.exif(make="Canon", model="X", inner={0x829A: 0.01, 0x9286: infotext})

    def iptc(self, credit: str) -> bytes:
        """A JPEG with an IPTC-IIM credit line among Photoshop's resources."""
        return after_start(self.picture("JPEG"), b"\xed", b"Photoshop 3.0\0" + resource(dataset(0x6E, credit)))

    def thumbnailed(self, thumbnail: Image.Image, **texts: str) -> bytes:
        """A JPEG whose EXIF holds this thumbnail and these text fields (`make`, `software`, ...)."""
        return after_start(self.picture("JPEG"), b"\xe1", b"Exif\0\0" + exif_with(thumbnail, **texts))

    def hidden(self, text: str, channel: str = "alpha", *, packed: bool = True, kind: str = "PNG") -> bytes:
        """A picture with a text in its lowest bits."""
        options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
        return encoded(hide(self.image(), text, channel, packed=packed), kind, **options)

    def watermarked(self, name: str, kind: str = "PNG", **options: Any) -> bytes:
        """A picture with a published pattern embedded."""
        return encoded(embed(self.image(320), name), kind, **options)

    def novelai(self, key: SigningKey, *, text: str | None = None, **changes: Any) -> bytes:
        """A PNG as that generator writes it, signed with `key`; `text` replaces the signed settings afterwards."""
        comment: dict[str, Any] = {
            "prompt": "a red cube", "steps": 28, "height": 96, "width": 96, "seed": 1, "scale": 5.0,
            "reference_strength_multiple": [], "request_type": "PromptGenerateRequest",
        } | changes  # fmt: skip
        signed = key.sign(self.image().tobytes() + json.dumps(comment).encode()).signature
        comment["signed_hash"] = base64.b64encode(signed).decode()
        return self.png(Title="NovelAI generated image", Software="NovelAI", Comment=text or json.dumps(comment))


def public(key: SigningKey) -> str:
    """Return the public half of a signing key in base64."""
    return base64.b64encode(bytes(key.verify_key)).decode()


def encoded(picture: Image.Image, kind: str, **options: Any) -> bytes:
    """Encode pixels as Pillow does."""
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


def png_texts(texts: Mapping[str, str], *, zipped: bool = False) -> PngImagePlugin.PngInfo:
    """Return text chunks for Pillow."""
    info = PngImagePlugin.PngInfo()
    for key, value in texts.items():
        info.add_text(key, value, zip=zipped)
    return info


def after_start(jpeg: bytes, marker: bytes, body: bytes) -> bytes:
    """Return a JPEG with one more segment behind its first marker."""
    return jpeg[:2] + b"\xff" + marker + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


def dataset(number: int, text: str) -> bytes:
    """Return one IPTC-IIM dataset of record 2."""
    raw = text.encode()
    return b"\x1c\x02" + bytes([number]) + len(raw).to_bytes(2, "big") + raw


def resource(body: bytes, number: int = 0x0404) -> bytes:
    """Return one resource of Photoshop's."""
    return b"8BIM" + number.to_bytes(2, "big") + b"\0\0" + len(body).to_bytes(4, "big") + body + b"\0" * (len(body) & 1)


def exif_with(thumbnail: Image.Image, **texts: str) -> bytes:
    """Return an EXIF block with a thumbnail and these text fields."""
    exif = Image.Exif()
    exif[0x0112] = 1
    for name, value in texts.items():
        exif[_TAGS[name]] = value
    block = bytearray(exif.tobytes().removeprefix(b"Exif\0\0"))
    order = "little" if block[:2] == b"II" else "big"
    first = int.from_bytes(block[4:8], order)
    link = first + 2 + 12 * int.from_bytes(block[first : first + 2], order)
    block[link : link + 4] = len(block).to_bytes(4, order)
    picture = encoded(thumbnail, "JPEG")
    start = len(block) + 2 + 24 + 4

    def entry(tag: int, value: int) -> bytes:
        return tag.to_bytes(2, order) + (4).to_bytes(2, order) + (1).to_bytes(4, order) + value.to_bytes(4, order)

    block += (2).to_bytes(2, order) + entry(0x0201, start) + entry(0x0202, len(picture)) + b"\0" * 4 + picture
    return bytes(block)


def hide(picture: Image.Image, text: str, channel: str = "alpha", *, packed: bool = True) -> Image.Image:
    """Return the picture with a text in the lowest bits of alpha or colour, down the columns."""
    pixels = np.array(picture.convert("RGBA" if channel == "alpha" else "RGB"))
    magic = {"alpha": b"stealth_png", "colour": b"stealth_rgb"}[channel] + (b"comp" if packed else b"info")
    body = gzip.compress(text.encode(), mtime=0) if packed else text.encode()
    bits = np.unpackbits(np.frombuffer(magic + (8 * len(body)).to_bytes(4, "big") + body, np.uint8))
    used = pixels[..., 3:4] if channel == "alpha" else pixels[..., :3]
    flat = used.transpose(1, 0, 2).reshape(-1)
    flat[: len(bits)] = (flat[: len(bits)] & 0xFE) | bits
    used[...] = flat.reshape(used.transpose(1, 0, 2).shape).transpose(1, 0, 2)
    return Image.fromarray(pixels)


def embed(picture: Image.Image, name: str) -> Image.Image:
    """Return the picture with a published pattern, embedded as invisible-watermark's `dwtDct` does it.

    That program exchanges two of the three detail bands on its way back; so does this, since that costs bits.
    """
    (mark,) = (w for w in WATERMARKS if w.name == name)
    pixels = np.asarray(picture.convert("RGB"))
    high, wide = (side // 4 * 4 for side in pixels.shape[:2])
    red, green, blue = (pixels[..., c].astype(np.int64) for c in range(3))
    luma = (red * 4899 + green * 9617 + blue * 1868 + 8192) >> 14
    u, v = (
        ((of - luma) * by + (128 << 14) + 8192 >> 14).clip(0, 255).astype(float)
        for of, by in ((blue, 8061), (red, 14369))
    )
    a, b, c, d = (u[r:high:2, s:wide:2] for r, s in ((0, 0), (0, 1), (1, 0), (1, 1)))
    mean, across, down, slant = ((a + p * b + q * c + r * d) / 2 for p, q, r in
                                 ((1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)))  # fmt: skip
    _write_bits(mean, mark.bits)
    across, down = down, across
    for (r, s), (p, q, t) in {(0, 0): (1, 1, 1), (0, 1): (1, -1, -1), (1, 0): (-1, 1, -1), (1, 1): (-1, -1, 1)}.items():
        u[r:high:2, s:wide:2] = (mean + p * across + q * down + t * slant) / 2
    u = np.trunc(u) % 256  # assigned to bytes, as the program does it
    back = (luma + 1.14 * (v - 128), luma - 0.395 * (u - 128) - 0.581 * (v - 128), luma + 2.032 * (u - 128))
    return Image.fromarray(np.dstack(back).round().clip(0, 255).astype(np.uint8))


def _write_bits(mean: np.ndarray[Any, Any], bits: Sequence[int], scale: int = 36) -> None:
    number = 0
    for top in range(0, mean.shape[0] // 4 * 4, 4):
        for left in range(0, mean.shape[1] // 4 * 4, 4):
            block = mean[top : top + 4, left : left + 4]
            row, column = divmod(int(np.abs(block.flatten()[1:]).argmax()) + 1, 4)
            held = abs(block[row, column])
            sign = 1 if block[row, column] >= 0 else -1
            block[row, column] = sign * (held // scale + 0.25 + 0.5 * bits[number % len(bits)]) * scale
            number += 1


class Signer:
    """A self-made root and leaf, as the certificate profile wants them."""

    def __init__(self, purpose: x509.ObjectIdentifier = ExtendedKeyUsageOID.EMAIL_PROTECTION) -> None:
        self.root_key, self.key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        self.root = self._certify("root", self.root_key, authority=True).sign(self.root_key, hashes.SHA256())
        leaf = self._certify("leaf", self.key, authority=False)
        leaf = leaf.add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.root_key.public_key())
        self.leaf = leaf.add_extension(issuer, critical=False).sign(self.root_key, hashes.SHA256())

    def _certify(self, name: str, key: ec.EllipticCurvePrivateKey, *, authority: bool) -> x509.CertificateBuilder:
        now = dt.datetime.now(dt.UTC)  # noqa: TID251 - a certificate must be valid at the time of the test
        uses = dict.fromkeys(USES, False) | {"key_cert_sign" if authority else "digital_signature": True}
        return (
            x509.CertificateBuilder(_name("root"), _name(name), key.public_key(), x509.random_serial_number())
            .not_valid_before(now - dt.timedelta(days=1))
            .not_valid_after(now + dt.timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**uses), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )

    @cached_property
    def trust(self) -> TrustLists:
        """The root as a trust list."""
        return TrustLists(anchors=_pem(self.root).decode())

    @property
    def serial(self) -> str:
        """The leaf's serial number, decimal."""
        return str(self.leaf.serial_number)

    def sign(
        self,
        picture: bytes,
        source_type: str = "trainedAlgorithmicMedia",
        *,
        kind: str = "JPEG",
        over: bytes | None = None,
        actions: Sequence[dict[str, Any]] | None = None,
        assertion: Mapping[str, Any] | None = None,
        trust: TrustLists | None = None,
        remote: str | None = None,
        embedded: bool = False,
    ) -> bytes:
        """Sign `picture`; `over` is a picture that was opened and edited into it.

        `actions` replace those that `source_type` makes; `assertion` adds to or replaces members of the assertion.
        With `remote` the manifest is kept there, and in the file as well if it is `embedded`.
        """
        made = [{"action": "c2pa.created", "digitalSourceType": SOURCE + source_type}]
        edited = [
            {"action": "c2pa.opened", "parameters": {"ingredientIds": ["under"]}},
            {"action": "c2pa.edited", "digitalSourceType": SOURCE + source_type},
        ]
        body = {"actions": actions or (edited if over else made), "allActionsIncluded": True}
        actions_made = {"label": "c2pa.actions.v2", "created": True, "data": body} | dict(assertion or {})
        manifest = {
            "claim_generator_info": [{"name": "practice", "version": "1"}],
            "title": "a red cube",
            "assertions": [actions_made],
        }
        anchors = trust.anchors if trust is not None else ""
        builder = c2pa.Builder(manifest, context=c2pa.Context.from_dict(settings(anchors)))
        if over is not None:
            parent = {"title": "p", "relationship": "parentOf", "label": "under"}
            builder.add_ingredient(parent, MIME[kind], io.BytesIO(over))
        if remote is not None:
            builder.set_remote_url(remote)
            if not embedded:
                builder.set_no_embed()
        out = io.BytesIO()
        builder.sign(self._signer(), MIME[kind], io.BytesIO(picture), out)
        return out.getvalue()

    def _signer(self) -> c2pa.Signer:
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = _pem(self.leaf) + _pem(self.root)
        return c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"es256", chain, key, None))


def transplanted(signed: bytes, victim: bytes) -> bytes:
    """Return one JPEG with the manifest segments of another."""
    segments, at = [], 2
    while signed[at] == 0xFF and signed[at + 1] != 0xDA:
        size = int.from_bytes(signed[at + 2 : at + 4], "big") + 2
        if signed[at + 1] == 0xEB:
            segments.append(signed[at : at + size])
        at += size
    return victim[:2] + b"".join(segments) + victim[2:]


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Practice"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
