"""The tables of Han: readings of characters, Japanese names known whole, forms of one character."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from japanese_personal_name_dataset import load_dataset
from pairs import wikidata_lines
from readings import READINGS_MAX, WHOLE_READINGS_MAX, learned, merged, one_form, unihan, whole_names

TONGUES = ("ja", "ko", "la", "alone")


def han_lines(source: Path, unihan_source: Path) -> list[str]:
    """One character a line with its readings, each with a weight, of each tongue."""
    lines = [*wikidata_lines(source), *_japanese_lines()]
    from_names = {tongue: learned(iter(lines), tongue) for tongue in TONGUES}
    known = unihan(unihan_source)
    rows = []
    for character in sorted(set(known).union(*from_names.values())):
        cells = []
        for tongue in TONGUES:
            readings = merged(
                from_names[tongue].get(character, {}), known.get(character, {}).get(tongue, []), tongue
            )
            ranked = sorted(readings.items(), key=lambda item: (-item[1], item[0]))[:READINGS_MAX]
            cells.append(" ".join(f"{reading}{max(1, round(9 * share**0.5))}" for reading, share in ranked))
        rows.append("\t".join([character, *cells]))
    return rows


def _japanese_lines() -> Iterator[list[str]]:
    """Japanese family and given names with their readings, of japanese-personal-name-dataset (MIT)."""
    men, women, families = load_dataset(include_last_names=True)
    for reading, entry in chain(men.items(), women.items()):
        yield [reading, *entry["kanji"]]
    for kanji, entry in families.items():
        yield [kanji, entry["reading"]]


def japanese_names(source: Path) -> list[str]:
    """Written names with their readings, likeliest first; family names of the list count more."""
    families = [
        [kanji, entry["reading"]] for kanji, entry in load_dataset(include_last_names=True)[2].items()
    ]
    found = whole_names([*wikidata_lines(source), *families, *families])
    return [
        "\t".join([name, *(reading for reading, _ in readings.most_common(WHOLE_READINGS_MAX))])
        for name, readings in sorted(found.items())
        if readings and name[-1] not in "姓氏"
    ]


def variants() -> list[str]:
    """Simplified and Japanese forms with the traditional one, where they differ."""
    every = [chr(code) for code in range(0x4E00, 0xA000)]
    return [f"{c}{one_form(c)}" for c in every if len(one_form(c)) == 1 and one_form(c) != c]
