"""The wiring of the pipeline: bad wiring is refused, with all its faults."""

from __future__ import annotations

import pytest

from processors.encoder import reading
from processors.encoder.packed import EncoderMissingError
from processors.names.hub import ModelError
from processors.pipeline import (
    PIPELINE,
    STAGES,
    STORIES,
    Group,
    StageOptions,
    WiringError,
    build_stages,
    check_wiring,
    language_key,
    story_key,
)
from schemas.article import Article, Language, Raw, Story
from schemas.topics import CLEAN, CLUSTERED, ENRICHED, RAW


def test_the_pipeline_is_wired_and_runs_every_stage_once() -> None:
    check_wiring(PIPELINE)
    assert sorted(stage for group in PIPELINE for stage in group.stages) == sorted(STAGES)


def test_all_faults_of_bad_wiring_are_named() -> None:
    pipeline = [
        Group("intake", RAW, CLEAN, ("language", "translation")),
        Group("intake", CLUSTERED, CLEAN, ("language",)),
    ]
    with pytest.raises(WiringError) as caught:
        check_wiring(pipeline)
    text = str(caught.value)
    assert "no stage is called translation" in text
    assert "nothing before it writes articles.clustered" in text
    assert "articles.clean is written twice" in text
    assert "language already runs" in text
    assert "group intake stands twice" in text


def test_a_topic_is_written_by_one_group_only() -> None:
    with pytest.raises(WiringError, match=r"articles\.raw is written twice"):
        check_wiring([Group("loop", RAW, RAW)])
    check_wiring([Group("straight", RAW, ENRICHED)])


def test_an_unknown_stage_is_named_with_those_there_are() -> None:
    with pytest.raises(WiringError, match=r"magic; there are language, boilerplate"):
        build_stages(["language", "magic"], StageOptions())


def test_articles_of_one_language_share_a_key() -> None:
    article = Article(id="a", source="s", fetched_at="2026-01-01T00:00:00Z", raw=Raw(content="x"))
    assert language_key(article) == "und"
    arabic = Article(
        id="a", source="s", fetched_at="", raw=Raw(content=""), language=Language(code="ar", confidence=1.0)
    )
    assert language_key(arabic) == "ar"


def test_articles_of_one_story_share_a_key() -> None:
    article = Article(id="a", source="s", fetched_at="", raw=Raw(content=""))
    copy = Article(id="b", source="s", fetched_at="", raw=Raw(content=""), story=Story(cluster_id="a"))
    assert STORIES.key(copy) == story_key(article) == "a"


@pytest.mark.parametrize("stage", ["names", "events", "sanctions"])
def test_without_the_encoder_every_stage_that_wants_it_says_so_alike(
    stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_threads: int, _kept_bytes: int) -> None:
        raise EncoderMissingError("not published for this machine")

    monkeypatch.setattr(reading, "encoder", missing)
    with pytest.raises(ModelError, match="not published"):
        build_stages([stage], StageOptions())
    assert build_stages([stage], StageOptions(names_model="gazetteer"))
