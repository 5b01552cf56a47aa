"""Sealed packages to police, approved by two people."""
