"""Counts that can be derived again."""
