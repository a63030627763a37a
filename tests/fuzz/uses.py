"""How our code uses each regular expression: it need be quick only at what it is asked."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.fuzz.patterns import PACKAGES, REPOSITORY, Found

METHODS = {
    "search": "search", "match": "match", "fullmatch": "fullmatch", "sub": "sub", "subn": "sub", "split": "sub", "findall": "sub", "finditer": "sub",
}  # fmt: skip
ALL = frozenset(METHODS.values())


def uses_of(found: Found) -> frozenset[str]:
    """`search`, `match`, `fullmatch`, `sub` (which stands for all that go through the whole text). All of
    them where that can't be told from the names that the pattern goes by.
    """
    path, _, line = found.place.partition(":")
    names = _names_at(path, int(line))
    direct = _direct(path, int(line))
    told = set(direct)
    for name in names:
        told |= _methods()[name, path if name.startswith("_") else ""]
    return frozenset(told) or _in_file(path) or ALL


def _trees() -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for file in sorted((REPOSITORY / package).rglob("*.py")):
            yield str(file.relative_to(REPOSITORY)), _tree(file)


@cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def _methods() -> dict[tuple[str, str], set[str]]:
    """For every name, the methods of patterns that are called on it, or on a part of it: anywhere, or in one
    file where it is private.
    """
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path, tree in _trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in METHODS:
                for name in _named(node.value):
                    found[name, path if name.startswith("_") else ""].add(METHODS[node.attr])
    return found


def _named(node: ast.expr) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name):
            yield each.id
        elif isinstance(each, ast.Attribute):
            yield each.attr


def _names_at(path: str, line: int) -> set[str]:
    """What the value on a line is given to: a name, an argument's name, or the function that returns it."""
    names: set[str] = set()
    for node in ast.walk(_tree(REPOSITORY / path)):
        if not isinstance(node, ast.stmt) or not node.lineno <= line <= (node.end_lineno or node.lineno):
            continue
        if isinstance(node, ast.Assign):
            names.update(target.id for target in node.targets if isinstance(target, ast.Name))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
        elif isinstance(node, ast.FunctionDef):
            names.add(node.name)
        for keyword in (each for each in ast.walk(node) if isinstance(each, ast.keyword) and each.arg):
            if keyword.value.lineno <= line <= (keyword.value.end_lineno or 0):
                names.add(str(keyword.arg))
    return names


def _direct(path: str, line: int) -> set[str]:
    """`re.sub(…)` on the line itself."""
    calls = (node for node in ast.walk(_tree(REPOSITORY / path)) if isinstance(node, ast.Attribute))
    return {
        METHODS[call.attr]
        for call in calls
        if call.attr in METHODS
        and isinstance(call.value, ast.Name)
        and call.value.id == "re"
        and call.lineno <= line <= (call.end_lineno or 0) + 3
    }


@cache
def _in_file(path: str) -> frozenset[str]:
    nodes = ast.walk(_tree(REPOSITORY / path))
    return frozenset(
        METHODS[node.attr] for node in nodes if isinstance(node, ast.Attribute) and node.attr in METHODS
    )
