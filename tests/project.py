"""The project's own files, as the tests of the repository read them."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
import json
from pathlib import Path
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).resolve().parents[1]
INTEGRATION = ROOT / "custom_components" / "spotify_hub"


def load_json(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds."""
    content: dict[str, Any] = json.loads(path.read_text())
    return content


def load_yaml(path: Path) -> dict[str, Any]:
    """Return what a YAML file holds; nothing when there is no such file yet."""
    content: dict[str, Any] = dict(load_yaml_dict(path)) if path.exists() else {}
    return content


@cache
def modules() -> dict[str, ast.Module]:
    """Return the integration's modules by dotted name below the package."""
    return {
        _dotted(path): ast.parse(path.read_text(), str(path))
        for path in sorted(INTEGRATION.rglob("*.py"))
    }


def names(text: str) -> list[str]:
    """Read names that stand side by side."""
    return text.split()


def nodes() -> Iterator[ast.AST]:
    """Go through all code of the integration."""
    for tree in modules().values():
        yield from ast.walk(tree)


def literals() -> set[str]:
    """Return every string that stands in the integration's code."""
    return {
        node.value
        for node in nodes()
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def committed_files() -> Iterator[Path]:
    """Go through what git would commit."""
    ignored = [
        line.rstrip("/") for line in (ROOT / ".gitignore").read_text().splitlines()
    ]
    for folder, folders, files in ROOT.walk():
        folders[:] = [
            name
            for name in folders
            if name != ".git" and not any(fnmatch(name, rule) for rule in ignored)
        ]
        for name in files:
            if not any(fnmatch(name, rule) for rule in ignored):
                yield folder / name


def _dotted(path: Path) -> str:
    parts = path.relative_to(INTEGRATION).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
