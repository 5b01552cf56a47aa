"""How a hash is cut into chunks, and how far each chunk is probed for a radius.

Why the search is exact. Cut the 256 bits into m chunks and give chunk i an allowance a_i, so that the allowances
sum to radius + 1. A pair within the radius differs in d_1 + ... + d_m <= radius bits, so the d_i - a_i sum to less
than 0. By the cycle lemma (the "pigeonring" of Qin and Xiao, VLDB 2018) some chunk i begins a walk around the ring
whose every partial sum is below 0:

    d_i <= a_i - 1,    d_i + d_(i+1) <= a_i + a_(i+1) - 1,    and so on.

The first says: looking up all keys within a_i - 1 bits of the query's chunk finds the pair in table i. The second
says: the pair also passes there when the next bits (the *fingerprint*, stored beside the entry) may differ in what
is left. So a table reads one bucket a probe and drops all but a few thousandths of its entries by their fingerprints;
what is left is compared in full. A pair can pass in several tables; it counts in the first.

The same bound holds for any chunks and any allowances with that sum, so smaller radii have smaller allowances
(down to tables that are not asked at all) and larger lists may have fewer, wider chunks.
"""

from functools import lru_cache
from itertools import combinations
from math import comb
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hashmatch.hashes import LARGEST_RADIUS

BITS = 256
FINGERPRINT = 16

Widths = tuple[int, ...]
SIXTEEN: Widths = (16,) * 16
TWELVE: Widths = (20, 22, 22) * 4


class Plan(NamedTuple):
    """What the kernels need to search tables of one layout within one radius.

    `chunks` (m, 8) int64, one row a table that is asked: first bit, width, table, first and end of its probes,
    allowance - 1, limit of chunk and fingerprint together, and 0. `masks` (p,) uint32: what each probe flips in
    the key; `bits` (p,) uint16: how many bits that is.
    """

    chunks: NDArray[np.int64]
    masks: NDArray[np.uint32]
    bits: NDArray[np.uint16]


def starts(widths: Widths) -> list[int]:
    """First bit of each chunk."""
    return [sum(widths[:chunk]) for chunk in range(len(widths))]


def allowances(widths: Widths, radius: int) -> list[int]:
    """Allowance of each chunk; they sum to radius + 1, and ask for as few entries as may be."""
    allowed = [0] * len(widths)
    for _ in range(radius + 1):
        cheapest = min(range(len(widths)), key=lambda chunk: comb(widths[chunk], allowed[chunk]) / 2 ** widths[chunk])
        allowed[cheapest] += 1
    return allowed


def limit(widths: Widths, allowed: list[int], chunk: int) -> int:
    """Most bits that chunk and fingerprint may differ in together."""
    covered, total, following = 0, allowed[chunk], chunk
    while covered < FINGERPRINT:
        following = (following + 1) % len(widths)
        covered += widths[following]
        total += allowed[following]
    return total - 1


def masks_within(width: int, bits: int) -> list[int]:
    """Every pattern of at most so many bits in a chunk, fewest first."""
    return [
        sum(1 << bit for bit in flipped) for count in range(bits + 1) for flipped in combinations(range(width), count)
    ]


@lru_cache(maxsize=64)
def plan(widths: Widths, radius: int = LARGEST_RADIUS) -> Plan:
    """The plan for a layout and a radius of 0..31."""
    allowed = allowances(widths, radius)
    masks: list[int] = []
    chunks = []
    for table, (start, width) in enumerate(zip(starts(widths), widths, strict=True)):
        if not allowed[table]:
            continue
        first = len(masks)
        masks += masks_within(width, allowed[table] - 1)
        chunks.append((start, width, table, first, len(masks), allowed[table] - 1, limit(widths, allowed, table), 0))
    flips = np.array(masks, np.uint32)
    made = Plan(np.array(chunks, np.int64), flips, np.bitwise_count(flips).astype(np.uint16))
    for array in made:
        array.flags.writeable = False
    return made
