"""The boilerplate stage: from a page to its article."""

from __future__ import annotations

import msgspec

from processors.boilerplate.credits import agency_of, byline_of
from processors.boilerplate.lines import split_lines
from processors.boilerplate.page import clean_html
from processors.boilerplate.publication import publication
from processors.boilerplate.roles import Page, line_roles, read_page
from processors.stage import Dropped, PermanentError
from schemas.article import Article, Clean, Role, Segment

LINES_MAX = 20_000
CHARACTERS_MAX = 2_000_000


class BoilerplateStage:
    """Fills `article.clean`; drops a page without a line of article text as `not_an_article`.

    Raises `PermanentError` (`too_large`) above `CHARACTERS_MAX` characters or, for text, `LINES_MAX` lines.
    """

    name = "boilerplate"

    def __call__(self, article: Article) -> Article | Dropped:
        """The article with title, text, date, byline and agency, and for text the role of every line."""
        content = article.raw.content
        if len(content) > CHARACTERS_MAX:
            raise PermanentError("too_large", f"{len(content)} characters; the limit is {CHARACTERS_MAX}")
        language = article.language.code if article.language else "und"
        if article.raw.format == "html":
            clean = clean_html(content, article.url)
        else:
            clean = clean_text(content, language, article.fetched_at)
        return Dropped("not_an_article") if clean is None else msgspec.structs.replace(article, clean=clean)


def clean_text(content: str, language: str, fetched_at: str = "") -> Clean | None:
    """The article in a page of plain text; `None` where no line is article text.

    Body lines and subheads are kept as they stand, but for white space around them.
    """
    if content.count("\n") >= LINES_MAX:
        raise PermanentError("too_large", f"more than {LINES_MAX} lines")
    lines = split_lines(content)
    if not lines:
        return None
    page = read_page(lines, language)
    roles = line_roles(page)
    if "body" not in roles:
        return None
    published = publication(page, roles, fetched_at)
    return Clean(
        title=next((page.text(at) for at, role in enumerate(roles) if role == "title"), None),
        text="\n".join(page.text(at) for at, role in enumerate(roles) if role in {"body", "subhead"}),
        published_at=published[0] if published else None,
        published_evidence=published[1] if published else None,
        byline=_byline(page, roles),
        agency=agency_of([page.text(at) for at, role in enumerate(roles) if role == "body"], _sources(page)),
        segments=[
            Segment(start=line.start, end=line.end, role=role)
            for line, role in zip(lines, roles, strict=True)
        ],
    )


def _byline(page: Page, roles: list[Role]) -> str | None:
    """The first byline that names somebody."""
    names = (byline_of(page.text(at), page.cues[at]) for at, role in enumerate(roles) if role == "byline")
    return next((name for name in names if name), None)


def _sources(page: Page) -> list[str]:
    """Lines that name the source, and the line below a bare "Source:"."""
    found: list[str] = []
    for at, cue in enumerate(page.cues):
        if "source" in cue.label or "source" in cue.whole:
            found.append(page.text(at))
            if "source" in cue.whole and at + 1 < len(page.lines):
                found.append(page.text(at + 1))
    return found
