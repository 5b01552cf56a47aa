"""Append-only record of who did what, in a Merkle tree."""
