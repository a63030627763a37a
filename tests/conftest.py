"""Fixtures of all tests.

Tests use a real Kafka broker and a real Elasticsearch node, started once per session in a temporary
folder, with jars from the user's own cache; settings that name a cluster (`WIREWATCH_KAFKA__…`,
`WIREWATCH_ELASTICSEARCH__…`) are used instead. Tests share them, so nothing has a fixed name: `settings`
gives each test an index prefix of its own, and tests give their topics names of their own.

Where services or the shared data can't be had, tests that need them are skipped with the reason; with
CI=true they fail.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from wirewatch.local import LocalServiceError, LocalServices
from wirewatch.local.elasticsearch import Elasticsearch9
from wirewatch.settings import Settings, load_settings

SHARED = Path(__file__).resolve().parents[2] / "shared"
COMPUTING = tuple(Path(__file__).parent / folder for folder in ("unit", "quality", "fuzz"))
SERVICE_FIXTURES = {"services", "kafka", "elasticsearch", "elasticsearch9", "settings"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs services, so that `-m "not services"` is the quick run, and what only computes."""
    for item in items:
        if SERVICE_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("services")
        elif any(item.path.is_relative_to(folder) for folder in COMPUTING):
            item.add_marker("compute")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests marked `shared` need the shared data folder."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        _unavailable(f"no shared data folder at {SHARED}")


def _unavailable(reason: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared data folder beside the checkout."""
    if not SHARED.is_dir():
        _unavailable(f"no shared data folder at {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServices]:
    """The session's broker and node. A test that kills one must start it again (`services.kafka.start()`)."""
    local = LocalServices(load_settings(data_dir=tmp_path_factory.mktemp("services")))
    try:
        local.__enter__()
    except LocalServiceError as error:
        _unavailable(str(error))
    yield local
    local.__exit__(None, None, None)


@pytest.fixture(scope="session")
def kafka(services: LocalServices) -> str:
    """The broker's `host:port`."""
    return services.bootstrap_servers


@pytest.fixture(scope="session")
def elasticsearch(services: LocalServices) -> str:
    """The node's URL (7.17)."""
    return services.elasticsearch_url


@pytest.fixture(scope="module")
def elasticsearch9(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a 9.x node, which runs for the tests of one module."""
    folder = tmp_path_factory.mktemp("elasticsearch9")
    node = Elasticsearch9(folder, load_settings(data_dir=folder))
    try:
        node.start()
    except LocalServiceError as error:
        _unavailable(str(error))
    yield node.url
    node.stop()


@pytest.fixture
def settings(services: LocalServices, tmp_path: Path) -> Settings:
    """Settings pointing to the session's services, with an index prefix and a data folder of their own."""
    prefix = f"test-{uuid.uuid4().hex[:12]}"
    found = services.settings
    return found.model_copy(
        update={
            "data_dir": tmp_path,
            "elasticsearch": found.elasticsearch.model_copy(update={"index_prefix": prefix}),
        }
    )
