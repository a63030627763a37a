"""`produce`, `topics` and `dlq` as a person uses them, against a real broker."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient

from producers.writer import Writer
from schemas.dead_letter import DeadLetter, Origin
from schemas.topics import RAW
from wirewatch.dead_letters import read_dead_letters
from wirewatch.kafka import admin_options, consumer_options, producer_options
from wirewatch.settings import KafkaSettings
from wirewatch.topics import apply_topics

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="module", autouse=True)
def _topics(kafka: str) -> None:
    cluster = KafkaSettings(bootstrap_servers=kafka)
    with closing(KafkaAdminClient(**admin_options(cluster))) as admin:
        apply_topics(admin, cluster)


@pytest.fixture
def run(kafka: str, tmp_path: Path) -> Run:
    """Runs `wirewatch …` as a process of its own."""
    environment = os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka,
        "WIREWATCH_DATA_DIR": str(tmp_path / "data"),
        "COLUMNS": "200",
        "PYTHONUTF8": "1",
    }

    def wirewatch(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, "-m", "wirewatch", *map(str, arguments)]
        return subprocess.run(
            command, input=stdin, env=environment, capture_output=True, timeout=120, check=False
        )

    return wirewatch


@pytest.fixture
def letter(kafka: str) -> DeadLetter:
    """A dead letter in the topic, from the raw topic, with a payload that tries to steer the terminal."""
    letter = DeadLetter(
        id=uuid.uuid4().hex, reason=f"test_{uuid.uuid4().hex[:8]}", detail="it \x1b[31mfailed\nbadly [bold]",
        stage="language", origin=Origin(topic=RAW.name, partition=1, offset=7, key="the key"),
        failed_at="2024-01-01T00:00:00Z", payload=b"\x1b]0;owned\x07 \xff [red]" + "عقوبات".encode(),
        payload_bytes=30, traceback="Traceback\n  \x1b[2J", article_id="a1",
    )  # fmt: skip
    with Writer(producer_options(KafkaSettings(bootstrap_servers=kafka))) as writer:
        writer.write_dead_letter(letter)
    return letter


def _raw_values(kafka: str) -> list[tuple[bytes | None, bytes]]:
    from kafka import KafkaConsumer, TopicPartition

    consumer = KafkaConsumer(**consumer_options(KafkaSettings(bootstrap_servers=kafka)))
    partitions = [TopicPartition(RAW.name, n) for n in consumer.partitions_for_topic(RAW.name)]
    consumer.assign(partitions)
    ends = consumer.end_offsets(partitions)
    consumer.seek_to_beginning(*partitions)
    found = []
    while any(consumer.position(partition) < end for partition, end in ends.items()):
        found += [(r.key, r.value) for batch in consumer.poll(timeout_ms=500).values() for r in batch]
    consumer.close()
    return found


def test_produce_says_what_was_acknowledged_and_what_was_not_readable(
    run: Run, tmp_path: Path, kafka: str
) -> None:
    folder = tmp_path / "outlet"
    folder.mkdir()
    (folder / "a.txt").write_text("Министерство ввело санкции.", encoding="utf-8")
    (folder / "b.html").write_text("<p>Les sanctions sont levées.</p>", encoding="utf-8")
    (folder / "c.txt").write_bytes(b"\xff\xfe\xfa")
    with gzip.open(folder / "d.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(
            '{"id": 1, "text": "제재", "url": "https://news.example.com/1"}\n{broken\n\n{"id": 2, "html": "<p>制裁"}\n'
        )
    done = run("produce", folder, tmp_path / "missing.txt")
    assert done.returncode == 1
    assert done.stdout.decode() == "4 of 4 articles acknowledged\n"
    said = done.stderr.decode()
    assert f"{folder / 'c.txt'}: not_utf8" in said
    assert f"{folder / 'd.jsonl.gz'}:2: not_json" in said
    assert f"{tmp_path / 'missing.txt'}: missing" in said
    assert "3 not readable, 3 of them in the dead letters" in said
    letters = read_dead_letters(consumer_options(KafkaSettings(bootstrap_servers=kafka)))
    ours = {
        letter.reason: letter.payload for letter in letters if letter.origin.topic.startswith(str(tmp_path))
    }
    assert ours == {"not_utf8": b"\xff\xfe\xfa", "not_json": b"{broken", "missing": b""}


def test_the_same_input_again_is_the_same_bytes(run: Run, tmp_path: Path, kafka: str) -> None:
    text = uuid.uuid4().hex
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    for _ in range(2):
        assert run("produce", tmp_path / "a.txt").returncode == 0
    once, again = [record for record in _raw_values(kafka) if text.encode() in record[1]]
    assert once == again


def test_standard_input_is_json_lines_html_or_text(run: Run, kafka: str) -> None:
    mark = uuid.uuid4().hex
    lines = b"".join(json.dumps({"id": n, "text": f"{mark} {n}"}).encode() + b"\n" for n in range(3))
    assert run("produce", "-", stdin=lines).stdout == b"3 of 3 articles acknowledged\n"
    assert run("produce", "--source", "wire", "-", stdin=f"<html>{mark}".encode()).returncode == 0
    assert run("produce", "--limit", "1", "--format", "text", "-", stdin=f"{{{mark}".encode()).returncode == 0
    found = [json.loads(value) for _, value in _raw_values(kafka) if mark.encode() in value]
    assert sorted((each["source"], each["raw"]["format"], each["external_id"]) for each in found if each["external_id"]) == [
        ("stdin", "text", "0"), ("stdin", "text", "1"), ("stdin", "text", "2"),
    ]  # fmt: skip
    assert sorted((each["source"], each["raw"]["format"]) for each in found if not each["external_id"]) == [
        ("stdin", "text"), ("wire", "html"),
    ]  # fmt: skip


def test_topics_show_is_well_after_apply(run: Run) -> None:
    shown = run("topics", "show")
    assert shown.returncode == 0, shown.stderr.decode()
    assert b"backfill.articles.raw" in shown.stdout
    assert run("topics", "apply").stdout.startswith(b"0 created, ")


def test_dead_letters_are_listed_and_shown_without_steering_the_terminal(
    run: Run, letter: DeadLetter
) -> None:
    listed = run("dlq", "list", "--reason", letter.reason)
    shown = run("dlq", "show", letter.id[:12])
    assert (listed.returncode, shown.returncode) == (0, 0)
    assert letter.id.encode() in listed.stdout
    for output in (listed.stdout, shown.stdout):
        assert not set(output) & (set(range(32)) - set(b"\n\r\t"))
        assert b"[bold]" in output
    assert "عقوبات" in shown.stdout.decode()
    assert r"\x1b]0;owned\x07" in shown.stdout.decode()
    assert run("dlq", "show", letter.id, "--raw").stdout == letter.payload


def test_a_replayed_letter_is_back_in_its_topic_under_its_key(
    run: Run, letter: DeadLetter, kafka: str
) -> None:
    assert letter.id.encode() in run("dlq", "replay", "--reason", letter.reason, "--dry-run").stdout
    assert (b"the key", letter.payload) not in _raw_values(kafka)
    done = run("dlq", "replay", letter.id)
    assert done.returncode == 0
    assert done.stdout.decode() == "1 sent back to articles.raw\n"
    assert (b"the key", letter.payload) in _raw_values(kafka)


def test_what_came_from_a_file_or_was_cut_stays(run: Run, letter: DeadLetter, kafka: str) -> None:
    reason = f"test_{uuid.uuid4().hex[:8]}"
    with Writer(producer_options(KafkaSettings(bootstrap_servers=kafka))) as writer:
        for number, (topic, truncated) in enumerate([("feed.jsonl", False), (RAW.name, True)]):
            writer.write_dead_letter(
                DeadLetter(id=f"{reason}-{number}", reason=reason, detail="", stage="produce", truncated=truncated,
                           origin=Origin(topic=topic), failed_at="2024", payload=b"x", payload_bytes=9)
            )  # fmt: skip
    done = run("dlq", "replay", "--reason", reason)
    assert (done.returncode, done.stdout) == (1, b"")
    assert "wirewatch produce" in done.stderr.decode()
    assert "only 1 of its 9 bytes" in done.stderr.decode()


def test_replay_wants_to_be_told_what(run: Run) -> None:
    assert run("dlq", "replay").returncode == 2
    assert run("dlq", "replay", "--all", "someid").returncode == 2
    nothing = run("dlq", "replay", "--reason", "no such reason")
    assert (nothing.returncode, nothing.stderr) == (1, b"no dead letter is like that\n")
