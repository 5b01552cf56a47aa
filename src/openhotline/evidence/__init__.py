"""Captured, sealed, examined, shown behind the shutter."""
