"""What each line of a page is: the classifier says how much a line is article text, rules say the rest.

The rules know no site and no language but the cue lexicon: repeats, labels, dates, credits, the script of
the page, and where a line stands.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from processors.boilerplate.appeals import is_appeal
from processors.boilerplate.credits import byline_of, is_credit
from processors.boilerplate.cues import CHROME, NO_CUE, normal
from processors.boilerplate.dates import WORDS_BESIDES_MAX, day_without_year, is_date_line
from processors.boilerplate.doubted import keep_last_sentences, keep_listed, keep_sentences_of_headline
from processors.boilerplate.reading import CAPTION_WORDS_MAX, SENTENCE_WORDS_MIN, Page
from processors.boilerplate.related import drop_listed_stories
from processors.boilerplate.relative import time_back
from processors.boilerplate.title import (
    REACH_LINES,
    WORDS_MAX,
    WORDS_MIN,
    Candidate,
    find_title,
    is_trail,
)
from schemas.article import Role

BODY_PROBABILITY = 0.4
CLEAN_SHARE = 0.94  # of a page's words in likely lines: nearly all of it is article
CLEAN_BODY_PROBABILITY = 0.12
CLEAN_SENTENCE_PROBABILITY = 0.08
ENCLOSED_PROBABILITY = 0.2  # enough for a short line between two sure paragraphs
CERTAIN = 0.9
SURE_WORDS_BESIDES = 1  # beside a date, where the classifier is certain of article text
LIKELY = 0.5
UNSURE = 0.85
PARAGRAPH_WORDS = 10
LEAD_WORDS = 18  # more than this is a summary rather than a headline, where the classifier keeps it
SUBHEAD_WORDS_MAX = 14
SURE_OF_ARTICLE = 0.8
LIKELY_ARTICLE = 0.6  # enough below a headline, or where there is not much else
HEADLINE_LINES = 6  # from a headline to the first paragraph
FEW_LINES = 8
SHORT_PAGE_LINES = 20
FLASH_LINES_MAX = 2
FLASH_WORDS_MIN = 3
REPEATED_WORDS_MIN = 4  # shorter lines may be said twice in an article
FOREIGN_WORDS_MAX = 8
DIGEST_LINES = 10  # between a line in a digest's head and the same line above its story
HEAD_LINES = 40  # above the first paragraph, where captions and bylines stand
CREDIT_LINES = 3  # below a headline, where its date and byline stand
KEPT = frozenset({"body", "subhead"})  # what the article's text is made of
NO_TITLE_LABELS = CHROME | {"caption", "published", "updated", "byline"}
CREDIT_LABELS = frozenset({"byline", "published", "updated"})


def article_roles(page: Page) -> list[Role]:
    """The role of every line, in order; none where the page holds no article.

    It holds one where a line is surely article text, or likely so on a short page or right below a headline.
    A page without one is a menu, a list or a form, however many its lines; a page of a few lines is given the
    benefit of the doubt: it may be a flash.
    """
    sure = (page.probability > SURE_OF_ARTICLE) & (page.signs.words >= SENTENCE_WORDS_MIN)
    likely = (page.probability > LIKELY_ARTICLE) & page.sentences()
    few = len(page.lines) < FEW_LINES or (len(page.lines) < SHORT_PAGE_LINES and likely.any())
    if few or sure.any():
        return line_roles(page)
    roles = line_roles(page) if likely.any() else []
    first, title = first_paragraph(page, roles), roles.index("title") if "title" in roles else None
    if first is None or title is None or first > title + HEADLINE_LINES or not likely[first]:
        return []
    return roles


def line_roles(page: Page) -> list[Role]:
    """The role of every line, in order."""
    roles: list[Role] = ["body" if kept else "boilerplate" for kept in _kept(page)]
    _mark_flash(page, roles)
    for index, cue in enumerate(page.cues):
        if cue is not NO_CUE:
            roles[index] = _role_by_cue(page, index, roles[index])
    keep_listed(page, roles)
    drop_listed_stories(page, roles)
    keep_last_sentences(page, roles)
    _mark_appeals(page, roles)
    _mark_foreign(page, roles)
    _mark_dates(page, roles)
    _mark_repeats(page, roles)
    _mark_title(page, roles)
    keep_sentences_of_headline(page, roles)
    _mark_head(page, roles)
    _mark_subheads(page, roles)
    return roles


def _kept(page: Page) -> NDArray[np.bool_]:
    """Lines that are likely article text. On a page that is nearly all article, a line below its first
    may be less likely, and a sentence wherever it stands: it is sooner a quote than furniture.
    """
    words = page.signs.words
    kept: NDArray[np.bool_] = page.probability > BODY_PROBABILITY
    if float(words[kept].sum()) >= CLEAN_SHARE * float(words.sum()) and kept.any():
        below = np.arange(len(kept)) >= kept.argmax()
        kept |= below & (page.probability > CLEAN_BODY_PROBABILITY)
        kept |= page.sentences() & (page.probability > CLEAN_SENTENCE_PROBABILITY)
    return kept


def _mark_flash(page: Page, roles: list[Role]) -> None:
    """A line or two with nothing around them are no page to strip, however short: a news flash."""
    if len(page.lines) <= FLASH_LINES_MAX and "body" not in roles:
        for index in np.flatnonzero(page.signs.words >= FLASH_WORDS_MIN).tolist():
            roles[index] = "body"


def _role_by_cue(page: Page, index: int, role: Role) -> Role:
    cue, words = page.cues[index], page.signs.words[index]
    if cue.is_chrome or cue.whole & {"source"}:
        says = page.signs.ends_sentence[index] and not page.signs.ends_colon[index]
        return role if says and "owner" not in cue.whole else "boilerplate"
    if cue.label & {"source"} and words <= SUBHEAD_WORDS_MAX:
        return "boilerplate"
    if cue.label & {"caption"} and words <= CAPTION_WORDS_MAX:
        return "caption"
    if cue.label & {"byline"} and words <= PARAGRAPH_WORDS and byline_of(page.text(index), cue):
        return "byline"
    if cue.label & {"related"} and words <= CAPTION_WORDS_MAX:
        return "boilerplate"
    return role


def _mark_appeals(page: Page, roles: list[Role]) -> None:
    """A sentence to the reader, or of whose the text is, is none of the article's."""
    for index, role in enumerate(roles):
        if role == "body" and is_appeal(page.text(index)):
            roles[index] = "boilerplate"


def _mark_foreign(page: Page, roles: list[Role]) -> None:
    """A short line in another script than the page's is furniture ("Close" on an Arabic page)."""
    foreign = (page.signs.in_page_script == 0) & (page.signs.words <= FOREIGN_WORDS_MAX)
    for index in np.flatnonzero(foreign & (page.signs.ends_sentence == 0)).tolist():
        if roles[index] == "body":
            roles[index] = "boilerplate"


def _mark_dates(page: Page, roles: list[Role]) -> None:
    signs = page.signs
    likely = (signs.digits >= 4) & (signs.words <= np.where(signs.ends_sentence, 8, 24))
    doubted = page.probability < CERTAIN
    for index in np.flatnonzero(likely).tolist():
        besides = WORDS_BESIDES_MAX if doubted[index] else SURE_WORDS_BESIDES
        if roles[index] in {"body", "boilerplate"} and is_date_line(page.text(index), page.language, besides):
            roles[index] = "date"
    first = roles.index("body") if "body" in roles else 0
    for index in range(max(0, first - HEAD_LINES), first):
        text = page.text(index)
        if roles[index] == "boilerplate" and doubted[index] and (time_back(text) or day_without_year(text)):
            roles[index] = "date"


def _mark_repeats(page: Page, roles: list[Role]) -> None:
    """Of lines that are said again, the first stays and the rest are duplicates.

    A line without a sentence's end that is said again is no paragraph: a picture's text, or a headline.
    One that stood in a table of contents or a menu before stays article text.
    """
    long_enough = page.signs.words >= REPEATED_WORDS_MIN
    keys = {index: normal(page.text(index)) for index in np.flatnonzero(long_enough).tolist()}
    times = Counter(keys.values())
    apart = _said_far_apart(keys, roles)
    body = [index for index, role in enumerate(roles) if role == "body"] or [0]
    seen: dict[str, int] = {}
    for index, key in keys.items():
        if times[key] < 2 or not key or key in apart or page.cues[index].is_chrome:
            continue
        if key in seen:
            if roles[seen[key]] != "boilerplate" or roles[index] != "body":
                roles[index] = "duplicate"
        elif (roles[index] == "body" or body[0] < index < body[-1]) and page.is_short_unended(index):
            roles[index] = "caption"
        seen.setdefault(key, index)


def _said_far_apart(keys: dict[int, str], roles: list[Role]) -> set[str]:
    """Lines said just twice, with much between, both kept: what a digest announces and tells later."""
    places: dict[str, list[int]] = {}
    for index, key in keys.items():
        places.setdefault(key, []).append(index)
    return {
        key
        for key, at in places.items()
        if len(at) == 2 and at[1] - at[0] > DIGEST_LINES and roles[at[0]] == roles[at[1]] == "body"
    }


def first_paragraph(page: Page, roles: list[Role]) -> int | None:
    """The index of the first line that is surely the article's, or `None`."""
    words = page.signs.words
    body = [index for index, role in enumerate(roles) if role == "body"]
    long = [index for index in body if words[index] >= PARAGRAPH_WORDS]
    ended = [index for index in long if page.signs.ends_sentence[index]]
    sure = [index for index in ended if page.probability[index] > LIKELY]
    sentences = page.sentences()
    return next(iter([*sure, *ended, *long, *(index for index in body if sentences[index])]), None)


def _mark_title(page: Page, roles: list[Role]) -> None:
    first = first_paragraph(page, roles)
    if first is None:
        return
    title = find_title(*title_candidates(page, roles, first))
    if title is not None:
        roles[title] = "title"
        for index in range(title + 1, first):
            if normal(page.text(index)) == normal(page.text(title)):
                roles[index] = "duplicate"


def title_candidates(
    page: Page, roles: list[Role], first: int
) -> tuple[list[Candidate], str, Mapping[str, int]]:
    """Lines above the line `first` that may be the headline, the article, and how often each line is said."""
    body = "\n".join(page.text(index) for index, role in enumerate(roles) if role == "body")
    above = range(max(0, first - REACH_LINES), first)
    times = Counter(normal(page.text(index)) for index in above)
    candidates = [
        _candidate(page, roles, index, first) for index in above if _may_be_title(page, roles, index)
    ]
    return candidates, body, times


def _candidate(page: Page, roles: list[Role], index: int, first: int) -> Candidate:
    below = range(index + 1, min(first, index + 1 + CREDIT_LINES))
    return Candidate(
        index=index,
        text=page.text(index),
        words=float(page.signs.words[index]),
        lines_above_article=first - index - 1,
        ends_sentence=bool(page.signs.ends_sentence[index]),
        is_two_sentences=bool(page.signs.inner_ends[index]),
        credit_follows=any(roles[at] == "date" or page.cues[at].label & CREDIT_LABELS for at in below),
        is_kept=roles[index] == "body",
        probability=float(page.probability[index]),
    )


def _may_be_title(page: Page, roles: list[Role], index: int) -> bool:
    return bool(
        (roles[index] in {"boilerplate", "caption"} or _may_be_both(page, roles, index))
        and reads_like_headline(page, index)
        and not is_credit(page.text(index))
    )


def reads_like_headline(page: Page, index: int) -> bool:
    """Whether a line has the length, script and ending of a headline, and no label of something else."""
    signs, cue, text = page.signs, page.cues[index], page.text(index)
    return bool(
        WORDS_MIN <= signs.words[index] <= WORDS_MAX
        and signs.in_page_script[index] > 0.5
        and not cue.whole
        and not cue.label & NO_TITLE_LABELS
        and not text.endswith((".", "。", "।", "۔", ":", "："))
        and not is_trail(text)
    )


def _may_be_both(page: Page, roles: list[Role], index: int) -> bool:
    """Whether a line the classifier keeps may still be the headline: one it is unsure of, or a few words that
    are the page's first, for no menu above them tells the classifier that this is a page.
    """
    unsure = page.probability[index] <= UNSURE
    words_max = LEAD_WORDS if unsure else SUBHEAD_WORDS_MAX if index == 0 else 0
    return bool(roles[index] == "body" and page.signs.words[index] <= words_max)


def _mark_head(page: Page, roles: list[Role]) -> None:
    """Captions and bylines: between title and first paragraph, and around the article."""
    first = first_paragraph(page, roles)
    body = [index for index, role in enumerate(roles) if role == "body"]
    if first is None or not body:
        return
    title = roles.index("title") if "title" in roles else None
    start = max(0, first - HEAD_LINES) if title is None else max(title, first - HEAD_LINES)
    for index in range(start, min(len(roles), body[-1] + 4)):
        if roles[index] not in {"boilerplate", "body"} or page.cues[index].is_chrome:
            continue
        text = page.text(index)
        inside = roles[index] == "body"
        if page.signs.words[index] > CAPTION_WORDS_MAX:
            continue
        if is_credit(text):
            roles[index] = "caption"
        elif not inside and byline_of(text, page.cues[index]) is not None:
            roles[index] = "byline"
        elif title is not None and not inside and title < index < first and _is_caption(page, index):
            roles[index] = "caption"


def _is_caption(page: Page, index: int) -> bool:
    """A few words above the first paragraph that are neither a sentence nor a label."""
    return bool(
        PARAGRAPH_WORDS / 2 <= page.signs.words[index] <= SUBHEAD_WORDS_MAX * 2
        and page.signs.in_page_script[index] > 0.5
        and page.signs.digits[index] == 0
        and not page.cues[index].label
        and not page.signs.bars[index]
    )


def _mark_subheads(page: Page, roles: list[Role]) -> None:
    """Short kept lines without a sentence's end, with article text after them; and those that the
    classifier doubts but two sure paragraphs enclose.
    """
    body = [index for index, role in enumerate(roles) if role == "body"]
    if not body:
        return
    first = first_paragraph(page, roles)
    signs = page.signs
    short = (signs.words <= SUBHEAD_WORDS_MAX) & (signs.ends_sentence == 0) & (signs.ends_colon == 0)
    for index in body:
        if short[index] and index < body[-1] and (first is None or index > first):
            roles[index] = "subhead"
    sure = (
        (page.probability > BODY_PROBABILITY) & (signs.words >= PARAGRAPH_WORDS) & (signs.ends_sentence > 0)
    )
    doubted = short & (page.probability > ENCLOSED_PROBABILITY) & (signs.words >= WORDS_MIN - 1)
    doubted &= (signs.clock_signs == 0) & (signs.in_page_script > 0.5)
    doubted[1:-1] &= sure[:-2] & sure[2:]
    for index in np.flatnonzero(doubted[1:-1]).tolist():
        if roles[index + 1] == "boilerplate" and page.cues[index + 1] is NO_CUE:
            roles[index + 1] = "subhead"
