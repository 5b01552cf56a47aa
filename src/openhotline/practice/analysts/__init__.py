"""Scripted analysts: they work through the same services as people do, and answer from the truth file."""
