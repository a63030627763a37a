"""Dead letters counted, and which can go back."""

from __future__ import annotations

from schemas.dead_letter import DeadLetter, Origin
from wirewatch.dead_letters import LetterGroup, group_letters, why_not_replayable, without_payload


def _letter(
    name: str = "1", *, topic: str = "articles.raw", reason: str = "not_json", at: str = "2024", payload: bytes = b"x", truncated: bool = False
) -> DeadLetter:  # fmt: skip
    return DeadLetter(id=name, reason=reason, detail="", stage="decode", origin=Origin(topic=topic), failed_at=at,
                      payload=payload, payload_bytes=9, truncated=truncated)  # fmt: skip


def test_letters_are_counted_by_what_they_have_in_common() -> None:
    letters = [
        _letter(at="2024-02"),
        _letter(at="2024-03"),
        _letter(reason="empty"),
        _letter(topic="a/b.jsonl"),
        _letter(topic="c.txt"),
    ]
    assert group_letters(letters) == [
        LetterGroup("not_json", "decode", "articles.raw", 2, "2024-03"),
        LetterGroup("not_json", "decode", "files", 2, "2024"),
        LetterGroup("empty", "decode", "articles.raw", 1, "2024"),
    ]


def test_listed_letters_are_in_order_and_light() -> None:
    listed = without_payload([_letter("b", at="2"), _letter("a", at="1")])
    assert [(letter.id, letter.payload, letter.payload_bytes) for letter in listed] == [
        ("a", b"", 9),
        ("b", b"", 9),
    ]


def test_only_what_is_whole_and_came_from_a_topic_goes_back() -> None:
    assert why_not_replayable(_letter(topic="backfill.articles.clean")) is None
    assert "wirewatch produce" in (why_not_replayable(_letter(topic="news/a.txt")) or "")
    assert "1 of its 9 bytes" in (why_not_replayable(_letter(truncated=True)) or "")
