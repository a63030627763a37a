"""Jars are fetched from a real HTTP server, checked against the lock, and never left half."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wirewatch.local import JarsUnavailableError
from wirewatch.local.jars import COMPILER, KAFKA, ensure_jars, faulty
from wirewatch.local.process import free_port
from wirewatch.settings import Settings, load_settings

if TYPE_CHECKING:
    from conftest import Mirror

# jgo leaves the answers that it has no use for, and their sockets, to the garbage collector.
pytestmark = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture
def cached(mirror: Mirror, tmp_path: Path) -> Settings:
    """Settings with an empty cache and the mirror."""
    return load_settings(cache_dir=tmp_path / "cache", data_dir=tmp_path, maven_mirror=mirror.url)


def jars_asked(mirror: Mirror) -> list[str]:
    return [path for path in mirror.asked if path.endswith(".jar")]


def test_an_empty_cache_is_filled_once(mirror: Mirror, cached: Settings) -> None:
    paths = ensure_jars(KAFKA, cached)
    assert len(paths) == len(KAFKA.jars()) == len(jars_asked(mirror))
    assert faulty(KAFKA.jars(), cached.cache_dir / "jars") == []
    ensure_jars(KAFKA, cached)
    assert len(jars_asked(mirror)) == len(paths)
    assert not (cached.cache_dir / "jars" / "fetching").exists()


@pytest.mark.parametrize("damage", ["cut short", "changed", "missing"])
def test_a_damaged_jar_is_found_and_only_that_one_is_fetched_again(
    mirror: Mirror, cached: Settings, damage: str
) -> None:
    victim = ensure_jars(KAFKA, cached)[3]
    content = victim.read_bytes()
    mirror.asked.clear()
    if damage == "missing":
        victim.unlink()
    else:
        victim.write_bytes(content[:-100] if damage == "cut short" else content[:-1] + b"?")
    ensure_jars(KAFKA, cached)
    assert victim.read_bytes() == content
    assert [Path(path).name for path in jars_asked(mirror)] == [victim.name]


def test_a_jar_that_is_not_the_one_locked_is_an_error_that_names_it(mirror: Mirror, cached: Settings) -> None:
    (jar,) = COMPILER.jars()
    served = mirror.folder / jar.path
    served.write_bytes(served.read_bytes()[:-1] + b"?")
    with pytest.raises(JarsUnavailableError) as caught:
        ensure_jars(COMPILER, cached)
    assert jar.file in str(caught.value)
    assert "SHA-256" in str(caught.value)
    assert not (cached.cache_dir / "jars" / jar.path).exists()


def test_a_jar_that_the_mirror_lacks_is_an_error(mirror: Mirror, cached: Settings) -> None:
    (jar,) = COMPILER.jars()
    (mirror.folder / jar.path).unlink()
    with pytest.raises(JarsUnavailableError) as caught:
        ensure_jars(COMPILER, cached)
    assert "org.eclipse.jdt:ecj" in str(caught.value)


def test_without_a_network_the_error_says_what_and_what_instead(tmp_path: Path) -> None:
    nowhere = f"http://127.0.0.1:{free_port()}"
    settings = load_settings(cache_dir=tmp_path / "cache", maven_mirror=nowhere)
    with pytest.raises(JarsUnavailableError) as caught:
        ensure_jars(KAFKA, settings)
    message = str(caught.value)
    assert "Kafka 4.4.0" in message
    assert "refused" in message
    assert "WIREWATCH_MAVEN_MIRROR" in message
    assert "WIREWATCH_KAFKA__BOOTSTRAP_SERVERS" in message


def test_two_processes_that_start_at_once_fetch_each_jar_once(mirror: Mirror, cached: Settings) -> None:
    code = (
        "from wirewatch.settings import load_settings; from wirewatch.local.jars import KAFKA, ensure_jars;"
        "ensure_jars(KAFKA, load_settings())"
    )
    environment = {
        **os.environ,
        "WIREWATCH_CACHE_DIR": str(cached.cache_dir),
        "WIREWATCH_MAVEN_MIRROR": mirror.url,
    }
    both = [subprocess.Popen([sys.executable, "-c", code], env=environment) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    assert len(jars_asked(mirror)) == len(KAFKA.jars())
    assert faulty(KAFKA.jars(), cached.cache_dir / "jars") == []
