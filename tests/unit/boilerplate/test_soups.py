"""Whatever comes in as plain text: every line in order, exact spans, no surprise, in bounded time."""

from hypothesis import given, settings
from hypothesis import strategies as st

from processors.boilerplate import BoilerplateStage
from processors.boilerplate.page import clean_html
from processors.language import LanguageStage
from processors.stage import Dropped
from schemas.article import Article, Language, Raw
from tests.pace import within

SECONDS_MAX = 2.0
ENDS = ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\x0b", "\x0c", "\x1c", "\x1e", "\n\n \t\n"]
ODD = [
    "\x00",
    "\u200f",
    "\u202b",
    "\u2066",
    "\ufeff",
    "\u200c",
    "\u00a0",
    "\u3000",
    "\ud800",
    "\u0640",
    "😀",
    "𝒜",
    "\u0301",
]
PIECES = [
    "Share", "اقرأ أيضاً:", "[관련기사] 북한", "27 April 2024", "٢٧ شباط/ فبراير ٢٠٢٤", "By A. Roth", "(", ")",
    "SPORT", "责任编辑：", "Source:", "(Northern Press)", "News > World > Europe", " - ", "»", ".", "؟", "。", "12:30",
    "OSLO (Northern Press) - The port will close the old pier in the coming weeks, the harbour master said.",
    "وأعلنت هيئة الموانئ يوم الاثنين أنها ستغلق الرصيف الشمالي القديم في الأسابيع المقبلة.",
    "港务局星期一宣布，将在未来几周内关闭年久失修的北码头，并把所有船只转移到别处。",
]  # fmt: skip
words = st.one_of(st.sampled_from(PIECES), st.sampled_from(ODD), st.text(max_size=12))
lines = st.lists(words, max_size=6).map(" ".join)
soups = st.lists(st.tuples(lines, st.sampled_from(ENDS)), max_size=40).map(
    lambda rows: "".join(line + end for line, end in rows)
)


def _article(content: str, code: str) -> Article:
    return Article(
        id="a",
        source="s",
        fetched_at="2026-01-02T03:04:05Z",
        raw=Raw(content=content),
        language=Language(code=code, confidence=0.9),
    )


def _check(content: str, code: str) -> None:
    with within(SECONDS_MAX):
        result = BoilerplateStage()(_article(content, code))  # far below the limits, so it may not raise
    if isinstance(result, Dropped):
        return
    clean = result.clean
    assert clean is not None
    spans = [content[segment.start : segment.end] for segment in clean.segments]
    assert spans == [line.strip() for line in content.splitlines() if line.strip()]
    starts = [segment.start for segment in clean.segments]
    assert starts == sorted(set(starts))
    kept = [
        span
        for span, segment in zip(spans, clean.segments, strict=True)
        if segment.role in {"body", "subhead"}
    ]
    assert clean.text == "\n".join(kept)
    assert clean.title is None or (clean.title and clean.title in content)
    assert [segment.role for segment in clean.segments].count("title") == (clean.title is not None)
    assert clean.published_evidence is None or clean.published_evidence in content


BoilerplateStage()(_article(PIECES[-3], "en"))  # loads the model and the tables before anything is timed


@settings(max_examples=150, deadline=None)
@given(soups, st.sampled_from(["en", "ar", "fa", "zh", "und"]))
def test_any_soup_of_lines(content: str, code: str) -> None:
    _check(content, code)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.integers(1, 60), st.sampled_from(ENDS))
def test_any_text_over_and_over(text: str, times: int, end: str) -> None:
    _check((text + end) * times, "en")


@settings(max_examples=100, deadline=None)
@given(soups)
def test_any_soup_has_a_language_or_none(content: str) -> None:
    result = LanguageStage()(_article(content, "und"))
    if not isinstance(result, Dropped):
        assert result.language is not None
        assert 0 <= result.language.confidence <= 1


def test_attributes_by_the_hundred_thousand_hold_no_worker() -> None:
    tag = "<p " + " ".join(f'a{i}="x"' for i in range(60_000)) + ">"
    story = "<p>The minister said on Monday that the talks would go on for another week.</p>" * 8
    with within(SECONDS_MAX):
        assert clean_html(f"<html><body>{tag}{story}</body></html>", None) is not None
