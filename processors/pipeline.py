"""The flow of understanding: which stages there are, how they are grouped, which topics lie between.

    articles.raw, by source -> intake (language, boilerplate)        -> articles.clean, keyed by language
    articles.clean      -> stories                                   -> articles.clustered, keyed by story
    articles.clustered  -> understanding (names … sanctions)         -> articles.understood, one partition
                                                                     -> sanctions.mentions, one partition
    articles.understood -> threads                                   -> articles.enriched
    sanctions.mentions  -> designations                              -> sanctions.decided, designations

A topic lies where the key changes or the cost does, so that each group scales, lags, replays and is
measured alone. Regrouping is a change to `PIPELINE` and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from processors.stage import Stage

if TYPE_CHECKING:
    from processors.encoder.reading import Encoder
from schemas.article import Article
from schemas.topics import (
    CLEAN,
    CLUSTERED,
    DECIDED,
    DESIGNATIONS,
    ENRICHED,
    MENTIONS,
    RAW,
    UNDERSTOOD,
    Topic,
)

Memory = MutableMapping[str, bytes]


class WiringError(Exception):
    """The pipeline does not hang together. The message lists every fault, one a line."""


@dataclass(frozen=True)
class StageOptions:
    """What stages are made with.

    `memory` is a Faust table in a worker and a dict offline. `sources` is where the lines that sources
    repeat are learned; `None`, as offline, and nothing is. `watchlists_folder` holds imported lists, and
    need not be there.
    """

    memory: Memory = field(default_factory=dict)
    sources: Memory | None = None
    story_window_days: int = 7
    thread_window_days: int = 3
    names_model: str = "builtin"
    names_threads: int = 1
    names_kept_mb: int = 64
    watchlists_folder: Path | None = None
    watchlists_score_floor: float = 0.85


def _language(options: StageOptions) -> Stage:  # noqa: ARG001
    from processors.language import LanguageStage

    return LanguageStage()


def _boilerplate(options: StageOptions) -> Stage:
    from processors.boilerplate import BoilerplateStage

    return BoilerplateStage(options.sources)


def _stories(options: StageOptions) -> Stage:
    from processors.stories import StoriesStage

    return StoriesStage(options.memory, window_days=options.story_window_days)


def _names(options: StageOptions) -> Stage:
    from processors.names import NamesStage

    return NamesStage(options.names_model, options.names_threads, options.names_kept_mb)


def _watchlists(options: StageOptions) -> Stage:
    from processors.watchlists.stage import WatchlistsStage

    return WatchlistsStage(options.watchlists_folder, options.watchlists_score_floor)


def _events(options: StageOptions) -> Stage:
    from processors.events import EventsStage

    return EventsStage(_encoder(options))


def _sanctions(options: StageOptions) -> Stage:
    from processors.sanctions import SanctionsStage

    return SanctionsStage(_encoder(options))


def _encoder(options: StageOptions) -> Encoder | None:
    """The encoder that names run, so that what it read once is read once; without it, rules alone.

    Raises `processors.names.hub.ModelError` where it is asked for and not installed.
    """
    if options.names_model != "builtin":
        return None
    from processors.names.stage import installed_encoder

    return installed_encoder(options.names_threads, options.names_kept_mb)


def _threads(options: StageOptions) -> Stage:
    from processors.threads import ThreadsStage

    return ThreadsStage(options.memory, window_days=options.thread_window_days)


STAGES: dict[str, Callable[[StageOptions], Stage]] = {
    "language": _language,
    "boilerplate": _boilerplate,
    "stories": _stories,
    "names": _names,
    "watchlists": _watchlists,
    "events": _events,
    "sanctions": _sanctions,
    "threads": _threads,
}


def article_key(article: Article) -> str:
    """Spreads articles evenly."""
    return article.id


def language_key(article: Article) -> str:
    """Brings near-duplicates, which share a language, to one partition."""
    return article.language.code if article.language else "und"


def story_key(article: Article) -> str:
    """Brings the articles of a story to one worker, which has read by then what they share."""
    return article.story.cluster_id if article.story else article.id


@dataclass(frozen=True)
class Group:
    """Neighbouring stages that one agent runs.

    `remembers` says that the group keeps state in a table, so its events are handled one at a time in
    their own partition; any other group takes batches. One that `learns` keeps a value for each key of the
    records it reads, and takes batches too. One that runs `models` computes beside the loop, in a thread of
    its own. `mentions_to` gets one record a sanction.
    """

    name: str
    source: Topic
    sink: Topic
    stages: tuple[str, ...] = ()
    key: Callable[[Article], str] = article_key
    remembers: bool = False
    learns: bool = False
    models: bool = False
    mentions_to: Topic | None = None


INTAKE = Group("intake", RAW, CLEAN, ("language", "boilerplate"), key=language_key, learns=True)
STORIES = Group("stories", CLEAN, CLUSTERED, ("stories",), key=story_key, remembers=True)
UNDERSTANDING = Group(
    "understanding",
    CLUSTERED,
    UNDERSTOOD,
    ("names", "watchlists", "events", "sanctions"),
    models=True,
    mentions_to=MENTIONS,
)
THREADS = Group("threads", UNDERSTOOD, ENRICHED, ("threads",), remembers=True)
DESIGNATIONS_GROUP = Group("designations", MENTIONS, DECIDED, remembers=True)

PIPELINE = (INTAKE, STORIES, UNDERSTANDING, THREADS, DESIGNATIONS_GROUP)
LEDGER = DESIGNATIONS


def check_wiring(pipeline: Sequence[Group], known_stages: Sequence[str] = tuple(STAGES)) -> None:
    """Raise `WiringError` where a stage is unknown or run twice, or a topic is read but never written."""
    faults = []
    written = {RAW.name}
    seen: set[str] = set()
    for group in pipeline:
        for stage in group.stages:
            if stage not in known_stages:
                faults.append(f"group {group.name}: no stage is called {stage}")
            if stage in seen:
                faults.append(f"group {group.name}: stage {stage} already runs in another group")
            seen.add(stage)
        if group.source.name not in written:
            faults.append(f"group {group.name}: nothing before it writes {group.source.name}")
        for topic in filter(None, (group.sink, group.mentions_to)):
            if topic.name in written:
                faults.append(f"group {group.name}: {topic.name} is written twice")
            written.add(topic.name)
    names = [group.name for group in pipeline]
    faults += [f"group {name} stands twice" for name in set(names) if names.count(name) > 1]
    if faults:
        raise WiringError("\n".join(faults))


check_wiring(PIPELINE)


def build_stages(names: Sequence[str], options: StageOptions) -> list[Stage]:
    """The stages of these names, ready to run. Raises `WiringError` for a name that is none."""
    unknown = [name for name in names if name not in STAGES]
    if unknown:
        raise WiringError(f"no stage is called {', '.join(unknown)}; there are {', '.join(STAGES)}")
    return [STAGES[name](options) for name in names]
