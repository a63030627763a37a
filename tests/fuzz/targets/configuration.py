"""Settings files."""

from __future__ import annotations

import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from hypothesis import strategies as st
from pydantic import BaseModel

from tests.fuzz.target import Target, holds
from tests.fuzz.wording import pieces, written
from wirewatch.settings import ConfigurationError, Settings, load_settings

SECRET = "a-secret-nobody-may-see"


def read(data: bytes) -> None:
    """Settings, or every fault on a line of its own, without a secret."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        Path(file.name).write_bytes(data)
        try:
            load_settings(Path(file.name))
        except ConfigurationError as error:
            holds(str(error), "refused without a reason")
            holds(SECRET not in str(error) or SECRET in _names(data), "a secret in an error")


def _names(data: bytes) -> set[str]:
    """What settings and sections of a file are called: of one that there is not, an error tells the name."""
    with suppress(ValueError, RecursionError):
        return set(_keys(tomllib.loads(data.decode())))
    return set()


def _keys(given: object) -> Iterator[str]:
    if isinstance(given, dict):
        yield from given
        given = [*given.values()]
    for inner in given if isinstance(given, list) else ():
        yield from _keys(inner)


_TOML = f"""data_dir = "/var/lib/wirewatch"
[kafka]
bootstrap_servers = "a.example:9093"
security_protocol = "SASL_SSL"
sasl_mechanism = "SCRAM-SHA-256"
sasl_username = "u"
sasl_password = "{SECRET}"
partitions = 4
[elasticsearch]
url = "https://search.example:9200"
api_key = "{SECRET}"
bulk_seconds = 1.5
[push]
host = "127.0.0.1"
tokens = [{{token = "{SECRET}", source = "example.org"}}]
[desk]
password = "{SECRET}"
[feeds]
min_interval_seconds = 600.0
"""
_SECTIONS = [kind for each in Settings.model_fields.values() if isinstance(kind := each.annotation, type)]
_NAMES = (
    *Settings.model_fields,
    *(name for kind in _SECTIONS if issubclass(kind, BaseModel) for name in kind.model_fields),
)
_TOKENS = (
    "[",
    "]",
    "[[",
    "]]",
    "=",
    " = ",
    '"',
    '"""',
    "'''",
    "\n",
    "{",
    "}",
    ",",
    ".",
    "true",
    "inf",
    "nan",
    "-1",
    "1e999",
    "0x7f",
    "1979-05-27",
    "9" * 5000,
    "\\u0000",
    "\\ud800",
    "[" * 300,
    "{a=" * 100,
    f'"{SECRET}"',
)

TARGETS = (
    Target(
        "settings",
        read,
        (written(_TOML),),
        pieces((*_TOKENS, *_NAMES))
        | st.lists(st.tuples(st.sampled_from(_NAMES), st.sampled_from(_TOKENS)), max_size=8).map(
            lambda told: written("\n".join(f"{name} = {value}" for name, value in told))
        ),
        tuple(map(written, (*_TOKENS, *_NAMES))),
        cost=3,
        bytes_max=64 * 1024,
    ),
)
