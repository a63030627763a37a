from __future__ import annotations

import random

import msgspec
import pytest

from schemas.article import Article, Raw
from schemas.dead_letter import DeadLetter, Origin
from sinks.elasticsearch.actions import (
    BulkAction,
    action_for,
    article_action,
    designation_action,
    latest,
    sanction_action,
)
from sinks.elasticsearch.bulk import REQUEST_BYTES_MAX, requests
from tests.unit.sinks.records import article, designation, mention


def _action(name: str, version: int | None = None, size: int = 10, op: str = "index") -> BulkAction:
    return BulkAction("i", name, b"x" * size, op=op, version=version)  # type: ignore[arg-type]


def test_an_article_is_written_under_its_id_with_its_revision() -> None:
    action = article_action(article(), "wirewatch")
    assert action is not None
    assert msgspec.json.decode(action.header()) == {
        "index": {
            "_index": "wirewatch-articles",
            "_id": "a1",
            "version": 1_772_600_767_000,
            "version_type": "external_gte",
        }
    }
    assert msgspec.json.decode(action.source)["id"] == "a1"


def test_the_same_record_makes_the_same_action() -> None:
    assert article_action(article(), "w") == article_action(article(), "w")
    assert sanction_action(mention(), "w") == sanction_action(mention(), "w")
    assert designation_action(designation(), "w") == designation_action(designation(), "w")


def test_an_article_that_was_never_cleaned_has_no_document() -> None:
    assert (
        article_action(Article(id="b", source="s", fetched_at="2026-01-01", raw=Raw(content="")), "w") is None
    )


def test_every_record_type_goes_to_its_own_index() -> None:
    records = [article(), mention(), designation()]
    actions = [action_for(record, "w") for record in records]
    assert [action and action.index for action in actions] == ["w-articles", "w-sanctions", "w-designations"]
    letter = DeadLetter(id="x", reason="r", detail="", stage="s", origin=Origin(topic="t"), failed_at="")
    assert action_for(letter, "w") is None


def test_no_newline_can_split_a_document() -> None:
    action = article_action(article(raw=Raw(content="a\nb\r\n\u2028c")), "w")
    assert action is not None
    assert b"\n" not in action.source


@pytest.mark.parametrize(
    ("versions", "stands"),
    [([1, 2], 1), ([2, 1], 0), ([1, 1], 1), ([None, None], 1), ([3, 5, 4, 5, 2], 3)],
)
def test_of_several_writes_of_a_document_the_newest_stands(versions: list[int | None], stands: int) -> None:
    actions = [_action("a", version, size=place + 1) for place, version in enumerate(versions)]
    assert latest(actions) == [actions[stands]]


def test_of_several_creates_the_first_stands() -> None:
    first, second = _action("a", op="create"), _action("a", op="create", size=11)
    assert latest([first, second]) == [first]


def test_requests_keep_order_and_limits() -> None:
    rng = random.Random(7)
    actions = [_action(str(n), size=rng.randint(1, 3000)) for n in range(500)]
    split = list(requests(actions, actions_max=40, bytes_max=20_000))
    assert [action for request in split for action in request] == actions
    assert all(len(request) <= 40 for request in split)
    assert all(sum(action.bytes_on_wire() for action in request) <= 20_000 for request in split)


def test_a_document_larger_than_a_request_goes_alone() -> None:
    small, large = _action("s"), _action("l", size=REQUEST_BYTES_MAX + 1)
    assert list(requests([small, large, small])) == [[small], [large], [small]]


def test_nothing_to_write_is_no_request() -> None:
    assert list(requests([])) == []
