"""Web archives into a real broker: every page once, whatever stops it on the way."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from kafka.admin import KafkaAdminClient

from schemas.topics import RAW
from tests.integration.producers.push_server import raw_ids
from tests.unit.producers.warc.archives import Archive, page
from wirewatch.dead_letters import read_dead_letters
from wirewatch.kafka import admin_options, consumer_options
from wirewatch.settings import KafkaSettings
from wirewatch.topics import apply_topics

Start = Callable[..., subprocess.Popen[bytes]]
BACKFILL = RAW.for_lane("backfill")


@pytest.fixture(scope="module", autouse=True)
def _topics(kafka: str) -> None:
    cluster = KafkaSettings(bootstrap_servers=kafka)
    with closing(KafkaAdminClient(**admin_options(cluster))) as admin:
        apply_topics(admin, cluster)


@pytest.fixture
def start(kafka: str, tmp_path: Path) -> Start:
    """Starts `wirewatch warc …`; each test has a data folder of its own."""
    environment = os.environ | {
        "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS": kafka,
        "WIREWATCH_DATA_DIR": str(tmp_path / "data"),
        "PYTHONUTF8": "1",
    }

    def wirewatch(*arguments: object) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "wirewatch", "warc", *map(str, arguments)]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, stderr=pipe)

    return wirewatch


def _run(started: subprocess.Popen[bytes], stdin: bytes = b"") -> tuple[int, str, str]:
    out, err = started.communicate(stdin, timeout=120)
    return started.returncode, out.decode(), err.decode()


def _archive(pages: int, *, gzip: bool = True) -> tuple[Archive, str]:
    """An archive of pages on a site of its own."""
    site = f"https://{uuid.uuid4().hex}.example.com"
    archive = Archive(gzip=gzip).info()
    for number in range(pages):
        archive.add(f"{site}/{number}", page(f"Nachricht {number} " * 30))
    return archive, site


def test_pages_are_pushed_once_from_files_folders_and_standard_input(
    start: Start, tmp_path: Path, kafka: str
) -> None:
    archive, _ = _archive(5)
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.warc.gz").write_bytes(archive.data)
    (tmp_path / "in" / "deep" / "copy.warc.gz").write_bytes(archive.data)
    before = len(raw_ids(kafka, BACKFILL))
    code, out, err = _run(start(tmp_path / "in"))
    assert (code, err) == (0, "")
    assert "a.warc.gz: 5 new, 0 changed, 0 unchanged, 1 warcinfo" in out
    assert "copy.warc.gz: 0 new, 0 changed, 0 unchanged\n" in out
    assert len(raw_ids(kafka, BACKFILL)) == before + 5
    code, out, _ = _run(start("-"), archive.data)
    assert (code, out) == (0, "-: 0 new, 0 changed, 5 unchanged, 1 warcinfo\n")
    assert len(raw_ids(kafka, BACKFILL)) == before + 5


def test_a_changed_page_in_a_later_archive_is_a_revision(start: Start, tmp_path: Path, kafka: str) -> None:
    archive, site = _archive(2)
    later = Archive().add(f"{site}/0", page("Nachricht 0 " * 30), date="2026-03-02T00:00:00Z")
    later.add(f"{site}/1", page("Berichtigung " * 30), date="2026-03-02T00:00:00Z")
    (tmp_path / "1.warc.gz").write_bytes(archive.data)
    (tmp_path / "2.warc.gz").write_bytes(later.data)
    code, out, _ = _run(start(tmp_path / "1.warc.gz", tmp_path / "2.warc.gz"))
    assert code == 0
    assert "2.warc.gz: 0 new, 1 changed, 1 unchanged" in out


def test_broken_records_are_dead_letters_and_the_rest_is_pushed(
    start: Start, tmp_path: Path, kafka: str
) -> None:
    archive, _ = _archive(3)
    data = bytearray(archive.data)
    data[archive.offsets[2] + 60 : archive.offsets[2] + 90] = b"\x00" * 30
    path = tmp_path / "broken.warc.gz"
    path.write_bytes(bytes(data))
    code, out, err = _run(start(path, tmp_path / "missing.warc.gz"))
    assert code == 1
    assert "2 new" in out
    assert "1 broken_record" in err
    assert "missing.warc.gz: No such file" in err
    letters = read_dead_letters(consumer_options(KafkaSettings(bootstrap_servers=kafka)))
    (letter,) = [each for each in letters if each.origin.topic == str(path)]
    assert (letter.reason, letter.origin.offset) == ("broken_record", archive.offsets[2])
    assert _run(start(path))[1].endswith("0 new, 0 changed, 0 unchanged\n")
    assert "2 unchanged" in _run(start("--again", path))[1]


def test_killed_on_the_way_it_goes_on_and_every_page_is_there(
    start: Start, tmp_path: Path, kafka: str
) -> None:
    archive, _ = _archive(1500)
    path = tmp_path / "long.warc.gz"
    path.write_bytes(archive.data)
    before = set(raw_ids(kafka, BACKFILL))
    runs = 0
    while runs < 3:
        begun = start(path)
        time.sleep(3.0)
        begun.kill()
        begun.communicate()
        runs += 1
    code, out, _ = _run(start(path))
    assert code == 0
    assert len(set(raw_ids(kafka, BACKFILL)) - before) == 1500
    assert "1500 new" not in out


def test_two_at_once_push_every_page_once(start: Start, tmp_path: Path, kafka: str) -> None:
    archive, _ = _archive(100)
    path = tmp_path / "both.warc.gz"
    path.write_bytes(archive.data)
    before = len(raw_ids(kafka, BACKFILL))
    both = [start(path), start("--again", path)]
    assert [_run(each)[0] for each in both] == [0, 0]
    assert len(raw_ids(kafka, BACKFILL)) == before + 100
