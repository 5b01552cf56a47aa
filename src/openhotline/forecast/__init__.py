"""Studies of what may come: how much a hotline can cope with, and what growth does to hash lists."""
