"""The language stage: judges the article's words, not the page around them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np

from processors.language.identify import identify
from processors.language.scripts import SCRIPTS, Counts, letters_of, script_code, script_counts
from processors.language.visible import visible_lines
from processors.stage import Dropped
from schemas.article import Article, Language

FLOOR = 0.5  # less confidence than this is no answer
SCANNED_CHARACTERS_MAX = 2_000_000
JUDGED_LINES_MAX = 200
JUDGED_CHARACTERS_MAX = 4_000
LONG_LINE_LETTERS = 40


class LanguageStage:
    """Fills `article.language`; drops an article without a letter as `empty`."""

    name = "language"

    def __call__(self, article: Article) -> Article | Dropped:
        """The article with its language: `und` where nothing reaches the floor."""
        page = article.raw.content[:SCANNED_CHARACTERS_MAX]
        lines = visible_lines(page) if article.raw.format == "html" else page.splitlines()
        language = language_of(lines)
        if language is None:
            return Dropped("empty")
        return msgspec.structs.replace(article, language=language)


def language_of(lines: Sequence[str]) -> Language | None:
    """The language of a page's lines, `None` without letters.

    Pages mix languages: buttons and a date bar in one, the article in another. The script is that of the
    longest lines, each weighed by its letters squared; only its lines are judged, the long ones where
    there are any, `JUDGED_CHARACTERS_MAX` characters at most.
    """
    longest = sorted((line.strip() for line in lines), key=len, reverse=True)[:JUDGED_LINES_MAX]
    counted = [(line, script_counts(line)) for line in (line[:JUDGED_CHARACTERS_MAX] for line in longest)]
    weighed = sum((counts * counts.sum() for _, counts in counted), start=np.zeros(SCRIPTS, np.int64))
    if not weighed.any() and not script_counts("\n".join(lines)).any():
        return None
    script = script_code(weighed)
    guess = identify(_judged_text(counted, script), script)
    if guess is None or guess.confidence < FLOOR:
        return Language(code="und", confidence=round(guess.confidence, 4) if guess else 0.0, script=script)
    return Language(
        code=guess.code, confidence=round(guess.confidence, 4), script=script, dialect=guess.dialect
    )


def _judged_text(counted: Iterable[tuple[str, Counts]], script: str | None) -> str:
    """The lines of the main script, longest first, cut to `JUDGED_CHARACTERS_MAX`."""
    kept: list[str] = []
    room = JUDGED_CHARACTERS_MAX
    for line, counts in counted:
        letters = letters_of(counts, script)
        if room <= 0 or (kept and letters < LONG_LINE_LETTERS):
            break
        if letters and 2 * letters >= int(counts.sum()):
            kept.append(line[:room])
            room -= len(line)
    return " ".join(kept)
