"""The fixture of the sinks' tests. What imports Kafka waits until the warnings it causes are let pass."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from wirewatch.settings import Settings

if TYPE_CHECKING:
    from tests.integration.sinks.bench import Bench


@pytest.fixture
def bench(settings: Settings) -> Iterator[Bench]:
    """Topics, indices and rules of this test's own; removed afterwards."""
    from sinks.alerts.rules import load_rules, rule_files
    from sinks.alerts.stored import store
    from sinks.elasticsearch.indices import apply
    from tests.integration.sinks.bench import RECORDS, Bench

    with ExitStack() as opened:
        made = Bench(settings, opened)
        apply(made.client, made.prefix)
        store(made.client, made.prefix, load_rules(rule_files()))
        yield made
        for index in made.client.indices.get(index=f"{made.prefix}-*"):
            made.client.indices.delete(index=index)
        made.client.indices.delete_index_template(name=f"{made.prefix}-*")
        made.admin.delete_topics([made.topic(name) for name in RECORDS])
