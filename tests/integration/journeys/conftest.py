"""One `wirewatch up`, shared by a module, as a person has it running in another window."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.journeys.wirewatch_process import Installation
from wirewatch.local import LocalServices


@pytest.fixture(scope="module")
def here(services: LocalServices, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """`services` is asked for first: where it can't start, these tests are skipped with the reason."""
    installation = Installation(tmp_path_factory.mktemp("journey") / "data")
    running = installation.up().wait_until_ready()
    yield installation
    running.end()
    assert installation.processes() == {}
