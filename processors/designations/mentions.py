"""An article's sanctions as mentions, each with what the article is about besides them.

`subjects` and `about` tell one act of an issuer that acts daily from its next, where an article gives no
number and names nobody: "US hits Iranian oil shipping" is no news of the firms put on a list the day before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from processors.designations.facts import authorities_of, authority_of
from processors.events.places import find_places
from processors.folding import fold_with_offsets
from processors.sanctions.vocabulary import dateline_end
from schemas.article import Article, Sanction, Span
from schemas.designation import SanctionMention

PARTITION_KEY = "designations"
LEAD_LINES = 3
_SUBJECTS_MAX, _ABOUT_MAX = 16, 64


def mention_records(article: Article) -> list[tuple[str, SanctionMention]]:
    """One mention per sanction of the article, each with its partition key: the same for all."""
    return [(PARTITION_KEY, mention) for mention in _mentions(article)]


def _mentions(article: Article) -> Iterator[SanctionMention]:
    if not article.sanctions:
        return
    clean, lead = article.clean, _lead(article)
    titled = list(_named(article, Span(field="title", start=0, end=len(article.field_text("title")))))
    led = list(_named(article, lead))
    for position, sanction in enumerate(article.sanctions):
        subjects, about = _subjects(article, sanction, titled, led)
        yield SanctionMention(
            id=f"{article.id}:{position}",
            article_id=article.id,
            revision=article.revision,
            source=article.source,
            fetched_at=article.fetched_at,
            language=article.language.code if article.language else "und",
            sanction=sanction,
            quotes=[article.quote(span) for span in sanction.evidence],
            lane=article.lane,
            url=article.url,
            title=clean.title if clean else None,
            published_at=clean.published_at if clean else None,
            cluster_id=article.story.cluster_id if article.story else None,
            in_lead=_is_in_lead(sanction, lead),
            subjects=subjects,
            about=about,
        )


def _is_in_lead(sanction: Sanction, lead: Span) -> bool:
    """Some evidence stands in the first paragraphs, or the title tells most."""
    return sanction.evidence[0].field == "title" or any(
        span.field == "text" and span.start < lead.end for span in sanction.evidence
    )


def _lead(article: Article) -> Span:
    lines = article.field_text("text").split("\n")[:LEAD_LINES]
    return Span(field="text", start=0, end=sum(map(len, lines)) + len(lines))


def _subjects(
    article: Article, sanction: Sanction, titled: list[str], led: list[str]
) -> tuple[list[str], list[str]]:
    """Whom and what the act is on, by its headline, else by its targets; and all that is named around it.

    `titled` and `led` are named in headline and lead.
    """
    issuers = set(authorities_of(sanction))
    parties = [*sanction.targets, *sanction.places]
    aimed = _others((party.entity for party in parties), issuers)
    headed = _others(titled, issuers)
    told = [one for span in sanction.evidence for one in _named(article, span)]
    around = _others([*titled, *led, *told], issuers)
    about = list(dict.fromkeys([*aimed, *around]))
    told_by_title = any(span.field == "title" for span in sanction.evidence)
    subjects = headed if told_by_title and headed else aimed
    return subjects[:_SUBJECTS_MAX], about[:_ABOUT_MAX]


def _others(named: Iterable[str | None], issuers: set[str]) -> list[str]:
    """Those of known identity but the issuers. An id made of sounds differs between languages."""
    known = (authority_of(entity) for entity in named if entity and "~" not in entity)
    return list(dict.fromkeys(one for one in known if one not in issuers))


def _named(article: Article, span: Span) -> Iterator[str]:
    """Ids of states, adjectives for them included, and of organisations in a stretch of text.

    Where its leader or ministry is named, the state is. Who else is named is as a rule whoever speaks for
    the issuer; a dateline names the writer's agency and town.
    """
    folded = fold_with_offsets(words := article.quote(span))
    begin = dateline_end(folded.text) if span.field == "text" else 0
    places = find_places(words, folded, article.language.code if article.language else "und")
    yield from (place.entity for place in places if place.entity and place.start >= begin)
    taken = [(0, begin), *((place.start, place.end) for place in places)]
    for mention in article.mentions:
        start, end = mention.start - span.start, mention.end - span.start
        if mention.field != span.field or mention.type != "ORG" or not 0 <= start < end <= len(words):
            continue
        first, last = folded.folded_span(start, end)
        if mention.entity and not any(left < last and first < right for left, right in taken):
            yield mention.entity.id
