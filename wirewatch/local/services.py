"""Kafka and Elasticsearch for one data folder: started, shared, stopped.

One process at a time holds a folder (`services.lock`, a lock of the operating system, so a crash frees
it). What it runs stands in `services.json`, by which other commands find it.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

import msgspec
from filelock import FileLock, Timeout

from wirewatch.local.elasticsearch import Elasticsearch
from wirewatch.local.errors import FolderHeldError, LocalServiceError
from wirewatch.local.kafka import Kafka
from wirewatch.local.process import Service
from wirewatch.local.progress import Progress
from wirewatch.settings import PREFIX, Settings

LOCK_FILE = "services.lock"
STATE_FILE = "services.json"
PROBE_SECONDS = 0.3  # another process that asks who holds a folder has its lock for an instant


class Endpoints(msgspec.Struct, frozen=True):
    """Where the services of a data folder are, and who runs them (`pid`)."""

    pid: int
    bootstrap_servers: str
    elasticsearch_url: str
    started_at: datetime


class LocalServices:
    """A context manager: on entering, what the settings do not point elsewhere is started and ready.

    Raises `FolderHeldError` if another process runs services in `settings.data_dir`, else other kinds of
    `LocalServiceError`. `kafka` and `elasticsearch` are None where the settings name a cluster.
    """

    def __init__(self, settings: Settings, progress: Progress | None = None) -> None:
        self._folder = settings.data_dir
        self._settings = settings
        progress = progress or Progress()
        given = settings.kafka.bootstrap_servers, settings.elasticsearch.url
        self.kafka = None if given[0] else Kafka(self._folder / "kafka", settings, progress)
        self.elasticsearch = (
            None if given[1] else Elasticsearch(self._folder / "elasticsearch", settings, progress)
        )
        self._lock = FileLock(self._folder / LOCK_FILE, thread_local=False)

    @property
    def bootstrap_servers(self) -> str:
        """The local broker's, or the settings' own."""
        return self.kafka.bootstrap_servers if self.kafka else self._settings.kafka.bootstrap_servers or ""

    @property
    def elasticsearch_url(self) -> str:
        """The local node's, or the settings' own."""
        return self.elasticsearch.url if self.elasticsearch else self._settings.elasticsearch.url or ""

    @property
    def settings(self) -> Settings:
        """The settings, pointing to what runs."""
        return _pointing(self._settings, self.bootstrap_servers, self.elasticsearch_url)

    def __enter__(self) -> Self:
        self._hold_folder()
        with ExitStack() as undo:
            undo.callback(self._stop)
            for service in self._local():
                service.launch()
            for service in self._local():
                service.wait_until_ready()
            self._publish()
            undo.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def restart_fallen(self) -> list[str]:
        """Start again what has ended by itself, on its data and its port, and wait until it is ready.

        Returns the names of what had fallen. Raises `ServiceFailedError` for one that does not come back.
        """
        fallen = [service for service in self._local() if not service.running]
        for service in fallen:
            service.restart()
        return [type(service).__name__ for service in fallen]

    def _local(self) -> list[Service]:
        return [service for service in (self.kafka, self.elasticsearch) if service is not None]

    def _hold_folder(self) -> None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=PROBE_SECONDS)
            (self._folder / STATE_FILE).unlink(missing_ok=True)  # a crash leaves one
        except Timeout:
            raise FolderHeldError(_held_by(self._folder)) from None
        except OSError as error:
            raise LocalServiceError(
                f"can't write to the data folder {self._folder} ({error}): choose another with --data-dir"
            ) from error

    def _publish(self) -> None:
        state = Endpoints(os.getpid(), self.bootstrap_servers, self.elasticsearch_url, datetime.now(UTC))
        fresh = self._folder / f"{STATE_FILE}.new"
        fresh.write_bytes(msgspec.json.encode(state))
        fresh.replace(self._folder / STATE_FILE)

    def _stop(self) -> None:
        (self._folder / STATE_FILE).unlink(missing_ok=True)
        try:
            for service in reversed(self._local()):
                service.stop()
        finally:
            self._lock.release()


def running_services(data_dir: Path) -> Endpoints | None:
    """What runs in a data folder now, or None. A file left by a crash counts for nothing."""
    state = _read_state(data_dir)
    return state if state and is_held(data_dir) else None


def resolve_endpoints(settings: Settings) -> Settings:
    """The settings with every endpoint filled in, from the `wirewatch up` that runs in the data folder.

    Raises `LocalServiceError` if an endpoint is neither set nor running.
    """
    if settings.kafka.bootstrap_servers and settings.elasticsearch.url:
        return settings
    running = running_services(settings.data_dir)
    if running is None:
        raise LocalServiceError(
            f"no Kafka and Elasticsearch: nothing runs in {settings.data_dir}. "
            "Start them with `wirewatch up` (with the same --data-dir), or point to clusters with "
            f"{PREFIX}KAFKA__BOOTSTRAP_SERVERS=host:port and {PREFIX}ELASTICSEARCH__URL=http://host:port"
        )
    return _pointing(
        settings,
        settings.kafka.bootstrap_servers or running.bootstrap_servers,
        settings.elasticsearch.url or running.elasticsearch_url,
    )


def _pointing(settings: Settings, bootstrap_servers: str, url: str) -> Settings:
    return settings.model_copy(
        update={
            "kafka": settings.kafka.model_copy(update={"bootstrap_servers": bootstrap_servers}),
            "elasticsearch": settings.elasticsearch.model_copy(update={"url": url}),
        }
    )


def _held_by(folder: Path) -> str:
    state = _read_state(folder)
    if state is None:
        return (
            f"another process is starting or stopping services in {folder}: wait, or use another --data-dir"
        )
    return (
        f"process {state.pid} runs services in {folder} since {state.started_at:%Y-%m-%d %H:%M:%S} UTC "
        f"(Kafka {state.bootstrap_servers}, Elasticsearch {state.elasticsearch_url}): "
        "use them, stop that process, or use another --data-dir"
    )


def _read_state(folder: Path) -> Endpoints | None:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.json.decode((folder / STATE_FILE).read_bytes(), type=Endpoints)
    return None


def is_held(folder: Path) -> bool:
    """Whether some process holds the folder, ready or not: ask for its lock, and give it back at once."""
    if not (folder / LOCK_FILE).exists():
        return False
    probe = FileLock(folder / LOCK_FILE)
    try:
        probe.acquire(timeout=PROBE_SECONDS)
    except Timeout:
        return True
    except OSError:
        return False
    probe.release()
    return False
