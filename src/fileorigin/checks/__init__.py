"""The checks: each makes findings out of a `Reading`."""
