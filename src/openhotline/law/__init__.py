"""Legal rules as dated data, and the engine that derives outcomes."""
