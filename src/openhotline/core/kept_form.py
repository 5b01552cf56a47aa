"""What somebody typed into a form, kept in their session while they prove that it is them.

The session lies in the database, so it is encrypted there; it is there once, and goes with the session.
"""

import base64
import json
from collections.abc import Mapping

from django.contrib.sessions.backends.base import SessionBase

from openhotline.core.crypto import lock_column, open_column

PLACE = "kept_form"


def keep(session: SessionBase, route: str, fields: Mapping[str, str]) -> None:
    """Keep what was sent to a route; what was kept before is forgotten."""
    told = json.dumps({"route": route, "fields": dict(fields)})
    session[PLACE] = base64.b64encode(lock_column(told, column=PLACE)).decode()


def take(session: SessionBase, route: str) -> dict[str, str]:
    """Return what was kept for a route, once; empty where nothing was."""
    kept = session.get(PLACE)
    if kept is None:
        return {}
    told = json.loads(open_column(base64.b64decode(kept), column=PLACE))
    if told["route"] != route:
        return {}
    del session[PLACE]
    fields: dict[str, str] = told["fields"]
    return fields
