"""A graph of letters against many Latin names at once: the log odds that they are one name."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from processors.names.identity.graph import JOINT, Graph
from processors.names.identity.rows import Floats, Names
from processors.names.identity.sounds import Sounds, sounds


def odds(graph: Graph, names: Names) -> Floats:
    """The log odds of each name, for the best way through the graph; words left out count as told.

    Twenty letters against a hundred names take about a millisecond.
    """
    return np.asarray((walk(graph, names)[-1] + names.tail).max(1) + np.float32(graph.prior))


def walk(graph: Graph, names: Names) -> list[Floats]:
    """For each node the log odds [names, letters + 1] of the best way to it and to each letter."""
    table = sounds()
    gaps = _gaps(graph, names, table)
    count, width = names.word_start.shape
    flat_start = names.word_start + (np.arange(count) * width)[:, None]
    rows: list[Floats] = [names.head]
    last = len(graph.letter) - 1
    for v in range(1, last + 1):
        into = _into(rows, graph.before[v])
        letter = graph.letter[v]
        row = into if letter == JOINT else _step(into, letter, names, table, gaps[int(table.script[letter])])
        if letter == JOINT or len(graph.before[v]) > 1 or v == last:
            row = np.maximum(row, row.ravel()[flat_start] + names.skip)
        rows.append(row)
    return rows


def _gaps(graph: Graph, names: Names, table: Sounds) -> dict[int, Floats]:
    scripts = {int(table.script[letter]) for letter in graph.letter if letter != JOINT}
    found = {}
    for script in scripts:
        summed = np.zeros(names.word_start.shape, np.float32)
        np.cumsum(table.latin_gap[script][names.letters], axis=1, out=summed[:, 1:])
        found[script] = summed
    return found


def _into(rows: list[Floats], before: list[tuple[int, float]]) -> Floats:
    first, weight = before[0]
    into = rows[first] + np.float32(weight) if weight else rows[first]
    for node, other in before[1:]:
        into = np.asarray(np.maximum(into, rows[node] + np.float32(other)))
    return into


def _step(into: Floats, letter: int, names: Names, table: Sounds, gap: Floats) -> Floats:
    row: Floats = into + table.gap[letter]
    np.maximum(row[:, 1:], into[:, :-1] + table.one[letter][names.letters], out=row[:, 1:])
    np.maximum(row[:, 2:], into[:, :-2] + table.two[letter][names.pairs[:, 1:]], out=row[:, 2:])
    row -= gap
    np.maximum.accumulate(row, axis=1, out=row)
    row += gap
    return row


class Step(NamedTuple):
    """On a way through a graph: a node, how many Latin letters are read by then, and the log odds so far."""

    node: int
    letter: int
    odds: float


class Walked(NamedTuple):
    """What `walk` found, with what it walked."""

    graph: Graph
    names: Names
    rows: list[Floats]


def way(walked: Walked, n: int) -> list[Step]:
    """The best way through the graph against name `n`; words left out at its end count in the last odds."""
    graph, names, rows = walked
    whole = rows[-1][n] + names.tail[n]
    v, j = len(graph.letter) - 1, int(whole.argmax())
    found = [Step(v, j, float(whole[j]))]
    while v:
        v, j = min(_before(walked, n, v, j))[1:]
        found.append(Step(v, j, float(rows[v][n, j])))
    return found[::-1]


def _before(walked: Walked, n: int, v: int, j: int) -> list[tuple[float, int, int]]:
    """How far each step that may have led to node v and letter j is from having done so; where it began."""
    graph, names, rows = walked
    table = sounds()
    here, letter = float(rows[v][n, j]), graph.letter[v]
    start = int(names.word_start[n, j])
    found = [(float(rows[v][n, start] + names.skip[n, j]), v, start)]
    if letter != JOINT and j:
        latin_gap = table.latin_gap[table.script[letter], names.letters[n, j - 1]]
        found.append((float(rows[v][n, j - 1] + latin_gap), v, j - 1))
    for u, weight in graph.before[v]:
        into = rows[u][n] + np.float32(weight)
        if letter == JOINT:
            found.append((float(into[j]), u, j))
            continue
        found.append((float(into[j] + table.gap[letter]), u, j))
        if j:
            found.append((float(into[j - 1] + table.one[letter, names.letters[n, j - 1]]), u, j - 1))
        if j > 1:
            found.append((float(into[j - 2] + table.two[letter, names.pairs[n, j - 1]]), u, j - 2))
    return [(abs(score - here), u, k) for score, u, k in found if (u, k) != (v, j)]
