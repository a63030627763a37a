"""No secret setting shows in what any command prints, at the most talkative level, while everything fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from pydantic import BaseModel, SecretStr

from wirewatch.cli import COMMANDS
from wirewatch.settings import PREFIX, Settings

NOWHERE = "127.0.0.1:1"
ARTICLE = "The bridge over the Lanner was opened on Monday, a spokesman said."
CHANNELS = """
telegram:
  type: telegram
  url: https://127.0.0.1:1/botmarker-telegram/sendMessage
  chat_id: marker-chat
mail:
  type: email
  host: 127.0.0.1
  port: 1
  username: wirewatch
  password: marker-mail
  from: w@example.org
  to: [d@example.org]
hook:
  type: webhook
  url: https://127.0.0.1:1/marker-hook
  secret: marker-hook-secret
"""
ARGUMENTS: dict[str, tuple[str, ...]] = {
    "up": (), "produce": ("-",), "feeds": ("run",), "crawl": (f"http://{NOWHERE}/",), "sitemap": ("run", f"http://{NOWHERE}/"),
    "push-server": ("--port", "0"), "warc": ("/dev/null",), "worker": (), "sink": (), "enrich": ("-",), "topics": ("show",),
    "index": ("apply",), "rules": ("check",), "watchlist": ("list",), "search": ("x",), "desk": ("--port", "0"),
    "designations": ("list",), "dlq": ("list",), "metrics": ("--once",), "schema": ("print",), "doctor": (),
}  # fmt: skip
SERVES = {"desk"}


def secret_settings(model: type[BaseModel] = Settings, path: str = PREFIX) -> Iterator[str]:
    """The variable of every setting that holds a secret, however deep."""
    for name, field in model.model_fields.items():
        variable = f"{path}{name.upper()}"
        if field.annotation in (SecretStr, SecretStr | None):
            yield variable
        elif isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from secret_settings(field.annotation, f"{variable}__")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Clusters that are not there, and a marker for each secret; also for addresses that may hold one."""
    folder = tmp_path_factory.mktemp("secrets")
    (folder / "rules").mkdir()
    (folder / "rules" / "channels.yaml").write_text(CHANNELS, "utf-8")
    known = {variable: f"marker-{variable.lower()}" for variable in secret_settings()}
    del known[f"{PREFIX}ELASTICSEARCH__API_KEY"], known[f"{PREFIX}ELASTICSEARCH__PASSWORD"]
    own = {
        "DATA_DIR": str(folder / "data"),
        "KAFKA__BOOTSTRAP_SERVERS": NOWHERE,
        "KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
        "KAFKA__SASL_MECHANISM": "SCRAM-SHA-256",
        "KAFKA__SASL_USERNAME": "wirewatch",
        "ELASTICSEARCH__URL": f"https://{NOWHERE}",
        "NAMES__MODEL": "gazetteer",
        "ALERTS__WEBHOOK_URL": f"http://{NOWHERE}/marker-webhook",
        "ALERTS__RULES_DIR": str(folder / "rules"),
        "PUSH__TOKENS": json.dumps([{"token": "marker-push-token", "source": "*"}]),
        "MAVEN_MIRROR": f"http://someone:marker-mirror@{NOWHERE}/maven2",
        "FETCHING__ALLOW_PRIVATE_ADDRESSES": "true",
    }
    plain = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return plain | known | {f"{PREFIX}{name}": value for name, value in own.items()}


def said(name: str, environment: dict[str, str], form: str) -> str:
    process = subprocess.Popen(
        [sys.executable, "-m", "wirewatch", "--log-level", "debug", name, *ARGUMENTS[name]],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment | {f"{PREFIX}LOG_FORMAT": form, "PYTHONUNBUFFERED": "1"},
    )
    assert process.stdout is not None
    shown = Path(f"/proc/{process.pid}/cmdline")
    told = shown.read_text("utf-8") if shown.exists() else ""
    if name in SERVES:
        for line in iter(process.stdout.readline, b""):
            told += line.decode()
            if b"The desk: " in line:
                told += asked(line.decode().split()[-1], environment)
                break
        process.terminate()
    out, _ = process.communicate(ARTICLE.encode(), timeout=120)
    return told + out.decode("utf-8", "replace")


def asked(url: str, environment: dict[str, str]) -> str:
    """What the desk answers who is let in and who is not, while no cluster is there."""
    secret = environment[f"{PREFIX}DESK__TOKEN"]
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
        paths = ("health", "api/state", "api/articles", "api/rules", "api/openapi.json", "nowhere")
        answers = [
            client.get(path, headers=headers)
            for path in paths
            for headers in ({"Authorization": f"Bearer {secret}"}, {"Authorization": "Bearer wrong"})
        ]
    assert {answer.status_code for answer in answers} == {200, 401, 404, 503}
    return "".join(f"{answer.headers} {answer.text}" for answer in answers)


def test_every_command_is_tried() -> None:
    assert set(ARGUMENTS) == set(COMMANDS)


def test_secrets_are_found_in_the_settings() -> None:
    found = set(secret_settings())
    assert {
        f"{PREFIX}KAFKA__SASL_PASSWORD",
        f"{PREFIX}DESK__TOKEN",
        f"{PREFIX}ALERTS__WEBHOOK_SECRET",
    } <= found


@pytest.mark.timeout(400)
def test_no_command_tells_a_secret(environment: dict[str, str]) -> None:
    by_key = environment | {f"{PREFIX}ELASTICSEARCH__API_KEY": "marker-api-key"}
    by_name = environment | {
        f"{PREFIX}ELASTICSEARCH__USERNAME": "wirewatch",
        f"{PREFIX}ELASTICSEARCH__PASSWORD": "marker-elasticsearch-password",
    }
    local = {
        name: value
        for name, value in environment.items()
        if not name.startswith((f"{PREFIX}KAFKA", f"{PREFIX}ELASTICSEARCH"))
    } | {f"{PREFIX}CACHE_DIR": environment[f"{PREFIX}DATA_DIR"]}
    runs = [(name, by_key, "json") for name in COMMANDS]
    runs += [(name, by_name, "console") for name in ("search", "doctor", "desk", "feeds")]
    runs += [("up", local, "json"), ("doctor", local, "json")]
    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda run: said(*run), runs))
    for (name, _, form), text in zip(runs, told, strict=True):
        assert "marker" not in text, f"{name} ({form}): {text[max(0, text.find('marker') - 500) :][:800]}"
    data = Path(environment[f"{PREFIX}DATA_DIR"])
    written = [file for file in data.rglob("*") if file.is_file() and b"marker" in file.read_bytes()]
    assert written == []
