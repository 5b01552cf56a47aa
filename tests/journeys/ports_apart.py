"""Ports for a process that takes a while to start."""

import random

from openhotline.practice.site.ports import is_free

# Below those that the machine gives to outgoing connections, one of which could take a port before it is served.
OURS = range(15_000, 32_000)


def ports_apart(count: int) -> list[int]:
    """Return so many different ports that nobody listens on now and that no connection will take."""
    free = (port for port in random.sample(OURS, len(OURS)) if is_free(port))
    return [next(free) for _ in range(count)]
