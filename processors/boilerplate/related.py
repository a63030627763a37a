"""Lists of other stories that stand inside an article ("Read also"): what is theirs, and where it goes on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from processors.boilerplate.cues import normal
from processors.boilerplate.reading import SENTENCE_WORDS_MIN, Page
from schemas.article import Role

LIST_LINES_MAX = 24
QUESTION_WORDS_MAX = 14
HEADLINE_WORDS_MIN = 4
CLOSING_WORDS = 2  # that stand before the heading's own: "End of Recommended stories"
CLOSING_HEADING_LETTERS = 6
QUESTION_SIGNS = ("?", "؟", "？")


def drop_listed_stories(page: Page, roles: list[Role]) -> None:
    """What stands between a list's heading and the line that says it is over is furniture, and so are
    questions below a heading: of other headlines they alone end as sentences do.
    """
    for heading in _headings(page):
        end = _closing(page, heading)
        listed = range(heading + 1, end) if end else _questions_below(page, roles, heading)
        for index in listed:
            if roles[index] == "body":
                roles[index] = "boilerplate"


def has_lists(page: Page) -> bool:
    """Whether any line is the heading of a list of other stories."""
    return next(_headings(page), None) is not None


def _headings(page: Page) -> Iterator[int]:
    return (index for index, cue in enumerate(page.cues) if "related" in cue.whole)


def _closing(page: Page, heading: int) -> int | None:
    """The line that ends in the heading's words and has few before them."""
    words = normal(page.text(heading))
    if len(words) < CLOSING_HEADING_LETTERS:
        return None
    for index in range(heading + 1, min(len(page.lines), heading + LIST_LINES_MAX)):
        before, found, rest = normal(page.text(index)).rpartition(f" {words}")
        if found and not rest and len(before.split()) <= CLOSING_WORDS:
            return index
    return None


def _questions_below(page: Page, roles: Sequence[Role], heading: int) -> list[int]:
    """The short questions among the lines right below a heading that are none of the article's sentences."""
    questions: list[int] = []
    for index in range(heading + 1, min(len(page.lines), heading + LIST_LINES_MAX)):
        if page.text(index).endswith(QUESTION_SIGNS) and page.signs.words[index] <= QUESTION_WORDS_MAX:
            questions.append(index)
        elif roles[index] == "body" or page.signs.ends_sentence[index]:
            break
    return questions


def is_below_list(page: Page, roles: Sequence[Role], index: int) -> bool:
    """Whether right above a line stands a list of other stories, and above that the article.

    None of the list's own lines may end as a sentence does, but for questions: where stories are listed
    with a sentence each, nothing tells which is the article's. A question is sooner a headline of the list.
    """
    if page.text(index).endswith(QUESTION_SIGNS):
        return False
    listed = 0
    for above in range(index - 1, max(-1, index - LIST_LINES_MAX), -1):
        if "related" in page.cues[above].whole:
            return listed > 0 and above > 0 and "body" in roles[max(0, above - LIST_LINES_MAX) : above]
        if roles[above] == "body" or (
            page.signs.ends_sentence[above]
            and page.signs.words[above] >= SENTENCE_WORDS_MIN
            and not page.text(above).endswith(QUESTION_SIGNS)
        ):
            return False
        listed += page.signs.words[above] >= SENTENCE_WORDS_MIN - 1
    return False


def is_above_headline(page: Page, roles: Sequence[Role], index: int) -> bool:
    """Whether the next line may be a further story of a list."""
    below = index + 1
    return bool(
        below < len(page.lines)
        and roles[below] != "body"
        and page.signs.words[below] >= HEADLINE_WORDS_MIN
        and page.is_short_unended(below)
    )
