"""The Elasticsearch client of this process, from its settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from sinks.elasticsearch.client import connect
from sinks.elasticsearch.patience import reason_of
from wirewatch.local import LocalServiceError, resolve_endpoints
from wirewatch.settings import ConfigurationError, ElasticsearchSettings, Settings


def elasticsearch_client(elasticsearch: ElasticsearchSettings) -> Elasticsearch:
    """A client of the cluster, to be closed or used in a `with`. Connects on its first call.

    Raises `ConfigurationError` where no URL is set.
    """
    if elasticsearch.url is None:
        raise ConfigurationError(
            "no Elasticsearch is set: run `wirewatch up` here, or set WIREWATCH_ELASTICSEARCH__URL"
        )
    password = elasticsearch.password.get_secret_value() if elasticsearch.password else None
    return connect(
        elasticsearch.url,
        api_key=elasticsearch.api_key.get_secret_value() if elasticsearch.api_key else None,
        username=elasticsearch.username,
        password=password,
        ca_file=elasticsearch.ca_file,
        timeout_seconds=elasticsearch.request_timeout_seconds,
    )


@contextmanager
def cluster(settings: Settings) -> Iterator[tuple[Elasticsearch, str]]:
    """For a command: a client of the cluster that is set or runs here, and the index prefix.

    What goes wrong inside becomes a `click.ClickException` that says what to do about it.
    """
    try:
        elasticsearch = resolve_endpoints(settings).elasticsearch
        with elasticsearch_client(elasticsearch) as client:
            yield client, elasticsearch.index_prefix
    except LocalServiceError as error:
        raise click.ClickException(str(error)) from None
    except NotFoundError as error:
        raise click.ClickException(
            f"{reason_of(error.body)}\nTo create the indices: wirewatch index apply"
        ) from None
    except ApiError as error:
        raise click.ClickException(
            f"Elasticsearch refused ({error.status_code}): {reason_of(error.body)}"
        ) from None
    except TransportError as error:
        raise click.ClickException(f"no Elasticsearch answers at {elasticsearch.url}: {error}") from None
