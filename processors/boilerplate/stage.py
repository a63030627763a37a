"""The boilerplate stage: from a page to its article."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import replace
from functools import partial

import msgspec

from processors.boilerplate.agency import agency_of
from processors.boilerplate.credits import byline_of, is_person
from processors.boilerplate.cues import normal
from processors.boilerplate.lines import Numbers, split_lines
from processors.boilerplate.memory import SourceMemory, less_likely
from processors.boilerplate.page import clean_html
from processors.boilerplate.parting import headlines_of_others, spoken_of
from processors.boilerplate.publication import publication, told_by_feed
from processors.boilerplate.reading import Page, read_page
from processors.boilerplate.roles import KEPT, article_roles, line_roles
from processors.boilerplate.title import without_kicker
from processors.language.passages import other_languages
from processors.stage import Dropped, PermanentError
from schemas.article import Article, Clean, Language, Role, Segment

LINES_MAX = 20_000
CHARACTERS_MAX = 2_000_000
CREDIT_LINES_BELOW = 2
OPENING_LINES = 3
REPORTED_BY = "reporting by"
FURNITURE = frozenset({"boilerplate", "duplicate"})

ToldBefore = Callable[[Sequence[str], Numbers], Sequence[int]]


class BoilerplateStage:
    """Fills `article.clean`; drops a page without a line of article text as `not_an_article`.

    Raises `PermanentError` (`too_large`) above `CHARACTERS_MAX` characters or, for text, `LINES_MAX` lines.
    """

    name = "boilerplate"

    def __init__(self, memory: MutableMapping[str, bytes] | None = None) -> None:
        """`memory` is where lines that a source repeats are learned (`SourceMemory`); none, nothing is."""
        self._memory = memory

    def __call__(self, article: Article) -> Article | Dropped:
        """The article with title, text, date, byline and agency, and for text the role of every line."""
        content = article.raw.content
        if len(content) > CHARACTERS_MAX:
            raise PermanentError("too_large", f"{len(content)} characters; the limit is {CHARACTERS_MAX}")
        language = article.language.code if article.language else "und"
        if article.raw.format == "html":
            clean = clean_html(content, article.url)
        else:
            told_before = self._told_before(article)
            clean = clean_text(content, language, article.fetched_at, told_before, article.url)
        if clean is None:
            return Dropped("not_an_article")
        if article.language is not None:
            clean = _with_languages(clean, content, article.language)
        if clean.published_at is None:
            clean = _dated(clean, told_by_feed(article.feed_published_at, article.fetched_at))
        return msgspec.structs.replace(article, clean=clean)

    def _told_before(self, article: Article) -> ToldBefore | None:
        if self._memory is None:
            return None
        return partial(SourceMemory(self._memory, article.source).told_before, article.id)


def clean_text(
    content: str,
    language: str,
    fetched_at: str = "",
    told_before: ToldBefore | None = None,
    url: str | None = None,
) -> Clean | None:
    """The article in a page of plain text; `None` where there is none.

    Body lines and subheads are kept as they stand, but for white space around them. `told_before` says of
    each line, given how likely it is article text, how many other stories of the source had it: that takes
    lines from an article and never all of them, since an outlet may tell a thing in its own words of before.
    Of several articles the text has the first, or the one that the last part of `url` speaks of.
    """
    if content.count("\n") >= LINES_MAX:
        raise PermanentError("too_large", f"more than {LINES_MAX} lines")
    lines = split_lines(content)
    if not lines:
        return None
    page = read_page(lines, language)
    told = told_before([line.text for line in lines], page.probability) if told_before else ()
    doubted = _doubted(page, told)
    roles = _roles(doubted)
    if "body" in roles:
        page = doubted
    elif doubted is not page:
        roles = _roles(page)
    if "body" not in roles:
        return None
    begins = headlines_of_others(page, roles)
    one = _one_of_several(page, roles, begins, told, fetched_at, url) if begins else None
    return one or _cleaned(page, roles, fetched_at)


def _roles(page: Page) -> list[Role]:
    """What each line is; nothing where there is no article."""
    roles = article_roles(page)
    if len(page.lines) == 1 and "boilerplate" not in roles:
        return ["body"]  # one line and nothing else is what was meant to be read
    return roles


def _doubted(page: Page, told: Sequence[int]) -> Page:
    return replace(page, probability=less_likely(page.probability, told)) if any(told) else page


def _cleaned(page: Page, roles: list[Role], fetched_at: str) -> Clean:
    published = publication(page, roles, fetched_at)
    return Clean(
        title=_title(page, roles),
        text="\n".join(page.text(at) for at, role in enumerate(roles) if role in KEPT),
        published_at=published[0] if published else None,
        published_evidence=published[1] if published else None,
        byline=_byline(page, roles),
        agency=_agency(page, roles),
        segments=_segments(page, roles),
    )


def _segments(page: Page, roles: Sequence[Role]) -> list[Segment]:
    return [
        Segment(start=line.start, end=line.end, role=role)
        for line, role in zip(page.lines, roles, strict=True)
    ]


def _one_of_several(  # noqa: PLR0913, PLR0917 - what the page is, and what is known of it
    page: Page,
    roles: list[Role],
    begins: list[int],
    told: Sequence[int],
    fetched_at: str,
    url: str | None,
) -> Clean | None:
    """The article that is meant, read as if it stood alone; `None` where it then is none.

    Of the others all but furniture has their role.
    """
    bounds = [0, *begins, len(roles)]
    meant = spoken_of(page, roles, begins, url)
    first, end = bounds[meant], bounds[meant + 1]
    own = _doubted(read_page(page.lines[first:end], page.language), told[first:end])
    own_roles = line_roles(own)
    if "body" not in own_roles:
        return None
    others: list[Role] = [role if role in FURNITURE else "other_article" for role in roles]
    for at in begins:
        others[at] = "other_article"
    starts = [page.lines[at].start for at in [others.index("other_article"), *begins]]
    clean = _cleaned(own, own_roles, fetched_at)
    return msgspec.structs.replace(
        clean,
        segments=_segments(page, [*others[:first], *own_roles, *others[end:]]),
        other_articles=[start for number, start in enumerate(starts) if number != meant],
    )


def _dated(clean: Clean, published: tuple[str, str] | None) -> Clean:
    if published is None:
        return clean
    return msgspec.structs.replace(clean, published_at=published[0], published_evidence=published[1])


def _with_languages(clean: Clean, content: str, language: Language) -> Clean:
    """The article with the language of those of its lines that are in another."""
    own = [at for at, segment in enumerate(clean.segments) if segment.role in KEPT]
    texts = [content[clean.segments[at].start : clean.segments[at].end] for at in own]
    others = {at: code for at, code in zip(own, other_languages(texts, language), strict=True) if code}
    if not others:
        return clean
    segments = [
        msgspec.structs.replace(segment, language=others.get(at)) for at, segment in enumerate(clean.segments)
    ]
    return msgspec.structs.replace(clean, segments=segments)


def _title(page: Page, roles: list[Role]) -> str | None:
    """The headline's line, or the end of it."""
    if "title" not in roles:
        return None
    at = roles.index("title")
    navigation = [page.text(above) for above in range(at) if roles[above] == "boilerplate"]
    return without_kicker(page.text(at), navigation)


def _byline(page: Page, roles: list[Role]) -> str | None:
    """The first byline that names somebody."""
    names = (byline_of(page.text(at), page.cues[at]) for at, role in enumerate(roles) if role == "byline")
    return next((name for name in names if name and is_person(name)), None)


def _agency(page: Page, roles: list[Role]) -> str | None:
    body = [at for at, role in enumerate(roles) if role == "body"]
    credited = _credits(page, roles, body[-1])
    furniture = (at for at, role in enumerate(roles) if role == "boilerplate" and at not in credited)
    return agency_of(
        [page.text(at) for at in body],
        [_credited(page, at) for at in credited],
        [page.text(at) for at in furniture],
    )


def _credits(page: Page, roles: list[Role], last: int) -> list[int]:
    """Lines that name the source, the line below a bare "Source:", who reported, and what stands in brackets
    or names the paper right below the article's last line.
    """
    found: list[int] = []
    for at, cue in enumerate(page.cues):
        if "source" in cue.label | cue.whole:
            found.append(at)
            if "source" in cue.whole and at + 1 < len(page.lines):
                found.append(at + 1)
        elif roles[at] == "byline" and normal(page.text(at)).startswith(REPORTED_BY):
            found.append(at)
    below = range(last + 1, min(last + 1 + CREDIT_LINES_BELOW, len(roles)))
    return found + [
        at for at in below if at not in found and roles[at] == "boilerplate" and _is_credit(page, at)
    ]


def _is_credit(page: Page, at: int) -> bool:
    """Whether a line is in brackets, or begins with the paper's name, which the page opens with."""
    text = normal(page.text(at))
    opening = {normal(page.text(above)) for above in range(min(OPENING_LINES, at))}
    named = any(name and text.startswith(f"{name} ") for name in opening)
    return page.text(at)[0] in "(（" or named


def _credited(page: Page, at: int) -> str:
    """The line without "Reporting by"."""
    text = page.text(at)
    return text.split(maxsplit=2)[-1] if normal(text).startswith(REPORTED_BY) else text
