"""Hosting, notices, re-checks, until it is gone."""
