"""The Elasticsearch client of this process, from its settings."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import click
from elasticsearch import (
    ApiError,
    AuthenticationException,
    AuthorizationException,
    Elasticsearch,
    NotFoundError,
    SSLError,
    TransportError,
)

from sinks.elasticsearch.client import connect
from sinks.elasticsearch.patience import reason_of
from wirewatch.local import resolve_endpoints
from wirewatch.settings import PREFIX, ConfigurationError, ElasticsearchSettings, Settings

SETTING = f"{PREFIX}ELASTICSEARCH__"


def elasticsearch_client(elasticsearch: ElasticsearchSettings) -> Elasticsearch:
    """A client of the cluster, to be closed or used in a `with`. Connects on its first call.

    Raises `ConfigurationError` where no URL is set, or `ca_file` is none.
    """
    if elasticsearch.url is None:
        raise ConfigurationError(
            "no Elasticsearch is set: run `wirewatch up` here, or set WIREWATCH_ELASTICSEARCH__URL"
        )
    _check_ca_file(elasticsearch)
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

    What goes wrong inside becomes a `click.ClickException` that says what to do about it. Raises
    `wirewatch.local.LocalServiceError` where none is set and none runs here.
    """
    elasticsearch = settings.elasticsearch
    if not elasticsearch.url:  # of the two, this needs no Kafka
        elasticsearch = resolve_endpoints(settings).elasticsearch
    with muted(), explaining(elasticsearch), elasticsearch_client(elasticsearch) as client:
        yield client, elasticsearch.index_prefix


@contextmanager
def explaining(elasticsearch: ElasticsearchSettings) -> Iterator[None]:
    """What goes wrong with the cluster inside becomes a `click.ClickException` that says what to do."""
    try:
        yield
    except NotFoundError as error:
        raise click.ClickException(
            f"{reason_of(error.body)}\nTo create the indices: wirewatch index apply"
        ) from None
    except ApiError as error:
        raise click.ClickException(
            f"Elasticsearch refused ({error.status_code}): {reason_of(error.body)}{_mend_refusal(error)}"
        ) from None
    except TransportError as error:
        raise click.ClickException(why_unreachable(error, elasticsearch)) from None


def ensure_not_refused(elasticsearch: ElasticsearchSettings) -> None:
    """Raise `click.ClickException` where the cluster refuses our key or user, or we its certificate.

    A cluster that is away is none of this: it may come back.
    """
    with muted(), explaining(elasticsearch), elasticsearch_client(elasticsearch) as client:
        try:
            client.indices.exists(index=elasticsearch.index_prefix)
        except (AuthenticationException, SSLError):
            raise
        except (ApiError, TransportError):
            return


def why_unreachable(error: TransportError, elasticsearch: ElasticsearchSettings) -> str:
    """Why no answer came, and which setting to look at."""
    why = f"no Elasticsearch answers at {elasticsearch.url}: {error.message}"
    if not isinstance(error, SSLError):
        return f"{why}\nIs {SETTING}URL right, https or http included, and does it run?"
    said = str(error.message)
    if "doesn't match" in said or "mismatch" in said:
        return f"{why}\nWrite the name that its certificate was made for in {SETTING}URL."
    if "certificate has expired" in said:
        return f"{why}\nRenew the certificate of the node."
    if "CERTIFICATE_VERIFY_FAILED" in said:
        trusted = elasticsearch.ca_file or "those of the system"
        return (
            f"{why}\nSet {SETTING}CA_FILE to the PEM file of the authority that signed its certificate "
            f"(now {trusted})."
        )
    return f"{why}\nDoes it speak TLS there? If not, {SETTING}URL begins with http://"


@contextmanager
def muted() -> Iterator[None]:
    """Where it is told in a sentence of ours that no node answers: not each attempt as well."""
    loggers = [logging.getLogger(name) for name in ("elastic_transport", "urllib3.connection")]
    levels = [logger.level for logger in loggers]
    if not loggers[0].isEnabledFor(logging.DEBUG):
        for logger in loggers:
            logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _mend_refusal(error: ApiError) -> str:
    if isinstance(error, AuthenticationException):
        return f"\nCorrect {SETTING}API_KEY (its encoded form), or {SETTING}USERNAME and {SETTING}PASSWORD."
    if isinstance(error, AuthorizationException):
        return "\nGive this key or user the right to do so."
    return ""


def _check_ca_file(elasticsearch: ElasticsearchSettings) -> None:
    """The client would find out on its first call, and then call it a network error."""
    if elasticsearch.ca_file is None:
        return
    if not str(elasticsearch.url).startswith("https:"):
        raise ConfigurationError(f"{SETTING}CA_FILE is of no use with {elasticsearch.url}: use https://")
    try:
        ssl.create_default_context(cafile=elasticsearch.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise ConfigurationError(
            f"{SETTING}CA_FILE can't be used: {elasticsearch.ca_file}: {error}"
        ) from None
