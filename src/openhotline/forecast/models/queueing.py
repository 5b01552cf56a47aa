"""Waits that queueing theory knows exactly, to hold the simulation against."""

from collections.abc import Sequence
from math import factorial


def mmc_wait(*, arrivals: float, service: float, servers: int) -> float:
    """Return the mean wait before service in M/M/c, in the unit of ``service`` (Erlang C).

    ``arrivals`` a unit of time, ``service`` the mean time of one. Raises ValueError where the queue grows for ever.
    """
    load = arrivals * service
    if load >= servers:
        raise ValueError(
            f"A load of {load:g} for {servers} servers: the queue grows for ever, so there is no mean wait."
        )
    last = load**servers / factorial(servers) / (1 - load / servers)
    delayed = last / (sum(load**k / factorial(k) for k in range(servers)) + last)
    return delayed * service / (servers - load)


def priority_waits(*, arrivals: Sequence[float], service: float) -> list[float]:
    """Return the mean wait of each class in M/M/1 without preemption, first class first (Cobham 1954).

    All classes have the same exponential service. Raises ValueError where the last class would wait for ever.
    """
    loads = [one * service for one in arrivals]
    if sum(loads) >= 1:
        raise ValueError(f"A load of {sum(loads):g} for one server: the last class would wait for ever.")
    # What is in service is an exponential time more, for whoever comes: all arrivals times E[S²]/2.
    residual = sum(arrivals) * service**2
    waits, before = [], 0.0
    for load in loads:
        waits.append(residual / ((1 - before) * (1 - before - load)))
        before += load
    return waits
