"""From settings to the options of each client."""

from __future__ import annotations

import ssl
from pathlib import Path

import aiokafka
import pytest
from faust.auth import SASLCredentials, SSLCredentials
from kafka import KafkaConsumer, KafkaProducer
from kafka.admin import KafkaAdminClient

from schemas.wire import RECORD_BYTES_MAX
from sinks.consumer import GROUP_OPTIONS
from wirewatch.kafka import (
    admin_options,
    aiokafka_options,
    bootstrap_servers,
    consumer_options,
    faust_options,
    producer_options,
    tls_context,
)
from wirewatch.settings import ConfigurationError, ElasticsearchSettings, KafkaSettings, Settings
from wirewatch.sinking import group_options, stalled_seconds
from wirewatch.stalls import CHECK_SECONDS

SECRET = "open-sesame"
PLAIN = KafkaSettings(bootstrap_servers=" a:9092, b:9093 ,")
SASL = KafkaSettings.model_validate(
    {
        "bootstrap_servers": "a:9092",
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": "reader",
        "sasl_password": SECRET,
    }
)


def test_brokers_are_listed_and_their_lack_is_told() -> None:
    assert bootstrap_servers(PLAIN) == ["a:9092", "b:9093"]
    for nothing in (None, "", " , "):
        with pytest.raises(ConfigurationError, match="WIREWATCH_KAFKA__BOOTSTRAP_SERVERS"):
            bootstrap_servers(KafkaSettings(bootstrap_servers=nothing))


@pytest.mark.parametrize("kafka", [PLAIN, SASL], ids=["plain", "sasl"])
def test_the_clients_know_every_option(kafka: KafkaSettings) -> None:
    assert producer_options(kafka).keys() <= KafkaProducer.DEFAULT_CONFIG.keys()
    assert consumer_options(kafka, "group").keys() <= KafkaConsumer.DEFAULT_CONFIG.keys()
    assert admin_options(kafka).keys() <= KafkaAdminClient.DEFAULT_CONFIG.keys()
    known = aiokafka.AIOKafkaProducer.__init__.__kwdefaults__
    assert aiokafka_options(kafka).keys() <= known.keys()


def test_the_producer_loses_and_doubles_nothing_and_takes_the_largest_record() -> None:
    options = producer_options(PLAIN)
    assert (options["acks"], options["enable_idempotence"], options["compression_type"]) == (
        "all",
        True,
        "lz4",
    )
    assert options["max_request_size"] > RECORD_BYTES_MAX
    assert options["allow_auto_create_topics"] is False


def test_the_consumer_begins_at_the_beginning_and_commits_when_told() -> None:
    options = consumer_options(PLAIN)
    assert (options["auto_offset_reset"], options["enable_auto_commit"], options["group_id"]) == (
        "earliest",
        False,
        None,
    )


def test_sasl_over_tls_reaches_every_client() -> None:
    for options in (
        producer_options(SASL),
        consumer_options(SASL),
        admin_options(SASL),
        aiokafka_options(SASL),
    ):
        assert (options["security_protocol"], options["sasl_mechanism"]) == ("SASL_SSL", "SCRAM-SHA-512")
        assert (options["sasl_plain_username"], options["sasl_plain_password"]) == ("reader", SECRET)
        assert options["ssl_context"].verify_mode == ssl.CERT_REQUIRED
    credentials = faust_options(SASL)["broker_credentials"]
    assert isinstance(credentials, SASLCredentials)
    assert (credentials.protocol.value, credentials.mechanism.value) == ("SASL_SSL", "SCRAM-SHA-512")
    assert credentials.password == SECRET
    assert SECRET not in repr(credentials)


def test_faust_gets_one_broker_url_for_each() -> None:
    assert faust_options(PLAIN) == {"broker": "kafka://a:9092;kafka://b:9093"}


def test_faust_over_tls_alone() -> None:
    tls = PLAIN.model_copy(update={"security_protocol": "SSL"})
    assert isinstance(faust_options(tls)["broker_credentials"], SSLCredentials)
    assert tls_context(PLAIN) is None


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    file = tmp_path / "ca.pem"
    file.write_text("no certificate", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"ca\.pem"):
        tls_context(PLAIN.model_copy(update={"security_protocol": "SSL", "ssl_ca_file": file}))


@pytest.mark.parametrize("request_timeout_seconds", [1.0, 30.0, 120.0])
def test_a_sinks_group_waits_for_nobody_until_its_partitions_count_as_stalled(
    request_timeout_seconds: float,
) -> None:
    """Nor does a sink fall out of it while Elasticsearch takes as long as it may."""
    settings = Settings(elasticsearch=ElasticsearchSettings(request_timeout_seconds=request_timeout_seconds))
    silent_seconds = group_options(settings)["max_poll_interval_ms"] / 1000
    assert request_timeout_seconds + CHECK_SECONDS <= silent_seconds
    assert silent_seconds + CHECK_SECONDS <= stalled_seconds(settings)
    assert silent_seconds > GROUP_OPTIONS["session_timeout_ms"] / 1000
