"""Entries, releases, known lists."""
