"""Readers of metadata blocks: EXIF, XMP, IPTC-IIM. They never raise and keep their limits."""
