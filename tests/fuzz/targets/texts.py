"""Raw text through every stage: language, boilerplate, names, events, sanctions, designations."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import cache

from hypothesis import strategies as st

from processors.boilerplate import BoilerplateStage
from processors.boilerplate.dates import is_date_line, written_dates
from processors.boilerplate.relative import time_back
from processors.language import LanguageStage
from processors.pipeline import StageOptions
from processors.sanctions.dating import told_date
from processors.sentences import sentences as sentences_in
from processors.stage import Dropped, Failed, Passed, PermanentError
from processors.watchlists.dates import iso_date
from producers.feeds.dates import instant, stated_time
from producers.page import time_ms
from producers.sitemaps.read import epoch_ms
from producers.unreadable import ReadError
from schemas.article import Article, Raw, Span
from schemas.identity import article_id
from schemas.wire import decode, encode
from sinks.elasticsearch.documents import article_document
from tests.fuzz.target import Target, holds, text_of
from tests.fuzz.wording import SENTENCES, pieces, prose, written
from wirewatch.enrichment import Enrichment

FETCHED_AT = "2026-11-27T10:00:00.000Z"
LANGUAGES = ("ar", "fa", "ru", "ko", "zh", "tr", "fr", "es", "de", "en", "ja", "und")


def _article(data: bytes) -> Article:
    text = data.decode("utf-8", "replace")
    return Article(id=article_id(None, "s", text), source="s", fetched_at=FETCHED_AT, raw=Raw(content=text))


def read_text(data: bytes) -> None:
    """Each line that is not blank lies in one segment, in order; the article's lines are the page's."""
    article = _article(data)
    try:
        told = LanguageStage()(article)
        found = told if isinstance(told, Dropped) else BoilerplateStage()(told)
    except PermanentError as error:
        holds(error.reason == "too_large", f"unknown reason {error.reason}")
        return
    if isinstance(found, Dropped):
        return
    clean, content = found.clean, article.raw.content
    assert clean is not None
    end = 0
    for segment in clean.segments:
        holds(end <= segment.start < segment.end <= len(content), "segments overlap or lie outside")
        holds(
            not content[end : segment.start].strip(
                "\ufeff\u200b\u200e\u200f \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u2028\u2029\x00"
            )
            or not _has_letters(content[end : segment.start]),
            "text lies in no segment",
        )
        end = segment.end
    holds(not _has_letters(content[end:]), "text lies in no segment")
    holds(all(line in content for line in clean.text.split("\n")), "a line that is not the page's")
    holds(not clean.title or clean.title in content, "a title that is not the page's")


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


@cache
def _enrichment(model: str) -> Enrichment:
    return Enrichment(options=StageOptions(names_model=model))


def _enrich(data: bytes, model: str) -> None:
    """Nothing fails, every offset lies in its text, the article travels and can be indexed."""
    outcome = _enrichment(model)(_article(data))
    if isinstance(outcome, Failed):
        holds(
            outcome.reason == "too_large", f"failed in {outcome.stage}: {outcome.detail}\n{outcome.traceback}"
        )
    if isinstance(outcome, Passed):
        article = outcome.article
        holds(decode(encode(article), Article) == article, "the article does not travel")
        _check_spans(article)
        article_document(article)


def _check_spans(article: Article) -> None:
    spans = [Span(field=mention.field, start=mention.start, end=mention.end) for mention in article.mentions]
    spans += [span for event in article.events for span in (event.trigger, event.sentence)]
    spans += [span for sanction in article.sanctions for span in sanction.evidence]
    for span in spans:
        holds(0 <= span.start < span.end <= len(article.field_text(span.field)), "a span outside its text")
        holds(article.quote(span).strip(), "a span without words")
    for event in article.events:
        holds(
            event.sentence.start <= event.trigger.start and event.trigger.end <= event.sentence.end,
            "a trigger outside its sentence",
        )
    for party in (
        party for sanction in article.sanctions for party in (*sanction.issuers, *sanction.targets)
    ):
        holds(party.text.strip(), "a party without words")


def read_dates(data: bytes) -> None:
    """By every reader of dates; what comes out is a date."""
    text = text_of(data)
    stated = stated_time(text)
    holds(stated is None or instant(stated) is not None, "a stated time that is no time")
    holds(stated is None or stated_time(stated) == stated, "a stated time is read otherwise again")
    epoch_ms(text)
    with suppress(ReadError):
        holds(time_ms(text, "fetched_at") >= 0, "before 1970")
    listed = iso_date(text)
    holds(listed is None or listed[:4].isdecimal(), "a list's date without a year")
    time_back(text)
    for language in LANGUAGES:
        is_date_line(text, language)
        for found in written_dates(text, language, FETCHED_AT):
            date.fromisoformat(found.iso[:10])
        told_date(text, language)
    end = 0
    for start, stop in sentences_in(text):
        holds(end <= start < stop <= len(text), "sentences overlap or lie outside")
        end = stop


_PAGE = """Harbour News
Home | World | Sport
Asset freeze for harbour firm
By Mina Farhat
27 November 2026, 10:00 GMT

The Ministry of Trade of Belmaria imposed sanctions on 14 persons and 3 companies on Monday, it said.
The measures take effect at once; the ministry named Tarsin Marine Works among those listed.

Read more: Storm hits coast
Share on social media
© 2026 Harbour News"""
_PAGES = (_PAGE, *(f"{sentence}\n\n{sentence} {SENTENCES[0]}\n\n27.11.2026" for sentence in SENTENCES))
_samples = tuple(map(written, _PAGES))
_WORDS = tuple(
    map(
        written,
        ("\n", "\n\n", ". ", "، ", "。", "؟", "«", "»", "(", ")", " | ", "14", "١٤", "۱۴", "十四", "sanctions", "عقوبات", "تحریم", "санкции", "制裁", "제재", "yaptırım", "imposed", "فرضت",
         "Washington", "واشنطن", "وللولايات", "ال", "EU", "Iran", "إيران", "Russian", "U.S.", "companies", "شركات", "since 2014", "27 November 2026", "By ", "Reuters", "©", "http://a.example/", "@desk", "#a"),
    )
)  # fmt: skip
_shapes = prose.map(written) | st.lists(
    st.sampled_from(SENTENCES) | st.sampled_from([word.decode() for word in _WORDS]), max_size=30
).map(lambda parts: written(" ".join(parts)))
_DATES = (
    "Fri, 27 Nov 2026 10:00:00 GMT", "2026-11-27T10:00:00+03:00", "27 نوفمبر 2026 - 10:00", "٢٧ تشرين الثاني / نوفمبر ٢٠٢٦", "۶ آذر ۱۴۰۵", "27 ноября 2026 г.", "2026년 11월 27일", "2026年11月27日", "二〇二六年十一月二十七日",
    "27 Kasım 2026 Cuma", "le 27 novembre 2026", "27 de noviembre de 2026", "Freitag, 27. November 2026", "12 Mar 1964", "circa 1964", "1963 to 1965", "3 hours ago", "قبل ساعتين", "3日前", "10/11/2026", "17 جمادى الأولى 1448 هـ",
)  # fmt: skip
_DATE_WORDS = tuple(
    map(
        written,
        (
            "27",
            "2026",
            "11",
            "٢٠",
            "نوفمبر",
            "ноября",
            "월",
            "年",
            "日",
            "/",
            "-",
            ".",
            ":",
            "T",
            "Z",
            "+99:99",
            "29 February",
            "0000",
            "99999",
            "هـ",
            "ago",
            "circa",
            "Nov",
            "١٤٤٨",
            "000000000000",
        ),
    )
)

TARGETS = (
    Target("text", read_text, _samples, _shapes, _WORDS, cost=2),
    Target("dates", read_dates, tuple(map(written, _DATES)), pieces(tuple(word.decode() for word in _DATE_WORDS), st.sampled_from((" ", "", "\u00a0")) | st.sampled_from(_DATES), 14), _DATE_WORDS, cost=2, bytes_max=64 * 1024),
    Target("enrich", lambda data: _enrich(data, "gazetteer"), _samples, _shapes, _WORDS, cost=5, bytes_max=128 * 1024),
    Target("enrich-model", lambda data: _enrich(data, "builtin"), _samples, _shapes, _WORDS, cost=15, bytes_max=8 * 1024),
)  # fmt: skip
