"""How long each kind of record is kept, and what must not be deleted."""
