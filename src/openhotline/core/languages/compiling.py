"""``python -m openhotline.core.languages.compiling``: compile what is older than its text; needs no settings."""

import sys

from openhotline.core.languages.catalogues import compile_all


def main() -> int:
    """Compile, and say which languages were compiled; nothing when all of them were up to date."""
    if done := compile_all():
        sys.stdout.write(f"languages: compiled {', '.join(done)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
