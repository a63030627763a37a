"""Jars from Maven Central, exactly the ones that a committed lock file names.

A lock file lists coordinate, size and SHA-256 of every jar of a set. Each start compares all of them
with what lies in the cache; a jar that is missing, cut short or changed is fetched again, and one that
still differs is an error: a changed jar is never a surprise. jgo fetches them; dependencies are walked
only when a lock is written (`python -m wirewatch.local.jars lock`), so a start reads no POM.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from filelock import FileLock, Timeout

from wirewatch.local.errors import JarsUnavailableError
from wirewatch.local.progress import Progress
from wirewatch.settings import PREFIX, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from jgo.maven import Artifact, MavenContext

FETCHING_AT_ONCE = 4
CONNECT_SECONDS, READ_SECONDS = 5, 30
ATTEMPTS = 3
OTHER_PROCESS_SECONDS = 900


class Jar(msgspec.Struct, frozen=True):
    """One line of a lock file. `coordinate` is `group:artifact:version`."""

    coordinate: str
    file: str
    size: int
    sha256: str

    @property
    def path(self) -> Path:
        """Where the jar lies below the cache, laid out as a Maven repository is."""
        group, artifact, version = self.coordinate.split(":")
        return Path(*group.split("."), artifact, version, self.file)


@dataclass(frozen=True)
class JarSet:
    """What is asked of Maven for one service. `instead` names the setting that makes it unnecessary."""

    name: str
    title: str
    roots: tuple[str, ...]
    instead: str

    def lock_path(self) -> Path:
        """The committed lock file."""
        return Path(__file__).parent / f"{self.name}.lock.json"

    def jars(self) -> list[Jar]:
        """The jars that the lock file names, in class-path order."""
        return msgspec.json.decode(self.lock_path().read_bytes(), type=list[Jar])


_CLUSTER = {
    "kafka": f"{PREFIX}KAFKA__BOOTSTRAP_SERVERS=host:port",
    "elasticsearch": f"{PREFIX}ELASTICSEARCH__URL=http://host:port",
}
KAFKA = JarSet(
    "kafka",
    "Kafka 4.4.0",
    ("org.apache.kafka:kafka_2.13:4.4.0", "org.apache.logging.log4j:log4j-slf4j-impl:2.25.5"),
    _CLUSTER["kafka"],
)
ELASTICSEARCH7 = JarSet(
    "elasticsearch7",
    "Elasticsearch 7.17.29",
    (
        "org.elasticsearch.client:transport:7.17.29",
        "org.elasticsearch.plugin:mapper-extras-client:7.17.29",
        "org.elasticsearch.plugin:aggs-matrix-stats-client:7.17.29",
    ),
    _CLUSTER["elasticsearch"],
)
ELASTICSEARCH9 = JarSet(
    "elasticsearch9",
    "Elasticsearch 9.5.3",
    ("org.elasticsearch:elasticsearch:9.5.3", "org.elasticsearch.plugin:transport-netty4:9.5.3"),
    _CLUSTER["elasticsearch"],
)
COMPILER = JarSet(
    "compiler",
    "Java compiler",
    ("org.eclipse.jdt:ecj:3.46.100",),
    " and ".join(_CLUSTER.values()),
)
JAR_SETS = (KAFKA, ELASTICSEARCH7, ELASTICSEARCH9, COMPILER)


def ensure_jars(jar_set: JarSet, settings: Settings, progress: Progress | None = None) -> list[Path]:
    """Every jar of the set, verified, fetched first where need be.

    Processes that start at once wait for each other. Raises `JarsUnavailableError`.
    """
    folder = settings.cache_dir / "jars"
    jars = jar_set.jars()
    if faulty(jars, folder):
        with _only_process(folder):
            if wanted := faulty(jars, folder):
                _fetch(jar_set, wanted, folder, settings.maven_mirror, progress or Progress())
    return [folder / jar.path for jar in jars]


def faulty(jars: Iterable[Jar], folder: Path) -> list[Jar]:
    """The jars that are missing below `folder` or are not what the lock names."""
    return [jar for jar in jars if _difference(jar, folder / jar.path) is not None]


def _difference(jar: Jar, path: Path) -> str | None:
    if not path.is_file():
        return "is missing"
    size = path.stat().st_size
    if size != jar.size:
        return f"has {size} bytes, the lock says {jar.size}"
    digest = sha256(path)
    return None if digest == jar.sha256 else f"has SHA-256 {digest}, the lock says {jar.sha256}"


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _only_process(folder: Path) -> Iterator[None]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "fetching.lock", timeout=OTHER_PROCESS_SECONDS):
            yield
    except Timeout:
        raise JarsUnavailableError(
            f"another process has been fetching jars into {folder} for "
            f"{OTHER_PROCESS_SECONDS // 60} minutes; stop it, or use another folder with {PREFIX}CACHE_DIR"
        ) from None
    except OSError as error:
        raise JarsUnavailableError(
            f"can't keep jars in {folder} ({error}): use another folder with {PREFIX}CACHE_DIR"
        ) from error


def _fetch(jar_set: JarSet, jars: list[Jar], folder: Path, mirror: str | None, progress: Progress) -> None:
    total_bytes = sum(jar.size for jar in jars)
    aside = folder / "fetching"
    shutil.rmtree(aside, ignore_errors=True)
    with (
        progress.downloading(f"{jar_set.title} ({len(jars)} jars)", total_bytes) as advance,
        ThreadPoolExecutor(FETCHING_AT_ONCE) as pool,
    ):
        context = _maven(aside, mirror, advance)
        try:
            _fetch_one(jars[0], context, folder)  # alone: where there is no network, one wait is enough
            for fetched in [pool.submit(_fetch_one, jar, context, folder) for jar in jars[1:]]:
                fetched.result()
        except JarsUnavailableError:
            raise
        except Exception as error:
            raise JarsUnavailableError(_unreachable(jar_set, jars, total_bytes, mirror, error)) from error
        finally:
            pool.shutdown(cancel_futures=True)
    shutil.rmtree(aside, ignore_errors=True)


def _fetch_one(jar: Jar, context: MavenContext, folder: Path) -> None:
    """Fetch aside, compare, then move into place: the cache never holds half a jar."""
    from requests import RequestException

    group, artifact, version = jar.coordinate.split(":")
    wanted = context.project(group, artifact).at_version(version).artifact()
    fresh = context.repo_cache / jar.path
    difference = None
    for attempt in range(1, ATTEMPTS + 1):
        fresh.unlink(missing_ok=True)
        try:
            wanted.resolve()
        except RequestException:
            if attempt == ATTEMPTS:
                raise
            time.sleep(attempt)
        if (difference := _difference(jar, fresh)) is None:
            break
    else:
        raise JarsUnavailableError(
            f"{jar.file} was fetched {ATTEMPTS} times and is not the one wanted: it {difference}. "
            f"If it comes from a mirror ({PREFIX}MAVEN_MIRROR), the mirror's copy is broken or changed."
        )
    (folder / jar.path).parent.mkdir(parents=True, exist_ok=True)
    fresh.replace(folder / jar.path)


def _maven(folder: Path, mirror: str | None, advance: Callable[[int], None]) -> MavenContext:
    from jgo.maven import MavenContext, PythonResolver

    @contextmanager
    def per_file(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield advance

    seconds: Any = (CONNECT_SECONDS, READ_SECONDS)  # jgo hands it on to requests, which takes both
    return MavenContext(
        PythonResolver(progress_callback=per_file),
        repo_cache=folder,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=seconds,
    )


def _unreachable(
    jar_set: JarSet, jars: list[Jar], total_bytes: int, mirror: str | None, error: Exception
) -> str:
    source = f"the mirror that {PREFIX}MAVEN_MIRROR names" if mirror else "Maven Central"
    return (
        f"could not fetch {len(jars)} jars ({total_bytes / 1e6:.0f} MB) of {jar_set.title} from {source}: "
        f"{_reason(error)}\n"
        f"Without a way to Maven Central, name a mirror of it with {PREFIX}MAVEN_MIRROR=https://…, "
        f"or use a cluster of your own with {jar_set.instead}"
    )


def _reason(error: BaseException) -> str:
    """The innermost cause, which is the one that says something (`Connection refused`)."""
    while inner := error.__cause__ or error.__context__:
        error = inner
    return f"{type(error).__name__}: {error}"


def write_lock(jar_set: JarSet, mirror: str | None = None) -> list[Jar]:
    """Resolve the set anew, with all it depends on, and write its lock file.

    Each root carries jgo's `!`, without which one root's dependency management overrides another's.
    """
    with tempfile.TemporaryDirectory() as folder:
        context = _maven(Path(folder), mirror, lambda _: None)
        asked = [context.create_dependency(f"{root}!") for root in jar_set.roots]
        inputs, transitive = context.resolver.resolve(asked)
        kept = [*inputs, *(dependency for dependency in transitive if _at_run_time(dependency))]
        with ThreadPoolExecutor(FETCHING_AT_ONCE) as pool:
            jars = sorted(
                pool.map(lambda dependency: _locked(dependency.artifact), kept),
                key=lambda jar: jar.coordinate,
            )
    jar_set.lock_path().write_bytes(msgspec.json.format(msgspec.json.encode(jars), indent=1) + b"\n")
    return jars


def _at_run_time(dependency: Any) -> bool:
    return dependency.scope in {"compile", "runtime"} and dependency.type == "jar"


def _locked(artifact: Artifact) -> Jar:
    path = artifact.resolve()
    coordinate = f"{artifact.groupId}:{artifact.artifactId}:{artifact.version}"
    return Jar(coordinate, path.name, path.stat().st_size, sha256(path))


def main() -> None:
    """`python -m wirewatch.local.jars lock`: write all lock files anew."""
    import sys

    import click

    if sys.argv[1:] != ["lock"]:
        click.echo("usage: python -m wirewatch.local.jars lock", err=True)
        sys.exit(2)
    for jar_set in JAR_SETS:
        jars = write_lock(jar_set)
        click.echo(f"{jar_set.title}: {len(jars)} jars, {sum(jar.size for jar in jars) / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
