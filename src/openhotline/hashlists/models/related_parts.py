"""How the file of near queries is cut into parts; see `related` for what it is for."""

LEADERS = 4096
BITS = 1024
GROWS, MOST_PASSED = 3, 64
PARTS = (4 * 8, 4 * 8 * LEADERS, BITS // 8 * LEADERS, 2 * LEADERS, LEADERS)
"""Bytes of the parts of the file, one after the other.

Day, next row to be given away, and two secret words (uint64); the first hash of each row, as words (4, n) uint64: a
query is compared with all of them at the speed of memory; which places were seen near it (n, 16) uint64; uint16 that is
added to its distance, so that a row that is free is near nothing; and whether it was flagged.
"""
SIZE = sum(PARTS)
