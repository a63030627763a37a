"""The readings of a name in Han characters: as a foreign name spelt out, and as one of each tongue."""

from __future__ import annotations

from functools import cache
from itertools import islice

from processors.names.identity.graph import Graph
from processors.names.identity.hangul import OTHER_INITIAL, other_initial
from processors.names.identity.japanese import japanese_graphs, japanese_spellings
from processors.names.identity.letters import pinyin
from processors.names.identity.numbers import numbers
from processors.names.identity.readings import readings

NATIVE_MAX, FULL_NAME_MAX = 6, 3
TURNED, FOREIGN = -2.5, -2.0
_PRIOR = {"zh": 0.0, "ko": -0.5, "la": -4.0}
_SCRIPT = {"zh": "pinyin", "ko": "korean", "la": "latin"}
_BEST = {"ko": 3, "la": 6}


def han_graphs(name: str) -> list[Graph]:
    """The readings of a name written in one piece: foreign letter by letter, then in each tongue."""
    found = [_foreign(name)]
    if len(name) <= NATIVE_MAX:
        for tongue in _PRIOR:
            cuts = range(1) if tongue == "la" else range(min(2, len(name)))
            found += [graph for cut in cuts if (graph := _native(name, cut, tongue))]
        found += japanese_graphs(name)
    return [graph for graph in found if len(graph.letter) > 1]


def _foreign(name: str) -> Graph:
    short = len(name) <= FULL_NAME_MAX
    graph = Graph(FOREIGN if short else 0.0, doubtful=short)
    joint = 0
    for part in name if short else [name]:
        end = graph.chain(joint, numbers(part, "han"))
        graph.words.append((joint, end, part))
        joint = end
    return graph


def _native(name: str, cut: int, tongue: str) -> Graph | None:
    """The name read in one tongue, turned at the cut; None where a character has no reading in it."""
    graph = Graph(_PRIOR[tongue] + (TURNED if cut else 0.0))
    joint = 0
    for character in name[cut:] + name[:cut]:
        options = _options(character, tongue)
        if not options:
            return None
        end = graph.join(*((graph.chain(joint, list(spelt), weight), 0.0) for spelt, weight in options))
        graph.words.append((joint, end, character))
        joint = end
    graph.turned = cut > 0
    return graph


@cache
def _options(character: str, tongue: str) -> tuple[tuple[tuple[int, ...], float], ...]:
    """The letters of each reading with its weight; a Korean r may be dropped."""
    if tongue == "zh":
        found = {character: 0.0} if pinyin(character) else {}
    else:
        found = dict(islice(readings(character, tongue).items(), _BEST[tongue]))
    if tongue == "ko":
        for reading, weight in list(found.items()):
            found.setdefault(other_initial(reading), weight + OTHER_INITIAL)
    spelt = ((tuple(numbers(reading, _SCRIPT[tongue])), weight) for reading, weight in found.items())
    return tuple((letters, weight) for letters, weight in spelt if letters)


def spellings(name: str) -> list[str]:
    """The likeliest Latin or Hangul spellings of a name in one piece, by tongue, to look it up by."""
    found = [" ".join(map(pinyin, name))]
    if len(name) <= NATIVE_MAX:
        korean = "".join(next(iter(readings(character, "ko")), "") for character in name)
        if len(korean) == len(name) > 1:
            found.append(f"{korean[0]} {korean[1:]}")
        found += japanese_spellings(name)
    return [spelling for spelling in found if spelling.strip()]
