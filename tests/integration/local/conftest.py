"""A Maven mirror on this machine, serving the jars that the user's cache holds."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from wirewatch.local import LocalServices
from wirewatch.local.jars import COMPILER, KAFKA, ensure_jars


@dataclass
class Mirror:
    """`folder` is laid out as the cache is; `asked` lists the paths that were requested."""

    url: str
    folder: Path
    asked: list[str]


@pytest.fixture
def mirror(services: LocalServices, tmp_path: Path) -> Iterator[Mirror]:
    folder = tmp_path / "mirror"
    for jar_set in (KAFKA, COMPILER):
        paths = ensure_jars(jar_set, services.settings)
        for jar, path in zip(jar_set.jars(), paths, strict=True):
            (folder / jar.path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, folder / jar.path)
    asked: list[str] = []

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(folder))

        def do_GET(self) -> None:
            asked.append(self.path)
            with contextlib.suppress(ConnectionError):
                super().do_GET()

        def log_message(self, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield Mirror(f"http://127.0.0.1:{server.server_address[1]}", folder, asked)
        server.shutdown()
        thread.join()
