"""Real sentences with a word of sanctions, from the shared data, which may be read but not copied.

Labels for them stand in `data/sanctions_real.jsonl` under the first digits of a hash; this finds the text
that belongs to a label.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

from processors.sentences import sentences
from training.understanding import corpora

WORDS = {
    "ar": "عقوب|حظر اقتصادي|يحظر تزويد|مقاطعة المنتجات",
    "de": "sanktion|embargo|eingefroren",
    "en": "sanction|embargo|blacklist|terrorist list|travel ban",
    "es": "sancion|sanción|embargo|lista negra",
    "fa": "تحریم",
    "fr": "sanction|embargo|liste noire",
    "ko": "제재",
    "ru": "санкци|эмбарго|запрет на (ввоз|экспорт)",
    "tr": "yaptırım|ambargo",
    "zh": "制裁|实体清单|禁运|资产全遭冻结",
}
"""What makes a sentence one of these, by language, whatever the case; false friends come along on purpose."""
SHA_DIGITS = 16


def sha_of(text: str) -> str:
    """The key of a sentence: the first 16 hex digits of the SHA-256 of its UTF-8 text."""
    return hashlib.sha256(text.encode()).hexdigest()[:SHA_DIGITS]


def shared_sentences(data: Path) -> Iterator[tuple[str, str, str]]:
    """Key, language and text of each such sentence under `data`, the `data` folder of the shared data, once.

    They come from the sets on language, on lines (body lines, cut into sentences) and on names.
    """
    seen: set[str] = set()
    for language, text in (*_of_language_sets(data), *_of_body_lines(data), *_of_name_sets(data)):
        if language in WORDS and re.search(WORDS[language], text, re.IGNORECASE) and text not in seen:
            seen.add(text)
            yield sha_of(text), language, text


def _of_language_sets(data: Path) -> Iterator[tuple[str, str]]:
    for language in WORDS:
        for line in (data / "lid" / f"{language}.txt").read_text(encoding="utf-8").splitlines():
            yield language, line.strip()


def _of_body_lines(data: Path) -> Iterator[tuple[str, str]]:
    with (data / "lines" / "dev.jsonl").open(encoding="utf-8") as pages:
        for page in map(json.loads, pages):
            for line, is_body in zip(page["lines"], page["labels"], strict=True):
                if is_body:
                    yield from ((page["lang"], line[start:end]) for start, end in sentences(line))


def _of_name_sets(data: Path) -> Iterator[tuple[str, str]]:
    for sentence in corpora.sentences(data / "ner", old_newspapers=True, own=None):
        yield sentence.language, corpora.closed_up(sentence).text.strip()
