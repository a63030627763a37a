"""The sanctions stage: fills `article.sanctions`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from processors.encoder.article import ArticleSentence, article_sentences
from processors.events.places import find_places
from processors.folding import fold_with_offsets
from processors.language import LanguageStage
from processors.sanctions.merge import merge_readings
from processors.sanctions.parties import place_roles, unique
from processors.sanctions.reading import Reading, lists_names, read_sentence
from processors.sanctions.vocabulary import Cues, Vocabulary, dateline_end, read_cues, vocabulary
from schemas.article import Article, Clean, Mention, Party, Sanction, Span

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder

_MINISTRY = re.compile(r"(?i)minist|bakanl|министер|وزار|وزیر|وزير|외교부|商务部|外交部")
_TARGETS_MAX = 40
_SURE, _GUESS = 0.8, 0.5
_YEAR = re.compile(r"\d{4}")
_UPON_SOMEONE = frozenset({"imposed", "lifted", "extended"})
# A ministry without a state, in a language that one state's outlets write.
_HOMES = {"fa": "state:IR", "ko": "state:KR", "ru": "state:RU", "tr": "state:TR", "zh": "state:CN"}
_READINGS_MAX = 300  # no article tells more; a text that seems to is hostile


class SanctionsStage:
    """Reads each sentence of title and text for acts of sanctions, and tells each act once.

    With an encoder its readings and the rules decide together; without, the rules alone.
    """

    name = "sanctions"

    def __init__(self, encoder: Encoder | None = None) -> None:
        self._encoder = encoder

    def __call__(self, article: Article) -> Article:
        """The article with `sanctions`; none where its language has no vocabulary."""
        words = vocabulary(language_of(article)) if article.clean else None
        sentences = article_sentences(article, self._encoder) if words else iter(())
        readings = list(islice(_readings(article, sentences, words), _READINGS_MAX)) if words else []
        names = _names(article, words) if words and readings else frozenset()
        told = merge_readings(readings, _HOMES.get(words.language), names) if words else []
        if words and self._encoder:
            told = [_identified(article, record) for record in told]
        elif words:
            told = [_with_names(article, record, words) for record in told]
        return msgspec.structs.replace(
            article, sanctions=[_best_first(article, record) for record in _credible(told)]
        )


def language_of(article: Article) -> str:
    """The article's language; identified here where no stage has."""
    if article.language is None:
        clean = article.clean or Clean(text=article.raw.content)
        identified = LanguageStage()(msgspec.structs.replace(article, clean=clean))
        if isinstance(identified, Article) and identified.language:
            return identified.language.code
        return "und"
    return article.language.code


def _readings(article: Article, sentences: Iterable[ArticleSentence], words: Vocabulary) -> Iterator[Reading]:
    year = _published_year(article)
    context = False
    for sentence in sentences:
        reading = read_sentence(sentence, words, context=context, published_year=year)
        if reading is None and context and lists_names(sentence.text, words):
            reading = Reading(sentence.span, 0.0, [], adds=True)
        if reading:
            context = True
            yield reading


def _published_year(article: Article) -> int | None:
    stamp = article.clean.published_at if article.clean else None
    match = _YEAR.match(stamp or "")
    return int(match.group()) if match else None


def _credible(records: list[Sanction]) -> list[Sanction]:
    """Beside an act that is surely told, guesses are left out; a lone guess stays, for what it is worth."""
    sure = any(record.confidence >= _SURE for record in records)
    return [r for r in records if r.confidence >= _GUESS] if sure else records


def _names(article: Article, words: Vocabulary) -> frozenset[str]:
    """The people and organisations that an article names, but for states and ministries."""
    return frozenset(_words(article, m) for m in article.mentions if _is_somebody(article, m, words))


def _is_somebody(article: Article, mention: Mention, words: Vocabulary) -> bool:
    text = _words(article, mention)
    return (
        mention.type in {"PER", "ORG"}
        and not _MINISTRY.search(text)
        and not find_places(text, fold_with_offsets(text), words.language)
    )


def _words(article: Article, mention: Mention) -> str:
    return article.field_text(mention.field)[mention.start : mention.end]


def _identified(article: Article, record: Sanction) -> Sanction:
    """The record with who its targets are, where a name in the words for one is known: a person's first, for
    `the head of a bank` and a name is somebody.
    """
    names = {
        _words(article, m): m.entity
        for m in sorted(article.mentions, key=lambda m: m.type != "PER")
        if m.entity and m.type != "LOC"
        and any(span.field == m.field and span.start <= m.start < span.end for span in record.evidence)
    }  # fmt: skip
    targets = [
        party if party.entity or entity is None
        else Party(text=party.text, name=entity.name, entity=entity.id)
        for party in record.targets
        for entity in [next((e for text, e in names.items() if text in party.text), None)]
    ]  # fmt: skip
    return msgspec.structs.replace(record, targets=unique(targets)[:_TARGETS_MAX])


def _with_names(article: Article, record: Sanction, words: Vocabulary) -> Sanction:
    """People and organisations named where the sentence says upon whom: after the sanctions, or before
    them where the verb comes last. Speakers, issuers, ministries and states are none of them.
    """
    if record.act not in _UPON_SOMEONE or not article.mentions:
        return record
    stretches = [(span.field, *_object_stretch(article, span, words)) for span in record.evidence]
    named = [
        Party(
            text=_words(article, m),
            name=m.entity.name if m.entity else None,
            entity=m.entity.id if m.entity else None,
        )
        for m in article.mentions
        if any(field == m.field and start <= m.start and m.end <= end for field, start, end in stretches)
        and _is_somebody(article, m, words)
    ]
    known = {party.text for party in record.targets}
    fresh = {party.entity or party.text: party for party in named if party.text not in known}
    return msgspec.structs.replace(record, targets=[*record.targets, *fresh.values()][:_TARGETS_MAX])


def _object_stretch(article: Article, span: Span, words: Vocabulary) -> tuple[int, int]:
    """Where in the evidence those aimed at may be named, as offsets of its field."""
    sentence = article.quote(span)
    cues = read_cues(sentence, words, needs_topic=False)
    if cues is None:
        return span.start, span.start
    start, end = _stretch(cues, len(cues.folded.text))
    if start >= end:
        return span.start, span.start
    left, right = cues.folded.span(start, end)
    return span.start + left, span.start + right


def _stretch(cues: Cues, end: int) -> tuple[int, int]:
    begin = dateline_end(cues.folded.text)
    topics = cues.topic()
    if cues.of("listed") or not topics:
        return begin, end
    if cues.vocabulary.verb_last:
        agents = [role.end for role in place_roles(cues) if role.end < topics[0].start and not role.is_target]
        return max([begin, *agents[:1]]), topics[-1].start
    said = [hit.start for hit in cues.of("reason", "said") if hit.start > topics[0].end]
    if cues.of("measured") and not cues.of("terms", "listings"):
        verbs = [hit.end for hit in cues.of("imposed")]
        return min([topics[0].end, *verbs]), min([end, *said])
    return topics[0].end, min([end, *said])


def _best_first(article: Article, record: Sanction) -> Sanction:
    """The evidence with the sentence first that tells most: its numbers and targets, the body's rather."""

    def told(span: Span) -> tuple[float, int]:
        words = article.quote(span)
        counts = sum(count.text in words or bool(_number(count.n).search(words)) for count in record.counts)
        names = sum(party.text in words for party in [*record.targets, *record.issuers])
        return -(2 * counts + min(names, 2) + 2.5 * (span.field == "text")), span.start

    best = min(record.evidence, key=told)
    return msgspec.structs.replace(record, evidence=[best, *(e for e in record.evidence if e != best)])


def _number(n: int) -> re.Pattern[str]:
    return re.compile(rf"(?<!\d){n}(?!\d)")
