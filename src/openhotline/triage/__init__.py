"""Matches, stacks, sorting sheets, selection, priority."""
