"""What a file of another hotline may hold, as JSON Schema: closed, so that no picture and no surprise fits in."""

from typing import Any

from openhotline.removal.states import HandoverAction

MOST = 500
MOST_ITEMS = 1000
MOMENT = r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"
HANDOVER = {"type": "string", "pattern": "^hnd_[a-z2-7]{26}$"}
_REFERENCE = {"type": "string", "pattern": "^adr_[a-z2-7]{26}$"}


def _closed(properties: dict[str, Any], *optional: str) -> dict[str, Any]:
    wanted = [name for name in properties if name not in optional]
    return {"type": "object", "additionalProperties": False, "required": wanted, "properties": properties}


def _text(most: int) -> dict[str, Any]:
    return {"type": "string", "maxLength": most}


def _list(items: dict[str, Any], most: int, least: int = 1) -> dict[str, Any]:
    return {"type": "array", "minItems": least, "maxItems": most, "items": items}


ACTIONS = _closed(
    {
        "format": {"const": "openhotline-actions/1"},
        "handover": HANDOVER,
        "practice": {"type": "boolean"},
        "actions": _list(
            _closed(
                {
                    "reference": _REFERENCE,
                    "action": {"enum": [one.value for one in HandoverAction]},
                    "reason": _text(300),
                    "at": {"type": "string", "pattern": MOMENT},
                },
                "reason",
            ),
            MOST,
        ),
    },
    "practice",
)
_ITEM = _closed(
    {
        "hashes": {
            "type": "object",
            "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{32,64}$"},
            "propertyNames": {"enum": ["md5", "sha1", "sha256"]},
        },
        **{name: _text(200) for name in ("ai_involvement", "jurisdiction", "outcome", "category", "provision")},
    }
)
_HOSTING = _closed(
    {"provider": _text(200), "country": _text(2), "asn": {"type": "integer", "minimum": 0}, "in_front": _text(60)}
)
HANDING = _closed(
    {
        "format": {"const": "openhotline-handover/1"},
        "handover": HANDOVER,
        "from": {"type": "object", "additionalProperties": _text(300), "maxProperties": 10},
        "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
        "made_at": {"type": "string", "pattern": MOMENT},
        "practice": {"type": "boolean"},
        "heading": _text(100),
        "addresses": _list(
            _closed(
                {
                    "reference": _REFERENCE,
                    "url": {"type": "string", "minLength": 1, "maxLength": 8000},
                    "hosting": _HOSTING,
                    "items": _list(_ITEM, MOST_ITEMS, 0),
                }
            ),
            MOST,
        ),
    },
    "heading",
)
