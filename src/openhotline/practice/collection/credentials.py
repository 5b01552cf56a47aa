"""Content credentials (C2PA) signed by a practice certificate that lives only while a collection is made.

The two private keys are never written anywhere. The root certificate is, as `practice-root.pem`, so that a
reader can be told to trust it in practice. The C2PA library puts random salts into each manifest, so signed
files are the only ones whose bytes differ between two collections of one seed.
"""

import datetime as dt
import io
from dataclasses import dataclass
from functools import cache

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from openhotline.practice.collection.marks import SOURCE_TYPES

_FROM, _UNTIL = dt.datetime(2020, 1, 1, tzinfo=dt.UTC), dt.datetime(2049, 1, 1, tzinfo=dt.UTC)
_OFFLINE = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_after_sign": False},
    "core": {"allowed_network_hosts": []},
    "builder": {"thumbnail": {"enabled": False}},
}
_MANIFEST = {
    "claim_generator_info": [{"name": "OpenHotline practice", "version": "1"}],
    "title": "PRACTICE",
    "assertions": [
        {
            "label": "c2pa.actions.v2",
            "data": {
                "actions": [
                    {
                        "action": "c2pa.created",
                        "digitalSourceType": SOURCE_TYPES + "trainedAlgorithmicMedia",
                    }
                ]
            },
        }
    ],
}


@dataclass(frozen=True, slots=True)
class SigningIdentity:
    """A signer's certificate chain (leaf first), its private key, and the root alone; all PEM."""

    chain: bytes
    private_key: bytes
    root: bytes


def new_identity() -> SigningIdentity:
    """A fresh root and a signer under it; ES256, both named PRACTICE."""
    root_key, leaf_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    root = _certificate("PRACTICE root, not for trust", root_key.public_key(), root_key, authority=True)
    leaf = _certificate("PRACTICE signer", leaf_key.public_key(), root_key, authority=False)
    return SigningIdentity(chain=leaf + root, private_key=_private_pem(leaf_key), root=root)


def sign(data: bytes, mime: str, identity: SigningIdentity) -> bytes:
    """The file with a C2PA manifest that says: created by trained algorithmic media. Opens no connection."""
    info = c2pa.C2paSignerInfo(b"es256", identity.chain, identity.private_key, None)
    signed = io.BytesIO()
    builder = c2pa.Builder.from_json(_MANIFEST, _context())
    builder.sign(c2pa.Signer.from_info(info), mime, io.BytesIO(data), signed)
    return signed.getvalue()


@cache
def _context() -> c2pa.Context:
    return c2pa.Context.from_dict(_OFFLINE)


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "OpenHotline practice"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _certificate(
    common: str, public: ec.EllipticCurvePublicKey, issuer: ec.EllipticCurvePrivateKey, *, authority: bool
) -> bytes:
    key_identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_name(common))
        .issuer_name(_name("PRACTICE root, not for trust"))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_key_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(key_identifier, critical=False)
    )
    if not authority:
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(issuer, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
