"""A stream driven through the stages, and its decisions held against the truth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

import msgspec

from processors.designations import decide, mention_records
from processors.pipeline import StageOptions, build_stages
from processors.stage import Passed, apply_stages
from schemas.article import Article, Story
from schemas.designation import SanctionMention
from tests.quality.stream.acts import Act
from tests.quality.stream.scripted import Arrival, Stream

Reader = Callable[[Arrival], list[tuple[SanctionMention, str | None]]]
UNDERSTOOD = ("names", "events", "sanctions")


@dataclass
class Score:
    """What was decided. `announced` is each designation announced with the act it is of, or none."""

    alert_worthy: set[str]
    announced: dict[str, str | None] = field(default_factory=dict)
    changed: dict[str, set[str]] = field(default_factory=dict)
    backfill_announced: int = 0
    decided: int = 0
    repeats: list[tuple[Arrival, SanctionMention, str | None]] = field(default_factory=list)

    @property
    def missed(self) -> list[str]:
        """Acts worth an alert that were not announced."""
        return sorted(self.alert_worthy - set(self.announced.values()))

    @property
    def missed_share(self) -> float:
        """Of the acts worth an alert."""
        return len(self.missed) / len(self.alert_worthy)

    @property
    def repeated_share(self) -> float:
        """Announcements of what had been announced, or of nothing, to the acts worth an alert."""
        return len(self.repeats) / len(self.alert_worthy)


def run(stream: Stream, read: Reader, window_days: int = 30) -> Score:
    """Decide on every arrival in its order."""
    score = Score(stream.alert_worthy)
    memory: dict[str, bytes] = {}
    for arrival in stream.arrivals:
        for mention, act in read(arrival):
            decided, _ = decide(mention, memory, window_days)
            score.decided += 1
            _note(score, arrival, decided, act)
    return score


def _note(score: Score, arrival: Arrival, decided: SanctionMention, act: str | None) -> None:
    identity = decided.sanction.designation_id
    if act:
        score.changed.setdefault(act, set()).update(decided.changes)
    if decided.decision != "new" or identity is None:
        return
    score.backfill_announced += decided.lane == "backfill"
    if identity in score.announced:
        return
    told = set(score.announced.values())
    if act is None or act in told or act not in score.alert_worthy:
        score.repeats.append((arrival, decided, act))
    score.announced[identity] = act


def placed(stream: Stream) -> Stream:
    """The stream with each article's story, as our stage finds it."""
    stages = build_stages(["stories"], StageOptions())
    arrivals = [replace(one, article=_through(stages, one.article)) for one in stream.arrivals]
    return replace(stream, arrivals=arrivals)


def perfect() -> Reader:
    """Sanctions as a perfect reader finds them; a story is an article and its copies, where none is given."""

    def read(arrival: Arrival) -> list[tuple[SanctionMention, str | None]]:
        article = msgspec.structs.replace(
            arrival.article,
            sanctions=[sanction for sanction, _ in arrival.sanctions],
            story=arrival.article.story or Story(cluster_id=arrival.origin),
        )
        mentions = [mention for _, mention in mention_records(article)]
        return list(zip(mentions, (act for _, act in arrival.sanctions), strict=True))

    return read


def from_text(acts: dict[str, Act], names_model: str) -> Reader:
    """Sanctions as our stages find them: with the built-in model, or with known names and rules alone."""
    stages = build_stages(UNDERSTOOD, StageOptions(names_model=names_model))

    def read(arrival: Arrival) -> list[tuple[SanctionMention, str | None]]:
        article = _through(stages, arrival.article)
        return [(mention, _meant(mention, arrival, acts)) for _, mention in mention_records(article)]

    return read


def _meant(mention: SanctionMention, arrival: Arrival, acts: dict[str, Act]) -> str | None:
    """Which of the acts that the article reports a mention found in it is of."""
    reported = [acts[act] for act in arrival.reports]
    if len(reported) == 1:
        return reported[0].id
    issuers = {party.entity for party in mention.sanction.issuers}
    return next((act.id for act in reported if issuers & set(act.issuers)), None)


def _through(stages: list, article: Article) -> Article:  # type: ignore[type-arg]
    outcome = apply_stages(stages, article)
    assert isinstance(outcome, Passed), outcome
    return outcome.article


def lines(score: Score) -> Iterator[str]:
    """What was missed and repeated, for reading."""
    for act in score.missed:
        yield f"missed {act}"
    for arrival, mention, act in score.repeats:
        yield f"repeated {act or 'nothing'}: {arrival.kind} {mention.language} {mention.title!r} {mention.quotes}"
