"""The partners' API of the public door, under /api/v1/."""
