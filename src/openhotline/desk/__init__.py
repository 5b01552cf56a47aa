"""Pages that show a report whole, made of panels."""
