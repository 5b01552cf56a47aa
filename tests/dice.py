"""What the suite leaves to no chance: the rules of its installations, in which nothing is drawn at random."""

from pathlib import Path

TESTS = Path(__file__).resolve().parent
TRIAGE = TESTS.parent / "src" / "openhotline" / "triage" / "rules.toml"
SHARE = "\nshare = 0.03\n"


def without_dice(folder: Path) -> dict[str, str]:
    """Write rules into a folder, and return the environment of an installation that follows them.

    Triage follows the shipped rules, but draws nothing for a second look; second opinions follow the file
    ``second_opinions.toml`` beside this one.
    """
    shipped = TRIAGE.read_text(encoding="utf-8")
    assert shipped.count(SHARE) == 1
    folder.mkdir(parents=True, exist_ok=True)
    rules = folder / "triage-without-dice.toml"
    rules.write_text(shipped.replace(SHARE, "\nshare = 0.0\n"), encoding="utf-8")
    return {"OPENHOTLINE_TRIAGE": str(rules), "OPENHOTLINE_SECOND_OPINIONS": str(TESTS / "second_opinions.toml")}
