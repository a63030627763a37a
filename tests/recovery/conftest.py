"""Topics, indices and the built-in rule, on the session's services; names by the catalogue alone, to start quickly."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from elasticsearch import Elasticsearch
from kafka.admin import KafkaAdminClient

from sinks.alerts.rules import load_rules, rule_files
from sinks.alerts.stored import store
from sinks.elasticsearch.indices import apply
from wirewatch.elastic import elasticsearch_client
from wirewatch.kafka import admin_options
from wirewatch.settings import Settings
from wirewatch.topics import apply_topics


@pytest.fixture
def ready(settings: Settings) -> Settings:
    """Settings of a pipeline on which parts can be started."""
    with closing(KafkaAdminClient(**admin_options(settings.kafka))) as admin:
        apply_topics(admin, settings.kafka)
    with elasticsearch_client(settings.elasticsearch) as client:
        apply(client, settings.elasticsearch.index_prefix)
        store(client, settings.elasticsearch.index_prefix, load_rules(rule_files()))
    return settings.model_copy(update={"names": settings.names.model_copy(update={"model": "gazetteer"})})


@pytest.fixture
def client(ready: Settings) -> Iterator[Elasticsearch]:
    """A client of the node."""
    with elasticsearch_client(ready.elasticsearch) as connected:
        yield connected
