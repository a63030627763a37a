"""The sentences that sanctions and events are learned from: our own, and real ones that tell no sanctions.

Of our own a tenth is kept to choose between runs (by hash, so that a new sentence moves no other); what
is measured in the end is written by somebody else, in `tests/quality/data/`.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from processors.encoder.heads import EVENTS
from training.understanding.markup import Told, parse, read_events, read_sanctions

FOLDER = Path(__file__).parent
DEV_OF_256 = 26
CALM_LETTERS_MAX = 400
_RENAMED = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "FIGHT": "ASSAULT"}
SWAPPED = frozenset({"issuer", "target", "place"})
# Sentences with such a word are left out of those taken to tell no sanctions.
SUSPECT = re.compile(
    r"(?i)عقوب|تحریم|تحريم|حظر|تجميد|قيود|sanction|sancion|sanción|embargo|blacklist|sanktion|санкци|эмбарго"
    r"|yaptırım|ambargo|제재|금수|制裁|禁运|实体清单|freez|gel des avoirs|sperr"
)


@dataclass(frozen=True)
class Own:
    """One of our own sentences, with its language, and whether it only chooses between runs."""

    told: Told
    language: str
    dev: bool


def own_sentences(folder: Path = FOLDER) -> list[Own]:
    """Every sentence of `sanctions/` and `events/`, and of the folders in them. Raises `MarkupError`."""
    return [
        Own(told, file.stem, _is_dev(told.text))
        for name, read in (("sanctions", read_sanctions), ("events", read_events))
        for file in sorted((folder / name).rglob("*.txt"))
        for told in read(file)
    ]


def plover_examples(path: Path) -> Iterator[Own]:
    """The examples of PLOVER's own gold records: English, one event of each sentence labelled.

    The file is JSON but for commas that trail and what some records leave out.
    """
    for record in re.findall(r"\{\s*\"id\".*?\n\},?", path.read_text(encoding="utf-8"), re.DOTALL):
        kind, marked = (re.search(rf'"{key}": "(.*?)"[,}}\n]', record) for key in ("event", "markup"))
        event = kind and _RENAMED.get(kind[1], kind[1])
        if event in EVENTS and marked:
            plain = re.sub(r"\((?!EVT: )[A-Z/]+: ([^()]*)\)", r"\1", marked[1])
            try:
                text, spans = parse(re.sub(r"\(EVT: ([^()]*)\)", rf"[{event} \1]", plain), EVENTS)
            except ValueError:
                continue
            if "(SRC" not in text and "(TAR" not in text:  # one marked inside another
                yield Own(Told(text, spans, None, frozenset({event}), None, partial=True), "en", dev=False)


def without_sanctions(texts: Iterable[tuple[str, str]]) -> Iterator[Own]:
    """Of real sentences (language, text) those that have no word of sanctions, as ones that tell none."""
    for language, text in texts:
        if len(text) <= CALM_LETTERS_MAX and not SUSPECT.search(text):
            yield Own(Told(text, (), "none"), language, dev=False)


def readings(own: Sequence[Own], times: int, seed: int = 7) -> Iterator[tuple[Own, Told]]:
    """Each sentence `times`: as it is, then with parties of other sentences, or as headlines are written."""
    rng = random.Random(seed)
    parties: dict[tuple[str, str], list[str]] = defaultdict(list)
    for one in own:
        if one.told.act and not one.dev:
            for start, end, part in one.told.spans:
                parties[one.language, part].append(one.told.text[start:end])
    for one in own:
        yield one, one.told
        for _ in range(times - 1):
            yield one, _varied(one, parties, rng)


def _varied(one: Own, parties: dict[tuple[str, str], list[str]], rng: random.Random) -> Told:
    told = one.told
    if told.act and rng.random() < 0.6:
        told = _with_other_parties(told, one.language, parties, rng)
    upper = told.text.upper()
    if rng.random() < 0.08 and len(upper) == len(told.text):
        told = replace(told, text=upper)
    if rng.random() < 0.3:
        told = _without_last_mark(told)
    return told


def _with_other_parties(
    told: Told, language: str, parties: dict[tuple[str, str], list[str]], rng: random.Random
) -> Told:
    text, last, spans = "", 0, []
    for start, end, part in told.spans:
        words = told.text[start:end]
        if part in SWAPPED and rng.random() < 0.4:
            words = rng.choice(parties[language, part] or [words])
        text += told.text[last:start]
        spans.append((len(text), len(text) + len(words), part))
        text += words
        last = end
    return replace(told, text=text + told.text[last:], spans=tuple(spans))


def _without_last_mark(told: Told) -> Told:
    """As a headline, or as a sentence cut out of its line, stands."""
    text = told.text.rstrip(".。۔ ")
    ends = max((end for _, end, _ in told.spans), default=0)
    return replace(told, text=text) if len(text) >= ends else told


def _is_dev(text: str) -> bool:
    return hashlib.sha256(text.encode()).digest()[0] < DEV_OF_256
