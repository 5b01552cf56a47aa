"""Where catalogues are: ``locale/django.pot`` with what can be translated, and a ``django.po`` a language."""

from pathlib import Path

LOCALE = Path(__file__).resolve().parents[2] / "locale"
TEMPLATE = "django.pot"
SOURCES = "sources.toml"


def folder(code: str) -> str:
    """Return the folder's name of a language's code: ``pt-br`` is ``pt_BR``."""
    base, _, more = code.lower().partition("-")
    return f"{base}_{more.upper() if len(more) == 2 else more.title()}" if more else base


def code_of(path: Path) -> str:
    """Return the code of the language that a catalogue's file belongs to."""
    return path.parents[1].name.replace("_", "-").lower()


def place(code: str, locale: Path = LOCALE, kind: str = "po") -> Path:
    """Return where the catalogue of a language is, as text or (``kind`` mo) compiled."""
    return locale / folder(code) / "LC_MESSAGES" / f"django.{kind}"


def places(locale: Path = LOCALE, kind: str = "po") -> list[Path]:
    """Return the catalogues that there are."""
    return sorted(locale.glob(f"*/LC_MESSAGES/django.{kind}"))


def codes(locale: Path = LOCALE) -> list[str]:
    """Return the codes of the languages that have a catalogue."""
    return [code_of(path) for path in places(locale)]
