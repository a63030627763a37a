"""Who is sanctioned, by the names that an article's mentions give: people and organisations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from processors.events.places import find_places
from processors.folding import fold_with_offsets
from processors.sanctions.parties import place_roles, unique
from processors.sanctions.vocabulary import Cues, Vocabulary, dateline_end, read_cues
from schemas.article import Article, Entity, Mention, MentionType, Party, Sanction, Span

_MINISTRY = re.compile(r"(?i)minist|bakanl|министер|وزار|وزیر|وزير|외교부|商务部|外交部")
_TARGETS_MAX = 40
_SOMEBODY: tuple[MentionType, ...] = ("PER", "ORG")
_HEAD_LAST = frozenset({"ko", "tr", "zh"})
_TITLE_CHARS_MAX = 24
_BETWEEN = re.compile(r"[,、，;；·]|\b(?:ve|ile)\b|[와과및和与與及]")
_CLOSING = " »”\"'」』》）)"
_UPON_SOMEONE = frozenset({"imposed", "lifted", "extended"})


def names_of(article: Article, words: Vocabulary) -> frozenset[str]:
    """The people and organisations that an article names, but for states and ministries."""
    return frozenset(_words(article, m) for m in article.mentions if _is_somebody(article, m, words))


def _is_somebody(article: Article, mention: Mention, words: Vocabulary) -> bool:
    text = _words(article, mention)
    return (
        mention.type in _SOMEBODY
        and not _MINISTRY.search(text)
        and not find_places(text, fold_with_offsets(text), words.language)
    )


def _words(article: Article, mention: Mention) -> str:
    return article.field_text(mention.field)[mention.start : mention.end]


def identified(article: Article, record: Sanction, words: Vocabulary) -> Sanction:
    """The record with who its targets are, where a name in the words for one is known."""
    mentions = [
        m
        for m in article.mentions
        if m.entity
        and m.type in _SOMEBODY
        and any(span.field == m.field and span.start <= m.start < span.end for span in record.evidence)
    ]
    names = {kind: {_words(article, m): m.entity for m in mentions if m.type == kind} for kind in _SOMEBODY}
    whole = [_with_whole_names(article, record, party) for party in record.targets]
    if words.language in _HEAD_LAST:
        whole = [party for party in whole if not _is_office(article, record, party, names["PER"])]
    targets = [_somebody(party, names["PER"], names["ORG"], words) for party in whole]
    return msgspec.structs.replace(record, targets=unique(targets)[:_TARGETS_MAX])


def _somebody(
    party: Party, people: Mapping[str, Entity | None], bodies: Mapping[str, Entity | None], words: Vocabulary
) -> Party:
    """The party with its entity: a person named in its words, else an organisation, unless they are for its
    people (`the head of a bank`, `four judges of a court`).
    """
    if party.entity:
        return party
    entity = next((who for name, who in people.items() if name in party.text), None)
    if entity is None:
        found = [
            name for name in bodies if name in party.text and not _are_its_people(party.text, name, words)
        ]
        entity = bodies[max(found, key=lambda name: _at_the_head(party.text, name, words))] if found else None
    return msgspec.structs.replace(party, name=entity.name, entity=entity.id) if entity else party


def _is_office(article: Article, record: Sanction, party: Party, people: Iterable[str]) -> bool:
    """`国防部` of `国防部副部长马克`: right behind the words stands somebody's title, and who it is."""
    for span, sentence in _told(article, record, party):
        behind = article.field_text(span.field)[span.end : sentence.end]
        ends = [behind.find(name) for name in people]
        if any(0 < at <= _TITLE_CHARS_MAX and not _BETWEEN.search(behind[:at]) for at in ends):
            return True
    return False


def _are_its_people(text: str, body: str, words: Vocabulary) -> bool:
    """Whether words beside the body's name are for people; in Chinese, whether any stand behind it."""
    if words.language == "zh" and not text.rstrip(_CLOSING).endswith(body):
        return True
    cues = read_cues(text.replace(body, " "), words, needs_topic=False)
    return cues is not None and bool(cues.of("kinds.individuals"))


def _at_the_head(text: str, body: str, words: Vocabulary) -> int:
    """How near a name is to the head of the phrase: its end in some languages, its beginning in others."""
    at = text.index(body)
    return at + len(body) if words.language in _HEAD_LAST else -at


def _with_whole_names(article: Article, record: Sanction, party: Party) -> Party:
    """The party with the end of a name that its words break off in: the encoder marks word by word."""
    for span, _ in _told(article, record, party):
        cut = [
            m
            for m in article.mentions
            if m.type in _SOMEBODY and m.field == span.field and m.start < span.end and span.start < m.end
        ]
        start, end = min([span.start, *(m.start for m in cut)]), max([span.end, *(m.end for m in cut)])
        return msgspec.structs.replace(party, text=article.field_text(span.field)[start:end])
    return party


def _told(article: Article, record: Sanction, party: Party) -> Iterator[tuple[Span, Span]]:
    """Where sentences of the evidence first have the words for a party, and those sentences."""
    for sentence in record.evidence:
        at = article.quote(sentence).find(party.text)
        if at >= 0:
            start = sentence.start + at
            yield Span(field=sentence.field, start=start, end=start + len(party.text)), sentence


def with_names(article: Article, record: Sanction, words: Vocabulary) -> Sanction:
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
