"""The Elasticsearch client as the sinks want it: one try a call, since they retry themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from elasticsearch import Elasticsearch


def connect(  # noqa: PLR0913
    url: str,
    *,
    api_key: str | None = None,
    username: str | None = None,
    password: str | None = None,
    ca_file: Path | None = None,
    timeout_seconds: float = 30.0,
) -> Elasticsearch:
    """A client of the cluster at `url`. Connects on its first call, so it never raises for the network."""
    options: dict[str, Any] = {
        "request_timeout": timeout_seconds,
        "max_retries": 0,
        "retry_on_timeout": False,
    }
    if api_key is not None:
        options["api_key"] = api_key
    elif username is not None:
        options["basic_auth"] = (username, password or "")
    if ca_file is not None:
        options["ca_certs"] = str(ca_file)
    return Elasticsearch(url, **options)
