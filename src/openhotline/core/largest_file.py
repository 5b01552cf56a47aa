"""How large one file may be: what is taken in is examined, so there is one limit for both."""

LARGEST_FILE = 200_000_000
"""Bytes of one file; it is held in memory while it is sealed, and once more in the child that examines it."""
