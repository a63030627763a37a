"""A scripted stream of 5,000 articles: 120 acts over 45 days, told, copied, rewritten, updated, replayed."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

import msgspec

from schemas.article import Act as ActKind
from schemas.article import Article, Clean, Lane, Language, Raw, Sanction, Span
from tests.quality.stream.acts import DAYS, START, TARGETS, WEIGHTS, Act, Counts, planned
from tests.quality.stream.telling import LANGUAGES, Page, Told, filled, fillers, frames, sanction

FrameSet = Literal["dev", "held"]
ARTICLES = 5000
COPIES = 0.44
LATE = 0.08
UNDATED = 0.3
OUTLETS = 60
NOISE: dict[ActKind | Literal["sport", "filler", "total"], int] = {
    "background": 90, "lifted": 150, "threatened_or_called_for": 150, "extended": 60,
    "evasion_or_enforcement": 100, "sport": 100, "filler": 300, "total": 40,
}  # fmt: skip
_SECTIONS = {
    "lifted": "lifted", "threatened_or_called_for": "threat", "extended": "extended",
    "evasion_or_enforcement": "evasion", "sport": "sport", "total": "total", "background": "history",
}  # fmt: skip
_UPON_SOME = {"lifted", "threatened_or_called_for", "background", "total"}


@dataclass(frozen=True)
class Arrival:
    """One article as it comes in, and the truth of it: what a perfect reader finds, and of which acts.

    `origin` is the article that it was copied from, first of all; its own id where it is no copy.
    """

    article: Article
    sanctions: list[tuple[Sanction, str | None]]
    kind: str
    origin: str

    @property
    def reports(self) -> list[str]:
        """The acts that the article reports."""
        return list(dict.fromkeys(act for _, act in self.sanctions if act))


@dataclass(frozen=True)
class Stream:
    """Arrivals in order, the acts told in them, and which of these are worth an alert."""

    arrivals: list[Arrival]
    acts: dict[str, Act]

    @property
    def alert_worthy(self) -> set[str]:
        """Every act but those that the backfill brought before any live article."""
        return {act.id for act in self.acts.values() if not act.backfilled_first}


def scripted(seed: int, which: FrameSet, articles: int = ARTICLES) -> Stream:
    """The stream of this seed, told by this set of frames. The same seed gives the same stream."""
    writer = _Writer(random.Random(seed), which)
    acts = planned(writer.rng)
    noise = sum(NOISE.values()) + _BACKFILLED + 5 * _BLOCK
    each = (articles - noise) / len(acts)
    for act in acts:
        writer.report(act, round(each * writer.rng.uniform(0.8, 1.2)))
    writer.roundups(acts)
    writer.noise()
    writer.backfill(acts)
    spare = len(writer.arrivals) + 5 * _BLOCK - articles
    copies = [one.article.id for one in writer.arrivals if one.kind.startswith("copy")]
    dropped = set(writer.rng.sample(copies, max(0, spare)))
    kept = [one for one in writer.arrivals if one.article.id not in dropped]
    arrivals = sorted(kept, key=lambda arrival: arrival.article.fetched_at)
    return Stream(_with_replays(writer.rng, arrivals), {act.id: act for act in acts})


_BLOCK, _BACKFILLED = 50, 100


def _with_replays(rng: random.Random, arrivals: list[Arrival]) -> list[Arrival]:
    """Five blocks are read again, some time after they were read first."""
    result = list(arrivals)
    for _ in range(5):
        start = rng.randrange(len(arrivals) - _BLOCK)
        at = rng.randrange(start + _BLOCK, len(result))
        result[at:at] = [
            replace(one, kind=f"replay of {one.kind}") for one in arrivals[start : start + _BLOCK]
        ]
    return result


class _Writer:
    def __init__(self, rng: random.Random, which: FrameSet) -> None:
        self.rng = rng
        self.arrivals: list[Arrival] = []
        self._which = which
        self._special = 0 if which == "dev" else 1

    # one act, from its first report on

    def report(self, act: Act, articles: int) -> None:
        """The first report, then copies, rewrites, and what becomes known later."""
        if act.backfilled_first:
            self._arrive(
                self._page(act, act.issuers, act.counts),
                act.at - timedelta(hours=3),
                "backfill",
                "backfill",
                prompt=True,
            )
        begin = len(self.arrivals)
        self._first(act)
        self._later(act)
        copies = round(articles * COPIES)
        for _ in range(max(3, articles - copies - (len(self.arrivals) - begin))):
            self._rewrite(act)
        originals = self.arrivals[begin:]
        for _ in range(copies):
            self._copy(self.rng.choice(originals))

    def _first(self, act: Act) -> None:
        issuers = act.issuers[:1] if act.alone_first else act.issuers
        page = self._page(act, issuers, act.wrong or act.counts)
        first = self._arrive(page, act.at, "first", prompt=True)
        if act.alone_first:
            self._arrive(
                self._page(act, act.issuers, act.counts), act.at + timedelta(hours=1), "joint", prompt=True
            )
        if act.wrong:
            right = self._page(act, act.issuers, act.counts, code=page.language)
            self._revise(first, right, act.at + timedelta(hours=2))

    def _later(self, act: Act) -> None:
        at = act.at + timedelta(hours=self.rng.uniform(5, 36))
        if act.grown:
            told = self._page(act, act.issuers, act.grown, section="update", before=act.counts)
            self._arrive(told, act.at + timedelta(hours=act.grows_hours), "update", prompt=True)
        if act.named:
            page = self._page(act, act.issuers, act.counts, section="named", named=True)
            self._arrive(page, at, "named", prompt=True)
        if act.confirmed:
            page = self._page(act, act.issuers, act.counts, section="confirm")
            self._arrive(page, at, "confirm", prompt=True)

    def _rewrite(self, act: Act) -> Arrival:
        hours = self.rng.triangular(3, 60, 5)
        grown = act.grown if act.grown and hours > act.grows_hours + 1 else None
        issuers = act.issuers
        if len(issuers) > 1 and self.rng.random() < 0.6:
            issuers = (self.rng.choice(issuers),)
        chance = self.rng.random()
        at = act.at + timedelta(hours=hours)
        counts = grown or act.counts
        if chance < 0.06:
            return self._arrive(self._page(act, (), counts, section="unnamed", short=True), at, "unnamed")
        if chance < 0.16:
            return self._arrive(self._vague(act, issuers), at, "vague", vague=True)
        if chance < 0.22 and len(counts) > 1:
            return self._arrive(self._page(act, issuers, counts[:1]), at, "part")
        if chance < 0.30:
            return self._arrive(self._page(act, issuers, counts, total=True), at, "with a total")
        if chance < 0.34:
            return self._arrive(self._page(act, issuers, counts, section="translated"), at, "translated")
        return self._arrive(self._page(act, issuers, counts), at, "rewrite")

    def _copy(self, of: Arrival) -> None:
        article = of.article
        clean = article.clean or Clean()
        paragraphs = clean.text.split("\n")
        text = "\n".join(paragraphs[: max(2, len(paragraphs) - self.rng.choice([0, 0, 1]))])
        kept = [
            (s, act)
            for s, act in of.sanctions
            if all(e.end <= len(text) for e in s.evidence if e.field == "text")
        ]
        at = _moment(article) + timedelta(hours=self.rng.triangular(0.3, 40, 2))
        code = article.language.code if article.language else "und"
        self._arrive(Page(code, clean.title or "", text, kept), at, f"copy of {of.kind}", origin=of.origin)

    # other articles

    def roundups(self, acts: list[Act]) -> None:
        """Articles on two acts of two issuers on one day."""
        for first, second in pairwise(acts):
            apart = second.at - first.at < timedelta(hours=20) and not set(first.issuers) & set(
                second.issuers
            )
            plain = not (first.grown or second.grown or first.wrong or second.wrong)
            if apart and plain and self.rng.random() < 0.6:
                language = self.rng.choice(LANGUAGES)
                one = self._page(first, first.issuers, first.counts, code=language)
                two = self._page(second, second.issuers, second.counts, code=language)
                self._arrive(_both(one, two), second.at + timedelta(hours=self.rng.uniform(4, 20)), "roundup")

    def noise(self) -> None:
        """What reports no new sanctions."""
        for kind, count in NOISE.items():
            for _ in range(count):
                at = START + timedelta(hours=self.rng.uniform(0, 24 * DAYS))
                language = self.rng.choice(LANGUAGES)
                self._arrive(self._noise_page(kind, language), at, str(kind))

    def backfill(self, acts: list[Act]) -> None:
        """Old articles of acts long past, and of those that the stream has told already."""
        for number in range(_BACKFILLED):
            if number % 2:
                act = self.rng.choice(acts)
                at = act.at + timedelta(hours=self.rng.uniform(4, 40))
                page = self._page(act, act.issuers, act.counts)
            else:
                issuer = self.rng.choice(list(WEIGHTS))
                target = self.rng.choice([one for one in TARGETS if one != issuer])
                at = START - timedelta(days=self.rng.uniform(60, 700))
                counts = ((self.rng.randrange(75, 99), "individuals"),)
                page = self._page(Act("", (issuer,), target, counts, at), (issuer,), counts)
            arrived = max(at, START) + timedelta(hours=self.rng.uniform(1, 24 * 20))
            self._arrive(page, at, "backfill", lane="backfill", fetched=arrived)

    # pages

    def _page(
        self, act: Act, issuers: tuple[str, ...], counts: Counts, *, section: str | None = None, named: bool = False,
        before: Counts = (), short: bool = False, total: bool = False, code: str = "",
    ) -> Page:  # fmt: skip
        code = "en" if section == "translated" else code or self.rng.choice(LANGUAGES)
        words = frames(code)
        title_frame, lead_frame = (
            words[section][self._special] if section else self.rng.choice(words[self._which])
        )
        told = Told(issuers, act.target, counts, before, named)
        title, lead = filled(title_frame, told, code), filled(lead_frame, told, code)
        spans = [Span(field="text", start=0, end=len(lead)), Span(field="title", start=0, end=len(title))]
        sanctions: list[tuple[Sanction, str | None]] = [
            (sanction("imposed", told, code, self.rng, spans), act.id or None)
        ]
        text = "\n".join([lead, *fillers(self.rng, code, 1 if short else self.rng.randint(2, 5))])
        if total and issuers:
            text = self._with_history(text, code, told, sanctions, "total")
        elif not short and issuers and self.rng.random() < 0.25:
            text += "\n" + "\n".join(fillers(self.rng, code, 4))
            text = self._with_history(text, code, told, sanctions, "history")
        return Page(code, title, text, sanctions)

    def _with_history(
        self, text: str, code: str, told: Told, sanctions: list[tuple[Sanction, str | None]], section: str
    ) -> str:
        more = sum(n for n, _ in told.counts) + self.rng.randint(12, 60)
        older = replace(
            told, counts=((more, "individuals"),), year=self.rng.randint(2014, 2024), total=section == "total"
        )
        frame = frames(code)[section][self._special]
        sentence = filled(frame if isinstance(frame, str) else frame[1], older, code)
        span = Span(field="text", start=len(text) + 1, end=len(text) + 1 + len(sentence))
        sanctions.append((sanction("background", older, code, self.rng, [span]), None))
        return f"{text}\n{sentence}"

    def _vague(self, act: Act, issuers: tuple[str, ...]) -> Page:
        """The headline says who and whom, and nothing says how many."""
        code = self.rng.choice(LANGUAGES)
        plain = [title for title, _ in frames(code)[self._which] if "{C}" not in title and "{T}" in title]
        title = filled(self.rng.choice(plain), Told(issuers, act.target, ()), code)
        told = Told(issuers, act.target, ())
        spans = [Span(field="title", start=0, end=len(title))]
        text = "\n".join(fillers(self.rng, code, 4))
        return Page(code, title, text, [(sanction("imposed", told, code, self.rng, spans), act.id)])

    def _noise_page(self, kind: str, code: str) -> Page:
        told_kind, rng = kind, self.rng
        body = fillers(rng, code, rng.randint(2, 5))
        if kind == "filler":
            return Page(code, body[0].rstrip(".。"), "\n".join(body[1:]), [])
        issuer = rng.choice(list(WEIGHTS))
        target = rng.choice([one for one in TARGETS if one != issuer])
        counts: Counts = ((rng.randint(5, 40), "individuals"),) if kind in _UPON_SOME else ()
        told = Told((issuer,), target, counts, year=rng.randint(2014, 2024), total=kind == "total")
        frame = frames(code)[_SECTIONS[kind]][self._special]
        title_frame, lead_frame = (frame, frame) if isinstance(frame, str) else frame
        title, lead = filled(title_frame, told, code), filled(lead_frame, told, code)
        if kind == "background":
            title = body[0].rstrip(".。")
        text = "\n".join([body[0], lead, *body[1:]] if kind == "background" else [lead, *body])
        if kind == "sport":
            return Page(code, title, text, [])
        told_kind = (
            "imposed" if kind == "total" and rng.random() < 0.5 else "background" if kind == "total" else kind
        )
        start = text.index(lead)
        span = Span(field="text", start=start, end=start + len(lead))
        return Page(code, title, text, [(sanction(told_kind, told, code, rng, [span]), None)])  # type: ignore[arg-type]

    # arrivals

    def _arrive(
        self, page: Page, at: datetime, kind: str, lane: Lane = "live", *, prompt: bool = False, vague: bool = False,
        origin: str = "", fetched: datetime | None = None,
    ) -> Arrival:  # fmt: skip
        rng = self.rng
        late = not prompt and fetched is None and rng.random() < LATE
        lag_hours = rng.uniform(4, 96) if late else rng.uniform(0.02, 0.2 if prompt else 0.6)
        fetched = fetched or at + timedelta(hours=lag_hours)
        dated = lane == "backfill" or (late and not origin) or vague or rng.random() > UNDATED
        published = at.isoformat(timespec="seconds") if dated else None
        article = Article(
            id=f"{len(self.arrivals):05}",
            source=f"outlet{rng.randrange(OUTLETS)}.example",
            fetched_at=fetched.isoformat(timespec="seconds"),
            revision=round(fetched.timestamp() * 1000),
            raw=Raw(content=""),
            lane=lane,
            language=Language(code=page.language, confidence=1.0),
            clean=Clean(title=page.title, text=page.text, published_at=published),
        )
        self.arrivals.append(Arrival(article, page.sanctions, kind, origin or article.id))
        return self.arrivals[-1]

    def _revise(self, first: Arrival, page: Page, at: datetime) -> None:
        revised = self._arrive(page, at, "correction", prompt=True)
        article = msgspec.structs.replace(revised.article, id=first.article.id, source=first.article.source)
        self.arrivals[-1] = replace(revised, article=article)


def _both(one: Page, two: Page) -> Page:
    """One article that tells of both: the second act in its second paragraph."""
    lead, _, rest = one.text.partition("\n")
    second, _, _ = two.text.partition("\n")
    start = len(lead) + 1
    shifted = [Span(field="text", start=start, end=start + len(second))]
    told = [
        *(pair for pair in one.sanctions if pair[1]),
        *((msgspec.structs.replace(s, evidence=shifted), act) for s, act in two.sanctions if act),
    ]
    body = [line for line in rest.split("\n")[:4] if line]
    return Page(one.language, one.title, "\n".join([lead, second, *body]), told)


def _moment(article: Article) -> datetime:
    clean = article.clean
    return datetime.fromisoformat(clean.published_at if clean and clean.published_at else article.fetched_at)
