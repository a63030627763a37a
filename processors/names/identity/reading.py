"""A written name as words, and as the graph of its readings."""

from __future__ import annotations

import re

from processors.names.identity.graph import JOINT, Graph
from processors.names.identity.han import han_graphs, spellings
from processors.names.identity.hangul import OTHER_INITIAL, other_initial
from processors.names.identity.letters import latin
from processors.names.identity.numbers import numbers
from processors.names.identity.romanisation import romanised
from processors.names.identity.sounds import sounds
from processors.names.identity.words import PARTICLE, skip_weight, words_of

KOREAN_MAX = 4
EASTERN_MAX, EASTERN = 16, -1.0
NOT_KOREAN = -1.5
_LETTER_NAMES = (
    *(
        "ay",
        "bee",
        "see",
        "dee",
        "ee",
        "ef",
        "jee",
        "aitch",
        "ai",
        "jay",
        "kay",
        "el",
        "em",
        "en",
        "oh",
        "pee",
        "kew",
    ),
    *("ar", "es", "tee", "vee", "doubleyou", "ex", "wy", "zee"),
)
_DOTS = re.compile("[·・•‧∙]")
_SURNAMES = frozenset(
    "김이박최정강조윤장임한오서신권황안송류유홍전고문양손배백허남심노로리림하곽성차주우구민진지엄채원천방공현함변염추도소석선설마길연위"
    "표명기반왕금옥육인맹제모탁국어은편용예경봉"
)


def latin_words(name: str) -> list[tuple[list[int], float]]:
    """A name as words of Latin letters' numbers, with the weight of leaving each out."""
    numbers = sounds().latin
    written = words_of(name)
    count = len(written)
    found = []
    for place, (word, script) in enumerate(written):
        for part in word.split() if script == "latin" else romanised(word, script).split():
            spelt = [numbers[letter] for letter in latin(part) if letter in numbers]
            if spelt:
                found.append((spelt, skip_weight(word, place, count)))
    return found


def spelt_forms(name: str) -> list[str]:
    """The name itself, or its likeliest spellings in each tongue if it is in Han and no foreign one."""
    if is_native_han(name):
        return spellings("".join(word for word, _ in words_of(name)))
    return [name]


def latin_forms(name: str) -> list[list[tuple[list[int], float]]]:
    """The Latin forms to look a name up by, as `latin_words` gives them; J. D. is also Jay Dee."""
    spelt = [*spelt_forms(name), *_initials_said(name)]
    return [form for spelling in spelt if (form := latin_words(spelling))]


def _initials_said(name: str) -> list[str]:
    written = [word for word, script in words_of(name) if script == "latin"]
    initials = [word for word in written if len(word) == 1 or (len(word) == 2 and word.isupper())]
    if len("".join(initials)) < 2:
        return []
    return [" ".join(" ".join(map(_said, word)) if word in initials else word for word in written)]


def _said(letter: str) -> str:
    return dict(zip("abcdefghijklmnopqrstvwxyz", _LETTER_NAMES, strict=True)).get(letter.lower(), letter)


def is_native_han(name: str) -> bool:
    """Whether a name is in Han alone and has no dot, as foreign ones have between their words."""
    written = words_of(name)
    return bool(written) and all(script == "han" for _, script in written) and not _DOTS.search(name)


def is_native_hangul(name: str) -> bool:
    """Whether a name is a Korean's in Hangul: a family name and few syllables, not a foreigner's by sound."""
    written = words_of(name)
    return _is_korean(written) and written[0][0][0] in _SURNAMES


def _is_korean(written: list[tuple[str, str]]) -> bool:
    """Whether words in Hangul are few enough syllables for a Korean's name."""
    return 1 < sum(len(word) for word, _ in written) <= KOREAN_MAX and all(s == "hangul" for _, s in written)


def graphs_of(name: str) -> list[Graph]:
    """The name's readings, in the orders of words it may have in Latin letters."""
    written = words_of(name)
    if not written:
        return []
    if is_native_han(name):
        return han_graphs("".join(word for word, _ in written))
    found = _graphs(written, 0.0)
    if (
        all(script == "cyrillic" for _, script in written)
        and sum(len(word) for word, _ in written) <= EASTERN_MAX
    ):
        eastern = [(word, "eastern") for word, _ in written]
        found += _graphs(eastern, EASTERN)[:2]
    if _is_korean(written):
        if written[0][0][0] in _SURNAMES:
            for graph in found:
                graph.prior = NOT_KOREAN
        found += _korean_graphs([word for word, _ in written])
    return found


def _graphs(written: list[tuple[str, str]], prior: float) -> list[Graph]:
    found = [_graph(order, prior) for order in _orders(written)]
    for graph in found[1:]:
        graph.turned = True
    return found


def _orders(written: list[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """As written; the first word last; the last word first."""
    orders = [written]
    if 1 < len(written) <= 5:
        orders.append([*written[1:], written[0]])
    if 2 < len(written) <= 5:
        orders.append([written[-1], *written[:-1]])
    return orders


def _graph(written: list[tuple[str, str]], prior: float) -> Graph:
    graph = Graph(prior)
    joint = 0
    for place, (word, script) in enumerate(written):
        end = _chained(graph, joint, word, script, first=place == 0)
        graph.words.append((joint, end, word))
        joint = graph.add(JOINT, (end, 0.0), (joint, skip_weight(word, place, len(written))))
    return graph


def _chained(graph: Graph, start: int, word: str, script: str, *, first: bool) -> int:
    """The letters of a word; an Arabic one may write few vowels, and its article may be missing."""
    if script != "arabic":
        end = graph.chain(start, numbers(word, script))
        if script == "eastern" and first and word[0] in "Нн":
            return graph.join(
                (end, 0.0), (graph.chain(start, numbers("р" + word[1:], script)), OTHER_INITIAL)
            )
        return end
    spelt = {way: numbers(word, way) for way in ("arabic", "vowelless")}
    if len(word) > 4 and word.startswith("ال"):
        after = graph.chain(start, spelt["arabic"][:2])
        start = graph.add(JOINT, (after, 0.0), (start, PARTICLE))
        spelt = {way: letters[2:] for way, letters in spelt.items()}
    ends = [(graph.chain(start, letters), 0.0) for letters in spelt.values() if letters]
    return graph.join(*ends) if ends else start


def _korean_graphs(words: list[str]) -> list[Graph]:
    """A Korean name as such: family name first, and turned; a family name of two syllables is rare."""
    name = "".join(words)
    cuts = [len(words[0])] if len(words) == 2 else [1, 2] if len(name) == 4 else [1]
    orders = [[name], *([name[cut:], name[:cut]] for cut in cuts if cut < len(name))]
    found = [_korean(order, name) for order in orders]
    for graph in found[1:]:
        graph.turned = True
    return found


def _korean(parts: list[str], name: str) -> Graph:
    graph = Graph()
    joint = 0
    for part in parts:
        for place, syllable in enumerate(part):
            ends = [(graph.chain(joint, numbers(syllable, "korean")), 0.0)]
            other = other_initial(syllable) if part[0] == name[0] and place == 0 else ""
            if other:
                ends.append((graph.chain(joint, numbers(other, "korean")), OTHER_INITIAL))
            end = graph.join(*ends)
            graph.words.append((joint, end, syllable))
            joint = end
    return graph
