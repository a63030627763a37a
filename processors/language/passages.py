"""Which lines of an article are in another language than the article: quotes, mixed pages, translations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from processors.language.identify import identify
from processors.language.scripts import letters_of, script_code, script_counts
from schemas.article import Language

SAME_SCRIPT_LETTERS_MIN, SAME_SCRIPT_CONFIDENCE = 60, 0.95
OTHER_SCRIPT_LETTERS_MIN, OTHER_SCRIPT_CONFIDENCE = 20, 0.8
SURE_OF_ARTICLE = 0.98  # pages of two languages are told with less
# Written so alike that a sentence of one passes for the other.
_ALIKE = (
    {"id", "ms"}, {"no", "da", "nn", "nb", "sv"}, {"cs", "sk"}, {"hr", "sr", "bs", "sh", "sl"}, {"tr", "az"},
    {"es", "pt", "gl", "ca", "ast", "an"}, {"ru", "uk", "be", "bg", "mk"}, {"hi", "mr", "ne"}, {"nl", "af"},
)  # fmt: skip


def other_languages(texts: Sequence[str], article: Language) -> Iterator[str | None]:
    """For each line its language where that surely is not the article's, else `None`.

    A line of another script needs a few words; one of the same script a sentence, in none of the languages
    that pass for the article's, and an article that was not told at `SURE_OF_ARTICLE`.
    """
    for text in texts:
        yield _other_language(text, article)


def _other_language(text: str, article: Language) -> str | None:
    counts = script_counts(text)
    script = script_code(counts)
    letters = letters_of(counts, script)
    is_same = script == article.script
    if is_same and article.confidence >= SURE_OF_ARTICLE:
        return None
    if script is None or letters < (SAME_SCRIPT_LETTERS_MIN if is_same else OTHER_SCRIPT_LETTERS_MIN):
        return None
    guess = identify(text, script)
    enough = SAME_SCRIPT_CONFIDENCE if is_same else OTHER_SCRIPT_CONFIDENCE
    if guess is None or guess.confidence < enough or guess.code == article.code:
        return None
    alike = is_same and any({guess.code, article.code} <= group for group in _ALIKE)
    return None if alike else guess.code
