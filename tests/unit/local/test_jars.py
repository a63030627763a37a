import hashlib
from pathlib import Path

import pytest

from wirewatch.local.jars import JAR_SETS, Jar, JarSet, faulty


@pytest.mark.parametrize("jar_set", JAR_SETS, ids=lambda jar_set: jar_set.name)
def test_lock_files_name_every_root_and_nothing_twice(jar_set: JarSet) -> None:
    jars = jar_set.jars()
    coordinates = [jar.coordinate for jar in jars]
    assert set(jar_set.roots) <= set(coordinates)
    projects = [coordinate.rsplit(":", 1)[0] for coordinate in coordinates]
    assert len(set(projects)) == len(projects)
    assert all(len(jar.sha256) == 64 and jar.size > 0 and jar.file.endswith(".jar") for jar in jars)


@pytest.mark.parametrize("jar_set", JAR_SETS, ids=lambda jar_set: jar_set.name)
def test_lock_files_hold_no_address(jar_set: JarSet) -> None:
    assert "//" not in jar_set.lock_path().read_text(encoding="utf-8")


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Jar, Path]:
    content = b"not much of a jar"
    jar = Jar("org.example:thing:1.0", "thing-1.0.jar", len(content), hashlib.sha256(content).hexdigest())
    path = tmp_path / jar.path
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return jar, path


def test_a_jar_that_is_the_one_wanted_is_not_faulty(kept: tuple[Jar, Path], tmp_path: Path) -> None:
    assert faulty([kept[0]], tmp_path) == []


@pytest.mark.parametrize("content", [None, b"", b"not much of", b"not much of a JAR", b"not much of a jar."])
def test_a_jar_missing_cut_short_or_changed_is_faulty(
    kept: tuple[Jar, Path], tmp_path: Path, content: bytes | None
) -> None:
    jar, path = kept
    path.unlink() if content is None else path.write_bytes(content)
    assert faulty([jar], tmp_path) == [jar]
