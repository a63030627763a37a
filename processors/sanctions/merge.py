"""One act told in several sentences of an article is one record with several pieces of evidence.

Sentences that say how many, or name whom, make records; titles, leads and comments that say less join
the records of their issuer. A lead that names two issuers joins a record of each.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import msgspec

from processors.events.places import with_state
from processors.sanctions.issuing import issuer_name
from processors.sanctions.reading import Reading
from schemas.article import Count, Party, Sanction, Span

_CLOSE = 0.1
_EVIDENCE_MAX = 20
_SPECIFIC = frozenset({"imposed", "lifted", "extended"})
_NOBODYS = frozenset({"background", "evasion_or_enforcement"})
_CARRY_SENTENCES = 3
_CRAFT = frozenset({"vessels", "aircraft"})


def merge_readings(
    readings: Iterable[Reading], home: str | None = None, names: Collection[str] = ()
) -> list[Sanction]:
    """The article's records, in the order in which they are first told.

    `home` is the state whose ministries an article in its language means where it names no other. `names` are
    the people and organisations in the article: a target with one of them is told beside what is counted.
    """
    news, added = _without_additions(list(readings))
    told = [sanction for reading in _summed(_with_issuers(news, home)) for sanction in reading.sanctions]
    records, told = _with_comments(_as_the_text_tells(_anchors(told)), told)
    for sanction in told:
        if sanction.act == "background" or _is_specific(sanction):
            continue
        joined = [i for i, record in enumerate(records) if _summarises(sanction, record)]
        for index in joined:
            records[index] = _join(records[index], sanction)
        if not joined:
            records.append(sanction)
    records = _with_additions([*_without_told_parts(records), *_backgrounds(told)], added)
    whole = (_in_order(_with_best_targets(record, names)) for record in records)
    return sorted(whole, key=lambda r: _place_of(r.evidence[0]))


def _without_additions(readings: list[Reading]) -> tuple[list[Reading], list[tuple[Reading, Span]]]:
    """Readings that tell an act, and those that add to the act before them, each with that act's span."""
    news: list[Reading] = []
    added: list[tuple[Reading, Span]] = []
    last: tuple[int, Span] | None = None
    for position, reading in enumerate(readings):
        if reading.adds and last and position - last[0] <= _CARRY_SENTENCES and _is_of(reading, news):
            added.append((reading, last[1]))
            continue
        if any(sanction.act in _SPECIFIC for sanction in reading.sanctions):
            last = position, reading.span
        if reading.sanctions:
            news.append(reading)
    return news, added


def _is_of(reading: Reading, news: list[Reading]) -> bool:
    """No other issuer is named than those before."""
    before = {p.entity for r in news for s in r.sanctions for p in s.issuers}
    return {p.entity for s in reading.sanctions for p in s.issuers if p.entity} <= before


def _with_additions(records: list[Sanction], added: list[tuple[Reading, Span]]) -> list[Sanction]:
    for reading, span in added:
        index = next((i for i, record in enumerate(records) if span in record.evidence), None)
        if index is not None:
            record = records[index]
            kinds = [measure for sanction in reading.sanctions for measure in sanction.measures]
            named = [party for sanction in reading.sanctions for party in sanction.targets]
            records[index] = msgspec.structs.replace(
                record,
                targets=_union(record.targets, named),
                evidence=[*record.evidence, reading.span][:_EVIDENCE_MAX],
                measures=list(dict.fromkeys([*record.measures, *kinds])),
            )
    return records


def _with_issuers(readings: list[Reading], home: str | None) -> list[Reading]:
    """An act without an issuer, or by a body without a state, takes it from the sentences just before.

    A body that finds none there is that of the article's one issuing state, else of `home`.
    """
    own = {p.entity for r in readings for s in r.sanctions for p in s.issuers if p.entity}
    fallback = own.pop() if len(own) == 1 else home
    known: list[Party] = []
    last = -_CARRY_SENTENCES - 1
    result = []
    for position, reading in enumerate(readings):
        sanctions = []
        for sanction in reading.sanctions:
            near = known if position - last <= _CARRY_SENTENCES else []
            kept = _resolved(sanction, near, fallback)
            if kept.issuers and sanction.issuers:
                known, last = kept.issuers, position
            sanctions.append(kept)
        result.append(replace(reading, sanctions=sanctions))
    return result


def _summed(readings: list[Reading]) -> list[Reading]:
    """What sums up an act told shortly before is of that act, whatever number stood there; and so is what its
    issuer did to other things with it (`London also listed nine ships`).
    """
    result: list[Reading] = []
    for reading in readings:
        near = range(len(result) - 1, max(-1, len(result) - 1 - _CARRY_SENTENCES), -1)
        summed = next((i for i in near if _is_more_of(reading, result[i])), None)
        if summed is None:
            result.append(reading)
        else:
            (act,) = result[summed].sanctions
            for one in reading.sanctions:
                act = _join(_without_parts(act, one) if reading.sums else act, one)
            result[summed] = replace(result[summed], sanctions=[act])
    return result


def _without_parts(act: Sanction, total: Sanction) -> Sanction:
    """`Two insurers … are among 12 companies`: the two are of the twelve."""
    numbers = {count.of: count.n for count in total.counts}
    kept = [count for count in act.counts if count.n >= numbers.get(count.of, 0)]
    return msgspec.structs.replace(act, counts=kept)


def _is_more_of(reading: Reading, told: Reading) -> bool:
    if len(told.sanctions) != 1 or not reading.sanctions:
        return False
    (act,) = told.sanctions
    alike = all(act.act == one.act and _share_issuer(act, one) for one in reading.sanctions)
    return alike and (reading.sums or all(_is_on_other_things(act, one) for one in reading.sanctions))


def _is_on_other_things(told: Sanction, more: Sanction) -> bool:
    """Ships beside people and firms, and nothing says that they are another country's."""
    mine, theirs = ({count.of for count in s.counts if not count.cumulative} for s in (told, more))
    known = bool(mine and theirs) and "unknown" not in mine | theirs
    places, others = (_entities([*s.targets, *s.places]) for s in (told, more))
    are_craft = theirs <= _CRAFT and not mine <= _CRAFT and not mine & theirs
    return known and are_craft and not _differ(places, others)


def _resolved(sanction: Sanction, near: list[Party], fallback: str | None) -> Sanction:
    if sanction.issuers:
        states = [party.entity for party in near if party.entity]
        issuing = [_of_some_state(party, states, fallback) for party in sanction.issuers]
        return msgspec.structs.replace(sanction, issuers=issuing)
    if not near or sanction.act in _NOBODYS:
        return sanction
    return msgspec.structs.replace(sanction, issuers=near, confidence=round(sanction.confidence * 0.9, 2))


def _of_some_state(party: Party, near: list[str], fallback: str | None) -> Party:
    """An issuer with its state: one of those named before, else, if it is a body, the `fallback`; a town that
    we do not know is none of ours.
    """
    state = next(iter(near), fallback if party.name else None)
    if party.entity or state is None:
        return party
    return Party(text=party.text, name=with_state(party.name, state) or issuer_name(state), entity=state)


def _anchors(told: list[Sanction]) -> list[Sanction]:
    records: list[Sanction] = []
    for sanction in told:
        if not _is_specific(sanction):
            continue
        same = next((i for i, record in enumerate(records) if _is_same_act(record, sanction)), None)
        if same is None:
            records.append(sanction)
        else:
            records[same] = _join(records[same], sanction)
    return records


def _as_the_text_tells(records: list[Sanction]) -> list[Sanction]:
    """A headline of another act than its text tells, of one issuer and number, is evidence of that act."""
    kept = list(records)
    for record in records:
        if any(span.field == "text" for span in record.evidence):
            continue
        told = next(
            (other for other in kept if other is not record
             and (_is_turned_round(record, other) or _is_another_act(record, other))
             and counts_agree(other.counts, record.counts)
             and any(span.field == "text" for span in other.evidence)),
            None,
        )  # fmt: skip
        if told is not None:
            kept = [_join(one, record) if one is told else one for one in kept if one is not record]
    return kept


def _is_another_act(headline: Sanction, told: Sanction) -> bool:
    return told.act != headline.act and _share_issuer(told, headline)


def _is_turned_round(headline: Sanction, told: Sanction) -> bool:
    """Whether the headline's issuers are where the text has its targets."""
    issuing = {party.entity for party in headline.issuers if party.entity}
    return bool(issuing) and issuing <= {party.entity for party in [*told.targets, *told.places]}


def _with_comments(records: list[Sanction], told: list[Sanction]) -> tuple[list[Sanction], list[Sanction]]:
    """A comment with the issuer and number of a record (`the sanctions on the 12 …`) is evidence of it."""
    rest = []
    for sanction in told:
        same = [
            i for i, record in enumerate(records)
            if sanction.act == "background" and sanction.issuers and _share_issuer(record, sanction)
            and counts_agree(record.counts, sanction.counts)
        ]  # fmt: skip
        if same:
            records[same[0]] = _join(records[same[0]], sanction)
        else:
            rest.append(sanction)
    return records, rest


def _is_specific(sanction: Sanction) -> bool:
    return sanction.act in _SPECIFIC and _counts_anew(sanction)


def _counts_anew(sanction: Sanction) -> bool:
    """Whether it says how many were hit now; a running total says nothing of this act."""
    return any(not count.cumulative for count in sanction.counts)


def _is_same_act(one: Sanction, other: Sanction) -> bool:
    if one.act != other.act or not _share_issuer(one, other) or _aim_elsewhere(one, other):
        return False
    return bool(counts_agree(one.counts, other.counts))


def _summarises(summary: Sanction, record: Sanction) -> bool:
    if summary.act != record.act or _aim_elsewhere(summary, record):
        return False
    if not summary.issuers or not record.issuers:
        return True
    return _share_issuer(summary, record) and not _counts_anew(summary)


def _aim_elsewhere(one: Sanction, other: Sanction) -> bool:
    return _differ(_entities(one.targets), _entities(other.targets))


def _share_issuer(one: Sanction, other: Sanction) -> bool:
    return not _differ(_entities(one.issuers), _entities(other.issuers))


def _entities(parties: Iterable[Party]) -> set[str]:
    return {party.entity for party in parties if party.entity}


def _differ(mine: set[str], theirs: set[str]) -> bool:
    """Both name some, and none in common."""
    return bool(mine and theirs) and not mine & theirs


def counts_agree(one: list[Count], other: list[Count]) -> bool:
    """Some number of the one is, within a tenth, a number of the other for things that may be the same."""
    return any(_same_kind(a.of, b.of) and _same_number(a.n, b.n) for a in one for b in other)


def _same_kind(a: str, b: str) -> bool:
    return a == b or "unknown" in {a, b} or a in b or b in a


def _same_number(a: int, b: int) -> bool:
    return a == b or (min(a, b) >= 10 and abs(a - b) <= _CLOSE * max(a, b) and max(a, b) >= 50)


def _join(record: Sanction, other: Sanction) -> Sanction:
    mine = {party.entity for party in record.issuers}
    return msgspec.structs.replace(
        record,
        evidence=[*record.evidence, *(e for e in other.evidence if e not in record.evidence)][:_EVIDENCE_MAX],
        confidence=max(record.confidence, other.confidence),
        issuers=record.issuers or other.issuers,
        targets=_union(record.targets, [p for p in other.targets if p.entity not in mine]),
        counts=_all_counts(record.counts, other.counts),
        places=_union(record.places, [p for p in other.places if p.entity not in mine]),
        measures=list(dict.fromkeys([*record.measures, *other.measures])),
        programme=record.programme or other.programme,
        reason=record.reason or other.reason,
        date=record.date or other.date,
    )


def _all_counts(one: list[Count], other: list[Count]) -> list[Count]:
    """Each number once; what one sentence calls a running total is one wherever it is told."""
    totals = [count for count in other if count.cumulative]
    mine = [msgspec.structs.replace(c, cumulative=True) if counts_agree([c], totals) else c for c in one]
    return [*mine, *(c for c in other if not counts_agree(one, [c]))]


def _union(one: list[Party], other: list[Party]) -> list[Party]:
    seen = {party.entity or party.text for party in one}
    return [*one, *(party for party in other if (party.entity or party.text) not in seen)]


def _without_told_parts(records: list[Sanction]) -> list[Sanction]:
    """Two records without counts, of one act and issuer, are one."""
    kept: list[Sanction] = []
    for record in records:
        same = next(
            (
                i
                for i, other in enumerate(kept)
                if not record.counts
                and not other.counts
                and other.act == record.act
                and _share_issuer(other, record)
                and not _aim_elsewhere(other, record)
            ),
            None,
        )
        if same is None:
            kept.append(record)
        else:
            kept[same] = _join(kept[same], record)
    return kept


def _backgrounds(told: list[Sanction]) -> list[Sanction]:
    """Background never joins what is news."""
    return [sanction for sanction in told if sanction.act == "background"]


def _with_best_targets(record: Sanction, names: Collection[str]) -> Sanction:
    """What is counted stands for whatever vaguer words other sentences use; the fullest telling stays, and
    whoever is named.
    """
    told = [count.text for count in record.counts if not count.cumulative]
    if not told:
        return record
    phrases = [party for party in record.targets if not party.entity]
    covered: set[str] = set()
    kept: list[Party] = []
    for party in sorted(phrases, key=lambda p: -sum(text in p.text for text in told)):
        fresh = {text for text in told if text in party.text} - covered
        if fresh:
            covered |= fresh
            kept.append(party)
    named = [
        party for party in record.targets
        if party not in kept and (party.entity or any(name in party.text for name in names))
    ]  # fmt: skip
    return msgspec.structs.replace(record, targets=[*kept, *named])


def _in_order(record: Sanction) -> Sanction:
    return msgspec.structs.replace(record, evidence=sorted(record.evidence, key=_place_of))


def _place_of(span: object) -> tuple[bool, int]:
    return span.field != "title", span.start  # type: ignore[attr-defined]
