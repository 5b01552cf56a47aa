"""A member's machine, as tests let it ask."""

import base64
import json
from typing import Any

from django.test import Client


class Machine:
    """Asks with a key."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.client = Client()

    @property
    def bearer(self) -> dict[str, str]:
        """Return the header that shows the key."""
        return {"Authorization": f"Bearer {self.text}"}

    @property
    def basic(self) -> dict[str, str]:
        """Return the header that shows the key as a password."""
        return {"Authorization": "Basic " + base64.b64encode(f"us:{self.text}".encode()).decode()}

    def get(self, path: str, **headers: str) -> Any:
        """Ask for something."""
        return self.client.get(f"/members/{path}", headers=self.bearer | headers)

    def post(self, path: str, body: Any) -> Any:
        """Send JSON."""
        return self.client.post(f"/members/{path}", json.dumps(body), "application/json", headers=self.bearer)

    def match(self, *hashes: dict[str, Any]) -> list[dict[str, Any]]:
        """Return the answers to hashes."""
        answer = self.post("v1/match", {"hashes": list(hashes)})
        assert answer.status_code == 200, answer.content
        found: list[dict[str, Any]] = answer.json()["answers"]
        return found


def picture(pdq: str, quality: int | None = 100) -> dict[str, Any]:
    """Return a picture to ask for."""
    return {"kind": "pdq", "hash": pdq} | ({} if quality is None else {"quality": quality})


def apart(pdq: str, bits: int) -> str:
    """Return a hash that is so many bits away."""
    return f"{int(pdq, 16) ^ ((1 << bits) - 1) << 40:064x}"
