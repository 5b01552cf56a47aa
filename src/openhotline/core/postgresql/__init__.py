"""Django's PostgreSQL, but for how a connection that was kept open is looked at before it is used again."""
