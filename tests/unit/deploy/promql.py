"""What a query of PromQL asks for: metrics with the labels it matches, and the labels it groups and joins by.

A small reader of the tokens, enough to hold queries against what is served; Prometheus itself is the judge
of their grammar (`promtool check rules`, see docs/deploy.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<span>\[[0-9smhdwy:]+\])|(?P<number>[0-9][0-9.]*(?:e[0-9]+)?)
    |(?P<name>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?P<sign>==|!=|=~|!~|>=|<=|[-+*/%^=<>(){},]))""",
    re.VERBOSE,
)
AGGREGATIONS = {"sum", "count", "max", "min", "avg"}
FUNCTIONS = {"rate", "increase", "delta", "deriv", "time", "vector"}
OPERATORS = {"and", "or", "unless"}
GROUPINGS = {"by", "without", "on", "ignoring", "group_left", "group_right"}


@dataclass
class Query:
    """`selected` are metrics with the labels matched, `grouped` the labels named in `by`, `on` and the like,
    `called` which function is called on which metric.
    """

    selected: list[tuple[str, set[str]]] = field(default_factory=list)
    grouped: set[str] = field(default_factory=set)
    called: list[tuple[str, str]] = field(default_factory=list)


def read(query: str) -> Query:
    """Raises `ValueError` for what is no token, no function known here, or parentheses that don't match."""
    found = Query()
    tokens = list(_tokens(query))
    function, depth, at = "", 0, 0
    while at < len(tokens):
        kind, word = tokens[at]
        depth += (word == "(") - (word == ")")
        if depth < 0:
            raise ValueError(f"a parenthesis too many: {query}")
        following = tokens[at + 1][1] if at + 1 < len(tokens) else ""
        if word in GROUPINGS:
            labels, at = _until(tokens, at + 2, ")")
            found.grouped |= {label for _, label in labels if label != ","}
        elif kind == "name" and word not in OPERATORS | AGGREGATIONS:
            if following == "(":
                if word not in FUNCTIONS:
                    raise ValueError(f"{word} is no function known here")
                function = word
            else:
                matchers: list[tuple[str, str]] = []
                if following == "{":
                    matchers, at = _until(tokens, at + 2, "}")
                found.selected.append((word, {label for kind, label in matchers if kind == "name"}))
                found.called.append((function, word))
                function = ""
        at += 1
    if depth:
        raise ValueError(f"a parenthesis is open: {query}")
    return found


def _tokens(query: str) -> Iterator[tuple[str, str]]:
    at, query = 0, query.strip()
    while at < len(query):
        match = TOKEN.match(query, at)
        if match is None:
            raise ValueError(f"no token at {query[at : at + 20]!r}")
        assert match.lastgroup is not None
        yield match.lastgroup, match[match.lastgroup]
        at = match.end()


def _until(tokens: list[tuple[str, str]], start: int, end: str) -> tuple[list[tuple[str, str]], int]:
    stop = next(at for at in range(start, len(tokens)) if tokens[at][1] == end)
    return tokens[start:stop], stop
