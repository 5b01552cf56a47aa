"""The order of the layers, read from the import contract in pyproject.toml so that it stands in one place."""

import tomllib

from source_tree import ROOT

# Apps whose inside is uniform; config, practice, journey and core have their own.
_CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def contract(name: str) -> dict[str, list[str]]:
    """Return one contract by its id."""
    return next(c for c in _CONTRACTS if c["id"] == name)


def heights() -> dict[str, int]:
    """Return {app: height}; core is 0, siblings share a height."""
    height = {}
    for level, line in enumerate(reversed(contract("journey")["layers"])):
        for app in line.split("|"):
            height[app.strip(" ()")] = level
    return height


def stage_apps() -> list[str]:
    """Return the apps that are built alike inside."""
    return [container.removeprefix("openhotline.") for container in contract("inside")["containers"]]
