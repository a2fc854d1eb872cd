"""The house stands as docs/architecture.md draws it: arrows point down only."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter

from homeassistant.const import Platform
import pytest

from tests.project import modules

DOORS = {platform.value for platform in Platform} | {
    "application_credentials",
    "backup",
    "browse_media",
    "config_flow",
    "diagnostics",
    "intent",
    "llm",
    "logbook",
    "panel",
    "repairs",
    "services",
    "system_health",
    "trigger",
    "websocket_api",
}
BOTTOM = {"api", "archive"}


@pytest.mark.parametrize("part", sorted(BOTTOM))
def test_the_bottom_stands_alone(part: str) -> None:
    """The API and the archive know neither Home Assistant nor anything beside them."""
    for name in modules():
        if name.split(".")[0] == part:
            own, others = _imports(name)
            assert {imported.split(".")[0] for imported in own} <= {part}, name
            assert not any(other.startswith("homeassistant") for other in others), name


def test_only_doors_know_doors() -> None:
    """What lies below a door works without it."""
    for name in modules():
        if name and name.split(".")[0] not in DOORS:
            own, _ = _imports(name)
            assert {imported.split(".")[0] for imported in own}.isdisjoint(DOORS), name


def test_no_door_speaks_to_the_api_by_itself() -> None:
    """What a door does, an operation of the account does, for every other door too.

    Linking has no account yet.
    """
    for name in modules():
        if name.split(".")[0] in DOORS - {"config_flow"}:
            own, _ = _imports(name)
            assert "api.client" not in own, name
            reached = [
                node
                for node in ast.walk(modules()[name])
                if isinstance(node, ast.Attribute) and node.attr == "client"
            ]
            assert not reached, name


def test_imports_run_in_no_circle() -> None:
    """Modules can be read from the bottom up."""
    graph = {name: _imports(name)[0] - {name} for name in modules()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def _imports(name: str) -> tuple[set[str], set[str]]:
    """Return what a module imports: modules of the integration, and others."""
    own: set[str] = set()
    others: set[str] = set()
    for node in ast.walk(modules()[name]):
        match node:
            case ast.Import(names=aliases):
                others |= {alias.name for alias in aliases}
            case ast.ImportFrom(level=0, module=str(module)):
                others.add(module)
            case ast.ImportFrom():
                own |= set(_resolved(name, node))
    return own, others


def _resolved(name: str, node: ast.ImportFrom) -> Iterator[str]:
    """Go through the modules that a relative import loads."""
    known = modules()
    is_package = not name or any(other.startswith(f"{name}.") for other in known)
    parts = name.split(".") if name else []
    above = node.level - 1 if is_package else node.level
    base = parts[: len(parts) - above] + (node.module or "").split(".")
    source = ".".join(part for part in base if part)
    for alias in node.names:
        inner = f"{source}.{alias.name}" if source else alias.name
        yield inner if inner in known else source
