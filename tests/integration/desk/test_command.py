"""`wirewatch desk` as a process: it says where it is, and ends when it is told to or its parent is gone."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import httpx
import pytest

from wirewatch.settings import Settings
from wirewatch.up import child_environment

PATIENCE_SECONDS = 60


@pytest.mark.parametrize("ending", ["told", "parent gone"])
def test_the_desk_comes_and_goes(settings: Settings, ending: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "wirewatch", "desk", "--port", "0", "--end-with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            **os.environ,
            **child_environment(settings),
            "WIREWATCH_ELASTICSEARCH__INDEX_PREFIX": "none-here",
        },
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        found = re.fullmatch(r"The desk: (http://127\.0\.0\.1:\d+/)\n", process.stdout.readline().decode())
        assert found is not None
        with httpx.Client(base_url=found[1], trust_env=False, timeout=30) as client:
            assert client.get("/health").json() == {"status": "ok"}
            assert "wirewatch" in client.get("/").text.lower()
            missing = client.get("/api/articles")
            assert (missing.status_code, missing.json()["error"]["reason"]) == (503, "no_index")
        if ending == "told":
            process.terminate()
        else:
            process.stdin.close()
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            pipe.close()
