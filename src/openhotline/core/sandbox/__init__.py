"""Opens hostile files: one locked-in process a file, which can compute, answer, and nothing else.

Owns the sandbox (bubblewrap, seccomp, limits) and the protocol of what comes back. Knows nothing of pictures:
a target program, named by the caller, reads the bytes. No Django: the package is imported in the sandbox.
"""
