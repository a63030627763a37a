"""Client options for Kafka's Python clients, all from one `KafkaSettings`.

kafka-python writes and administers, Faust (over aiokafka) runs the agents. Options hold the password in
the clear, since the clients want it so: never log them.
"""

from __future__ import annotations

import ssl
from typing import Any

from schemas.wire import RECORD_BYTES_MAX
from wirewatch.settings import ConfigurationError, KafkaSettings, Settings

CLIENT_ID = "wirewatch"
BOOTSTRAP_MS = 15_000
RECONNECT_MS = 2_000
REQUEST_BYTES_MAX = RECORD_BYTES_MAX + 1024 * 1024


def reachable_kafka(settings: Settings) -> KafkaSettings:
    """The cluster the settings name, else the broker of the `wirewatch up` that runs here.

    Unlike `wirewatch.local.resolve_endpoints`, it asks for no Elasticsearch, for commands that need none.
    Raises `wirewatch.local.LocalServiceError` where neither is, `wirewatch.admission.NotAdmittedError`
    where the cluster does not let us in.
    """
    if settings.kafka.bootstrap_servers:
        from wirewatch.admission import ensure_admitted

        ensure_admitted(settings.kafka)
        return settings.kafka
    from wirewatch.local import resolve_endpoints

    return resolve_endpoints(settings).kafka


def bootstrap_servers(kafka: KafkaSettings) -> list[str]:
    """The brokers to ask first, as `host:port`. Raises `ConfigurationError` for none, or one with no port."""
    servers = [server.strip() for server in (kafka.bootstrap_servers or "").split(",")]
    if not any(servers):
        raise ConfigurationError(
            "no Kafka broker is set: run `wirewatch up` here, or set WIREWATCH_KAFKA__BOOTSTRAP_SERVERS"
        )
    for server in filter(None, servers):
        if not server.rpartition(":")[2].isdecimal():
            raise ConfigurationError(f"kafka.bootstrap_servers: {server} has no port, as in host:9092")
    return [server for server in servers if server]


def tls_context(kafka: KafkaSettings) -> ssl.SSLContext | None:
    """How to speak TLS with the brokers; `None` where the protocol has none.

    Raises `ConfigurationError` naming the files where one can't be read or is no certificate.
    """
    if kafka.security_protocol not in ("SSL", "SASL_SSL"):
        return None
    try:
        context = ssl.create_default_context(cafile=kafka.ssl_ca_file)
        if kafka.ssl_cert_file is not None:
            context.load_cert_chain(kafka.ssl_cert_file, kafka.ssl_key_file)
    except OSError as error:  # ssl.SSLError is one
        files = [str(file) for file in (kafka.ssl_ca_file, kafka.ssl_cert_file, kafka.ssl_key_file) if file]
        raise ConfigurationError(f"kafka: TLS can't be set up from {', '.join(files)}: {error}") from None
    return context


def client_options(kafka: KafkaSettings) -> dict[str, Any]:
    """What every kafka-python client needs: where the brokers are and how to be let in."""
    options: dict[str, Any] = {
        "bootstrap_servers": bootstrap_servers(kafka),
        "client_id": CLIENT_ID,
        "bootstrap_timeout_ms": BOOTSTRAP_MS,
        "reconnect_backoff_max_ms": RECONNECT_MS,
        "security_protocol": kafka.security_protocol,
    }
    context = tls_context(kafka)
    if context is not None:
        options["ssl_context"] = context
    if kafka.security_protocol.startswith("SASL"):
        options |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.sasl_username,
            "sasl_plain_password": _password(kafka),
        }
    return options


def admin_options(kafka: KafkaSettings) -> dict[str, Any]:
    """For `kafka.admin.KafkaAdminClient`."""
    return client_options(kafka)


def producer_options(kafka: KafkaSettings) -> dict[str, Any]:
    """For `kafka.KafkaProducer`: idempotent, acknowledged by all replicas, in compressed batches."""
    return client_options(kafka) | {
        "acks": "all",
        "enable_idempotence": True,
        "compression_type": "lz4",
        "linger_ms": 20,
        "batch_size": 256 * 1024,
        "max_request_size": REQUEST_BYTES_MAX,
        "max_block_ms": 30_000,
        "allow_auto_create_topics": False,
    }


def consumer_options(kafka: KafkaSettings, group: str | None = None) -> dict[str, Any]:
    """For `kafka.KafkaConsumer`: from the earliest record, committing only when told to."""
    return client_options(kafka) | {
        "group_id": group,
        "auto_offset_reset": "earliest",
        "enable_auto_commit": False,
        "max_partition_fetch_bytes": REQUEST_BYTES_MAX,
        "allow_auto_create_topics": False,
    }


def faust_options(kafka: KafkaSettings) -> dict[str, Any]:
    """For `faust.App`: `broker` and, where the cluster asks for them, `broker_credentials`."""
    options: dict[str, Any] = {
        "broker": ";".join(f"kafka://{server}" for server in bootstrap_servers(kafka)),
    }
    credentials = _faust_credentials(kafka)
    return options | ({"broker_credentials": credentials} if credentials is not None else {})


def aiokafka_options(kafka: KafkaSettings) -> dict[str, Any]:
    """For aiokafka's producer and consumer, where they are used without Faust."""
    own = ("bootstrap_timeout_ms", "reconnect_backoff_max_ms")
    options = {name: value for name, value in client_options(kafka).items() if name not in own}
    return options | {"bootstrap_servers": ",".join(bootstrap_servers(kafka))}


def _faust_credentials(kafka: KafkaSettings) -> Any:
    from faust.auth import SASLCredentials, SSLCredentials

    context = tls_context(kafka)
    if kafka.security_protocol.startswith("SASL"):
        return SASLCredentials(
            username=kafka.sasl_username,
            password=_password(kafka),
            ssl_context=context,
            mechanism=kafka.sasl_mechanism,
        )
    return SSLCredentials(context) if context is not None else None


def _password(kafka: KafkaSettings) -> str | None:
    return kafka.sasl_password.get_secret_value() if kafka.sasl_password is not None else None
