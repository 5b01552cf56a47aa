"""Builders of marked files: generated textures only, keys made in the test, prompts that name a cube."""

import datetime as dt
import io
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import c2pa
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from PIL import Image, PngImagePlugin

from fileorigin import TrustLists
from fileorigin.credentials import settings

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
MIME = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp", "GIF": "image/gif"}
USES = (
    "digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
    "key_cert_sign", "crl_sign", "encipher_only", "decipher_only",
)  # fmt: skip


class Marked:
    """Makes pictures and puts marks on them."""

    def picture(self, kind: str = "JPEG", size: int = 96, **options: Any) -> bytes:
        """A gradient in the given format."""
        out = io.BytesIO()
        image = Image.radial_gradient("L").resize((size, size)).convert("RGB")
        image.save(out, kind, **options)
        return out.getvalue()

    def png(self, *, zipped: bool = False, **texts: str) -> bytes:
        """A PNG with text chunks."""
        info = PngImagePlugin.PngInfo()
        for key, value in texts.items():
            info.add_text(key, value, zip=zipped)
        return self.picture("PNG", pnginfo=info)

    def xmp(self, body: str, kind: str = "JPEG") -> bytes:
        """A picture whose XMP has these attributes."""
        packet = (
            '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
            'xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:p="http://ns.adobe.com/photoshop/1.0/" '
            f'xmlns:t="http://www.tc260.org.cn/ns/AIGC/1.0/"><rdf:Description {body}/></rdf:RDF></x:xmpmeta>'
        ).encode()
        if kind != "PNG":
            return self.picture(kind, xmp=packet)
        info = PngImagePlugin.PngInfo()
        info.add_itxt("XML:com.adobe.xmp", packet.decode())
        return self.picture("PNG", pnginfo=info)

    def exif(self, kind: str = "JPEG", inner: dict[int, Any] | None = None, **texts: str) -> bytes:
        """A picture with these EXIF fields; `inner` are tags of the Exif directory."""
        tags = {"make": 0x010F, "model": 0x0110, "software": 0x0131, "description": 0x010E}
        exif = Image.Exif()
        exif[0x0112] = 1  # upright; Pillow leaves out a block without a tag of its own
        for name, value in texts.items():
            exif[tags[name]] = value
        exif.get_ifd(0x8769).update(inner or {})
        return self.picture(kind, exif=exif)

    def camera(self, **texts: str) -> bytes:
        """A picture with the marks of a camera."""
        return self.exif(make="Canon", model="X", inner={0x829A: 0.01, 0x8827: 100}, **texts)

    def camera_with_ai(self) -> bytes:
        """Marks of a camera and of a generator."""
        infotext = b"ASCII\0\0\0a red cube\nSteps: 20, Sampler: Euler"
        return self.exif(make="Canon", model="X", inner={0x829A: 0.01, 0x9286: infotext})


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
        trust: TrustLists | None = None,
        remote: str | None = None,
    ) -> bytes:
        """Sign `picture`; `over` is a picture that was opened and edited into it."""
        made = [{"action": "c2pa.created", "digitalSourceType": SOURCE + source_type}]
        edited = [
            {"action": "c2pa.opened", "parameters": {"ingredientIds": ["under"]}},
            {"action": "c2pa.edited", "digitalSourceType": SOURCE + source_type},
        ]
        actions = actions or (edited if over else made)
        body = {"actions": actions, "allActionsIncluded": True}
        manifest = {
            "claim_generator_info": [{"name": "practice", "version": "1"}],
            "title": "a red cube",
            "assertions": [{"label": "c2pa.actions.v2", "data": body}],
        }
        builder = c2pa.Builder(manifest, context=c2pa.Context.from_dict(settings(trust)))
        if over is not None:
            parent = {"title": "p", "relationship": "parentOf", "label": "under"}
            builder.add_ingredient(parent, MIME[kind], io.BytesIO(over))
        if remote is not None:
            builder.set_remote_url(remote)
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


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Practice"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture(scope="session")
def marked() -> Marked:
    return Marked()


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer()


@pytest.fixture(scope="session")
def signer_of() -> type[Signer]:
    return Signer
