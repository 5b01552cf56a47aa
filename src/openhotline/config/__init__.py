"""Settings, doors, command line: the only place that names everything."""
