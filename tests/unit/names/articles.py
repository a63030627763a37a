"""Articles for the names stage, and what must hold of the mentions in any."""

from __future__ import annotations

from schemas.article import Article, Clean, Language, Mention, Raw

LINE_ENDS = ["\n", "\r\n", "\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"]


def article(text: str, language: str, title: str = "") -> Article:
    return Article(
        id="a",
        source="s",
        fetched_at="2024-05-01T00:00:00Z",
        raw=Raw(content=""),
        language=Language(code=language, confidence=1.0),
        clean=Clean(title=title, text=text),
    )


def apart(mentions: list[Mention], content: str) -> None:
    last = 0
    for one in mentions:
        assert last <= one.start < one.end <= len(content)
        written = content[one.start : one.end]
        assert written.strip() == written
        assert not set(written) & set("".join(LINE_ENDS))
        last = one.end
