"""The stream is what it says, tried on the stages without services: the checker's word rests on it."""

from __future__ import annotations

from collections import Counter

import pytest

from processors.pipeline import StageOptions
from processors.stage import Dropped, Failed, Outcome, Passed, run_stages
from tests.faults.stream import Sent, stream
from wirewatch.enrichment import Enrichment

RECORDS = 600


@pytest.fixture(scope="module")
def sent() -> list[Sent]:
    return list(stream(7, RECORDS))


@pytest.fixture(scope="module")
def outcomes(sent: list[Sent]) -> list[Outcome]:
    enrich = Enrichment(options=StageOptions(names_model="gazetteer"))

    def outcome(value: bytes) -> Outcome:
        decoded = run_stages((), value)
        return enrich(decoded.article) if isinstance(decoded, Passed) else decoded

    return [outcome(one.value) for one in sent]


def test_a_seed_gives_the_same_stream_and_another_seed_another(sent: list[Sent]) -> None:
    assert list(stream(7, RECORDS)) == sent
    assert list(stream(8, RECORDS)) != sent
    assert len({one.name for one in sent}) == RECORDS


def test_there_is_some_of_everything(sent: list[Sent]) -> None:
    kinds = Counter(
        "poison" if one.reasons
        else "sanctions" if one.act is not None
        else "copy" if one.copy_of
        else "revision" if one.key != one.name
        else "article"
        for one in sent
    )  # fmt: skip
    assert len(kinds) == 5
    assert min(kinds.values()) >= 10


def test_each_becomes_what_is_due(sent: list[Sent], outcomes: list[Outcome]) -> None:
    for one, outcome in zip(sent, outcomes, strict=True):
        if one.reasons:
            assert isinstance(outcome, Dropped | Failed), one.name
            assert outcome.reason in one.reasons
        else:
            assert isinstance(outcome, Passed), (one.name, outcome)


def test_each_act_is_new_once(sent: list[Sent], outcomes: list[Outcome]) -> None:
    new = [
        one.act
        for one, outcome in zip(sent, outcomes, strict=True)
        if isinstance(outcome, Passed)
        for sanction in outcome.article.sanctions
        if sanction.new
    ]
    assert Counter(new) == Counter({one.act for one in sent if one.act is not None})


def test_copies_are_of_their_original_s_story(sent: list[Sent], outcomes: list[Outcome]) -> None:
    stories = {
        outcome.article.id: outcome.article.story.cluster_id
        for outcome in outcomes
        if isinstance(outcome, Passed) and outcome.article.story
    }
    copies = [one for one in sent if one.copy_of]
    assert copies
    assert [one for one in copies if stories[one.key] != stories[one.copy_of or ""]] == []
