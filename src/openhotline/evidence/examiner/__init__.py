"""Reads hostile files in the sandbox, and checks what comes back."""
