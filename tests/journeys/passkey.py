"""A passkey in software, for pages that a browser would ask a device about."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

HOST = "testserver"
SEEN = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
HOST_HASH = sha256(HOST.encode()).digest()


@dataclass
class Passkey:
    """One key of one person on one device."""

    handle: str
    identity: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def made(self, browser: Client) -> str:
        """Return what the device says when it made the key, after the page asked for one."""
        public = ES256.from_cryptography_key(self.key.public_key())
        held = AttestedCredentialData.create(b"\0" * 16, self.identity, public)
        seen = AuthenticatorData.create(HOST_HASH, SEEN | AuthenticatorData.FLAG.AT, 0, held)
        attested = AttestationObject.create("none", seen, {})
        return self._said({"clientDataJSON": _client(browser, "webauthn.create"), "attestationObject": bytes(attested)})

    def used(self, browser: Client) -> str:
        """Return what the device says when somebody lays their finger on it, after the page asked for that."""
        client = _client(browser, "webauthn.get")
        seen = bytes(AuthenticatorData.create(HOST_HASH, SEEN, 1))
        signed = self.key.sign(seen + sha256(client).digest(), ec.ECDSA(SHA256()))
        handle = self.handle.encode()
        return self._said(
            {"clientDataJSON": client, "authenticatorData": seen, "signature": signed, "userHandle": handle}
        )

    def _said(self, response: dict[str, bytes]) -> str:
        name = websafe_encode(self.identity)
        encoded = {key: websafe_encode(value) for key, value in response.items()}
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "response": encoded, "clientExtensionResults": {}}
        )


def _client(browser: Client, what: str) -> bytes:
    challenge = browser.session["mfa.webauthn.state"]["challenge"]
    return json.dumps({"type": what, "challenge": challenge, "origin": f"https://{HOST}"}).encode()
