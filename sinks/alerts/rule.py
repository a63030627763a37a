"""An alert rule as its author writes it, and what its words mean. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

import msgspec

from schemas.alert import Severity
from schemas.article import Record
from schemas.wire import prepare
from sinks.elasticsearch.documents import ArticleDocument, SanctionDocument

RuleType = Literal["any", "new", "frequency", "spike", "flatline", "cardinality", "designation"]
Watched = Literal["articles", "sanctions"]
Duration = Annotated[str, msgspec.Meta(pattern=r"^[1-9][0-9]{0,4} ?(s|m|h|d|w)$")]
ClockTime = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Word = Annotated[str, msgspec.Meta(min_length=1)]
Words = Annotated[list[Word], msgspec.Meta(min_length=1)]
Scalar = str | int | float | bool

WATCHED: dict[str, type[Record]] = {"articles": ArticleDocument, "sanctions": SanctionDocument}
COUNTING: frozenset[str] = frozenset({"new", "frequency", "spike", "flatline", "cardinality"})
BASELINE_WINDOWS = 7
_UNIT_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 7 * 86_400}


class QuietHours(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"start": "from"}):
    """When nobody is to be woken, by the clock of `zone` (IANA); `days` are those on which it begins."""

    start: ClockTime
    to: ClockTime
    zone: str = "UTC"
    days: list[Weekday] = msgspec.field(default_factory=list)
    wake_for: list[Severity] = msgspec.field(default_factory=lambda: ["critical"])


class Rule(Record, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One rule: what it looks for, when that is news, and whom it tells.

    What it looks for is all of: `query` (an Elasticsearch query), `words` (in any language, or in
    `language`), one of `entities` (ids), a name on one of `watchlists`, and `where` (a field's value, or
    one of several). When it is news is `type` with `window`, `count`, `factor`, `of` and `terms`, group by
    group (`query_key`). `key` is the field that makes two matches of a rule without counting one alert.
    """

    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")]
    type: RuleType = "any"
    watch: Watched
    query: Annotated[dict[str, Any], msgspec.Meta(min_length=1)] | None = None
    words: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)] | None = None
    language: str | None = None
    entities: Words | None = None
    watchlists: Words | None = None
    where: dict[str, Scalar | list[Scalar]] = msgspec.field(default_factory=dict)
    key: str | None = None
    query_key: list[Word] = msgspec.field(default_factory=list)
    window: Duration | None = None
    count: Annotated[int, msgspec.Meta(ge=1)] | None = None
    factor: Annotated[float, msgspec.Meta(gt=1)] | None = None
    baseline: Annotated[int, msgspec.Meta(ge=1, le=100)] = BASELINE_WINDOWS
    of: str | None = None
    terms: list[Word] = msgspec.field(default_factory=list)
    realert: Duration | None = None
    quiet_hours: QuietHours | None = None
    channels: list[Word] = msgspec.field(default_factory=list)
    severity: Severity = "warning"
    owner: str | None = None
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=500)] = "$title"
    titles: dict[str, Annotated[str, msgspec.Meta(min_length=1, max_length=500)]] = msgspec.field(
        default_factory=dict
    )
    description: str = ""
    enabled: bool = True

    @property
    def counts(self) -> bool:
        """Whether what it saw before decides."""
        return self.type in COUNTING

    @property
    def alert_key(self) -> str:
        """The field by which two matches are one alert."""
        return self.key or ("designation_id" if self.type == "designation" else "id")

    @property
    def span(self) -> timedelta:
        """How far back it must remember: its window, and for a spike those before it."""
        windows = 1 + self.baseline if self.type == "spike" else 1
        return span_of(self.window) * windows

    @property
    def reach(self) -> timedelta:
        """How long a sighting may matter: a flatline must know whom it once saw."""
        return self.span * (1 + self.baseline) if self.type == "flatline" else self.span

    @property
    def pause(self) -> timedelta:
        """How long a group is quiet after it has alerted. A counting rule's is its window, if not said."""
        return span_of(self.realert or (self.window if self.counts else None))


prepare(Rule)


def span_of(duration: str | None) -> timedelta:
    """`90s`, `15m`, `1h`, `7d`, `2w`; nothing is no time."""
    if duration is None:
        return timedelta()
    return timedelta(seconds=int(duration[:-1]) * _UNIT_SECONDS[duration[-1]])
