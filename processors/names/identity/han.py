"""The readings of a name in Han characters: as a foreign name spelt out, and as one of each tongue."""

from __future__ import annotations

import math
from functools import cache

from processors.names.identity.graph import Graph
from processors.names.identity.hangul import OTHER_INITIAL, other_initial
from processors.names.identity.letters import pinyin
from processors.names.identity.numbers import numbers
from processors.names.identity.sounds import DATA

NATIVE_MAX = 6
TURNED, TURNED_JAPANESE = -2.5, -0.5
_PRIOR = {"zh": 0.0, "ko": -0.5, "ja": -1.5, "la": -2.0}
_TONGUES = ("ja", "ko", "la", "alone")
SPELLINGS_MAX = 4
BELIEF, ALONE = 1.0, -1.0
_BEST = {"ko": 3, "ja": 7, "la": 6}

Readings = dict[str, dict[str, list[tuple[str, float]]]]


@cache
def _forms() -> dict[int, str]:
    lines = (DATA / "forms.txt").read_text(encoding="utf-8").split()
    return {ord(line[0]): line[1] for line in lines}


@cache
def _readings() -> Readings:
    """Readings of each character by tongue, with the log of their share."""
    found: Readings = {}
    for line in (DATA / "han.tsv").read_text(encoding="utf-8").splitlines():
        character, *cells = line.split("\t")
        found[character] = {
            tongue: [(r[:-1], 2 * math.log(max(int(r[-1]), 1) / 9)) for r in cell.split()]
            for tongue, cell in zip(_TONGUES, cells, strict=True)
        }
    return found


def han_graphs(name: str) -> list[Graph]:
    """The readings of a name written in one piece: foreign letter by letter, then in each tongue.

    A Japanese name is also turned so that the given name leads, wherever it may begin.
    """
    found = [_foreign(name)]
    if len(name) <= NATIVE_MAX:
        for tongue in _PRIOR:
            found += [graph for cut in _cuts(name, tongue) if (graph := _native(name, cut, tongue))]
    return [graph for graph in found if len(graph.letter) > 1]


def _foreign(name: str) -> Graph:
    graph = Graph()
    end = graph.chain(0, numbers(name, "han"))
    graph.words.append((0, end, name))
    return graph


def _cuts(name: str, tongue: str) -> range:
    """Where the name may be turned: 0 is as written."""
    if tongue == "ja":
        return range(max(0, len(name) - 3), min(4, len(name)))
    return range(1) if tongue == "la" else range(min(2, len(name)))


def _native(name: str, cut: int, tongue: str) -> Graph | None:
    """The name read in one tongue, turned at the cut; None where a character has no reading in it."""
    turned = 0.0 if cut == 0 else TURNED_JAPANESE if tongue == "ja" else TURNED
    graph = Graph(_PRIOR[tongue] + turned)
    joint = 0
    for character in name[cut:] + name[:cut]:
        options = _options(character, tongue)
        if not options:
            return None
        joint = graph.join(*((graph.chain(joint, spelt, weight), 0.0) for spelt, weight in options))
    graph.words.append((0, joint, name))
    return graph


@cache
def _options_as_written(character: str, tongue: str) -> dict[str, float]:
    """Readings with their weights; a lone character's Japanese readings count a little too."""
    by_tongue = _readings().get(character.translate(_forms()), {})
    found = {reading: BELIEF * weight for reading, weight in by_tongue.get(tongue, [])[: _BEST[tongue]]}
    if tongue == "ko":
        for reading, weight in list(found.items()):
            found.setdefault(other_initial(reading), weight + OTHER_INITIAL)
    if tongue == "ja":
        for reading, weight in by_tongue.get("alone", [])[:3]:
            found.setdefault(reading, BELIEF * weight + ALONE)
    return found


@cache
def _options(character: str, tongue: str) -> tuple[tuple[list[int], float], ...]:
    """The letters of each reading with its weight."""
    if tongue == "zh":
        return _spelt({pinyin(character): 0.0}, "latin")
    return _spelt(_options_as_written(character, tongue), "korean" if tongue == "ko" else "latin")


def _spelt(found: dict[str, float], script: str) -> tuple[tuple[list[int], float], ...]:
    spelt = ((numbers(reading, script), weight) for reading, weight in found.items())
    return tuple((letters, weight) for letters, weight in spelt if letters)


def spellings(name: str) -> list[str]:
    """The likeliest Latin or Hangul spellings of a name in one piece, by tongue, to look it up by."""
    found = [" ".join(map(pinyin, name))]
    if len(name) <= NATIVE_MAX:
        korean = _likeliest(name, "ko", 1)
        found += korean + [f"{k[1:]} {k[0]}" for k in korean]
        found += _likeliest(name, "ja", SPELLINGS_MAX)
    return [spelling for spelling in found if spelling.strip()]


def _likeliest(name: str, tongue: str, count: int) -> list[str]:
    ways = [("", 0.0)]
    for character in name:
        options = _options_as_written(character, tongue)
        ways = [(so_far + reading, w + weight) for so_far, w in ways for reading, weight in options.items()]
        ways = sorted(ways, key=lambda way: -way[1])[:count]
    return [spelling for spelling, _ in ways]
