"""The endpoint's settings: nothing that can be reached from elsewhere without a token."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from wirewatch.cli import main
from wirewatch.pushing import endpoint_options, impatient_producer
from wirewatch.settings import ConfigurationError, KafkaSettings, load_settings

TOKENS = [
    {"token": "0123456789abcdef", "source": "example.org"},
    {"token": "fedcba9876543210", "source": "*"},
]


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("HOST", "0.0.0.0", "set tokens"),
        ("TOKENS", json.dumps([TOKENS[0], TOKENS[0]]), "two tokens are the same"),
        ("TOKENS", '[{"token": "short", "source": "a"}]', "at least 16"),
        ("TOKENS", '[{"token": "0123456789abcdef"}]', "WIREWATCH_PUSH__TOKENS__0__SOURCE"),
        ("TLS_KEY_FILE", "key.pem", "go together"),
        ("HELD_BYTES_MAX", "2048", "at least twice"),
    ],
)
def test_what_would_not_be_safe_is_refused(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.setenv(f"WIREWATCH_PUSH__{variable}", value)
    with pytest.raises(ConfigurationError, match=told) as error:
        load_settings()
    assert "0123456789abcdef" not in str(error.value)


def test_the_host_option_is_checked_as_the_setting_is(tmp_path: Path) -> None:
    shown = CliRunner().invoke(main, ["--data-dir", str(tmp_path), "push-server", "--host", "0.0.0.0"])
    assert shown.exit_code == 2
    assert "set tokens" in shown.stderr


def test_every_limit_reaches_the_endpoint(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WIREWATCH_PUSH__TOKENS", json.dumps(TOKENS))
    monkeypatch.setenv("WIREWATCH_PUSH__LINES_MAX", "7")
    options = endpoint_options(load_settings().push)
    assert [(each.secret, each.source) for each in options.tokens] == [
        tuple(each.values()) for each in TOKENS
    ]
    assert (options.lines_max, options.stop_seconds) == (7, 120.0)


def test_kafka_is_given_no_longer_than_whoever_waits() -> None:
    options = impatient_producer(KafkaSettings(bootstrap_servers="k:9092"), 8)
    assert (options["delivery_timeout_ms"], options["max_block_ms"], options["acks"]) == (8000, 8000, "all")
    assert options["request_timeout_ms"] < options["delivery_timeout_ms"]  # type: ignore[operator]
