"""The readings of a Japanese name in Han characters, family name first and given name first."""

from __future__ import annotations

from functools import cache
from itertools import islice

from processors.names.identity.graph import Graph
from processors.names.identity.numbers import numbers
from processors.names.identity.readings import readings, whole_readings

FAMILY_MAX, GIVEN_MAX = 3, 3
KNOWN, UNKNOWN = -0.5, -2.0
TURNED = -0.3
NEXT_READING, PIECEWISE = -0.4, -1.5
_PIECES, _ALONE = 6, 4


def japanese_graphs(name: str) -> list[Graph]:
    """Graphs for each place where the given name may begin, in both orders."""
    found = []
    for cut, prior in _cuts(name):
        family, given = name[:cut], name[cut:]
        as_written, turned = _graph([family, given], prior), _graph([given, family], prior + TURNED)
        if as_written and turned:
            turned.turned = True
            found += [as_written, turned]
    return found


def _cuts(name: str) -> list[tuple[int, float]]:
    places = range(max(1, len(name) - GIVEN_MAX), min(FAMILY_MAX, len(name) - 1) + 1)
    known = [(cut, KNOWN) for cut in places if cut > 1 and whole_readings(name[:cut])]
    return known or [(cut, UNKNOWN) for cut in places]


def _graph(parts: list[str], prior: float) -> Graph | None:
    graph = Graph(prior)
    joint = 0
    for part in parts:
        ends = [
            (graph.chain(joint, numbers(reading, "romaji"), NEXT_READING * place), 0.0)
            for place, reading in enumerate(whole_readings(part))
        ]
        pieces = _piecewise(graph, joint, part)
        if pieces:
            ends.append((pieces, PIECEWISE if ends else 0.0))
        if not ends:
            return None
        graph.words.append((joint, joint := graph.join(*ends), part))
    return graph


def _piecewise(graph: Graph, start: int, part: str) -> int:
    """The part read character by character; 0 where one has no reading."""
    joint = start
    for character in part:
        options = _options(character, alone=len(part) == 1)
        if not options:
            return 0
        joint = graph.join(*((graph.chain(joint, list(spelt), weight), 0.0) for spelt, weight in options))
    return joint


@cache
def _options(character: str, *, alone: bool) -> tuple[tuple[tuple[int, ...], float], ...]:
    found = dict(islice(readings(character, "ja").items(), _PIECES))
    if alone:
        for reading, weight in islice(readings(character, "alone").items(), _ALONE):
            found[reading] = max(weight, found.get(reading, weight))
    spelt = ((tuple(numbers(reading, "romaji")), weight) for reading, weight in found.items())
    return tuple((letters, weight) for letters, weight in spelt if letters)


def japanese_spellings(name: str) -> list[str]:
    """The likeliest spelling for each place where the given name may begin."""
    found = []
    for cut, _ in _cuts(name):
        parts = [_likeliest(name[:cut]), _likeliest(name[cut:])]
        if all(parts):
            found.append(" ".join(parts))
    return found


def _likeliest(part: str) -> str:
    whole = whole_readings(part)
    if whole:
        return whole[0]
    tongue = "alone" if len(part) == 1 else "ja"
    pieces = [next(iter(readings(character, tongue) or readings(character, "ja")), "") for character in part]
    return "".join(pieces) if all(pieces) else ""
