"""A backup as a folder: the database, sealed files, a list of them with their SHA-256, and a signed manifest."""
