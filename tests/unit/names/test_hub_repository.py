from __future__ import annotations

import hashlib
import json
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from huggingface_hub import close_session, constants

from processors.names.hub import ModelNotFoundError, TokenClassifier, WeightsMissingError
from processors.names.hub import classifier as classifier_module
from processors.names.hub import repository as repository_module
from processors.names.hub.repository import repository, wanted_files
from tests.unit.names.tiny_models import save_onnx

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LABELS = ["O", "B-PER", "I-PER"]
TORCH = [
    "model.safetensors",
    "pytorch_model.bin",
    "model-00001-of-00002.safetensors",
    "checkpoint-9/model.safetensors",
]


class SmallHub(ThreadingHTTPServer):
    """A hub on this machine: it lists and serves the folders it is given by id, and notes what is fetched."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.models: dict[str, Path] = {}
        self.gated: set[str] = set()
        self.fetched: list[str] = []


class _Answer(BaseHTTPRequestHandler):
    server: SmallHub

    def do_GET(self) -> None:
        owner, name, *rest = self.path.removeprefix("/api/models").strip("/").split("/")
        model = f"{owner}/{name}"
        folder = self.server.models.get(model)
        if model in self.server.gated:
            self._send(403, b"", {"X-Error-Code": "GatedRepo"})
        elif folder is None:
            self._send(404, b"", {"X-Error-Code": "RepoNotFound"})
        elif self.path.startswith("/api/models"):
            names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
            listing = {"id": model, "sha": COMMIT, "siblings": [{"rfilename": one} for one in names]}
            self._send(200, json.dumps(listing).encode(), {"Content-Type": "application/json"})
        else:
            wanted = "/".join(rest[2:])
            if self.command == "GET":
                self.server.fetched.append(wanted)
            content = (folder / wanted).read_bytes()
            tag = f'"{hashlib.sha256(content).hexdigest()}"'
            self._send(200, content, {"ETag": tag, "X-Repo-Commit": COMMIT})

    do_HEAD = do_GET  # noqa: N815 - as http.server calls it

    def _send(self, status: int, content: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


def point_to(port: int, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(constants, "ENDPOINT", f"http://127.0.0.1:{port}")
    monkeypatch.setattr(
        constants,
        "HUGGINGFACE_CO_URL_TEMPLATE",
        f"http://127.0.0.1:{port}/{{repo_id}}/resolve/{{revision}}/{{filename}}",
    )
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallHub]:
    close_session()
    with SmallHub() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        point_to(server.server_port, tmp_path / "cache", monkeypatch)
        made = tmp_path / "made"
        made.mkdir()
        save_onnx(made, {"mira": "B-PER", "holt": "I-PER"}, LABELS)
        (made / "model.safetensors").write_bytes(b"3 GB")
        (made / "README.md").write_text("about it")
        server.models["orvel/names-tiny"] = made
        yield server
        close_session()
        server.shutdown()


def test_of_a_model_on_a_hub_what_is_needed_is_fetched(hub: SmallHub) -> None:
    [(found, _)] = TokenClassifier("orvel/names-tiny")(["said Mira Holt ."])
    assert [one[:3] for one in found] == [(5, 14, "PER")]
    assert sorted(hub.fetched) == ["config.json", "model.onnx", "tokenizer.json", "tokenizer_config.json"]
    TokenClassifier("orvel/names-tiny")
    assert len(hub.fetched) == 4


def test_a_model_fetched_before_works_without_the_hub(
    hub: SmallHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TokenClassifier("orvel/names-tiny")
    point_to(_free_port(), tmp_path / "cache", monkeypatch)
    assert len(TokenClassifier("orvel/names-tiny")(["Mira"])[0].guesses) == 1


def test_weights_that_need_torch_are_not_fetched_without_it(
    hub: SmallHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    (hub.models["orvel/names-tiny"] / "model.onnx").unlink()
    for module in (classifier_module, repository_module):
        monkeypatch.setattr(module, "find_spec", lambda _: None)
    with pytest.raises(WeightsMissingError, match=r"orvel/names-tiny .*wirewatch\[hub\]"):
        TokenClassifier("orvel/names-tiny")
    assert "model.safetensors" not in hub.fetched


def test_a_model_that_is_not_there_says_what_names_model_may_be(hub: SmallHub) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no such model.*builtin.*hf auth login"):
        repository("orvel/none")


def test_a_model_with_terms_says_how_to_accept_them(hub: SmallHub) -> None:
    hub.gated.add("orvel/closed")
    with pytest.raises(ModelNotFoundError, match=r"terms.*hf auth login"):
        repository("orvel/closed")


def test_a_hub_out_of_reach_is_said_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close_session()
    point_to(_free_port(), tmp_path, monkeypatch)
    began = time.monotonic()
    with pytest.raises(ModelNotFoundError, match=r"can't be reached.*HF_ENDPOINT.*folder"):
        repository("orvel/names-tiny")
    assert time.monotonic() - began < 5


def test_a_hub_that_does_not_answer_is_waited_for_only_so_long(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    close_session()
    monkeypatch.setattr(repository_module, "HUB_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        point_to(silent.getsockname()[1], tmp_path, monkeypatch)
        began = time.monotonic()
        with pytest.raises(ModelNotFoundError, match="can't be reached"):
            repository("orvel/names-tiny")
        assert time.monotonic() - began < 5


def test_offline_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close_session()
    point_to(_free_port(), tmp_path, monkeypatch)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelNotFoundError, match=r"can't be reached \(OfflineModeIsEnabled"):
        repository("orvel/names-tiny")
    close_session()


@pytest.mark.parametrize(
    "model", ["./none", "~/none", "a/b/c", "owner/", "http://x/y", "имя/модель", "-x", ""]
)
def test_what_is_no_id_is_asked_of_no_hub(model: str) -> None:
    with pytest.raises(ModelNotFoundError, match=r"no folder .*names\.model"):
        repository(model)


@pytest.mark.parametrize(
    ("listed", "torch", "weights"),
    [
        (["onnx/model.onnx", "onnx/model.onnx_data", "onnx/model_fp16.onnx", *TORCH], True, ["onnx/model.onnx", "onnx/model.onnx_data"]),
        (["model.onnx", "model.onnx.data", "onnx/model.onnx"], False, ["model.onnx", "model.onnx.data"]),
        (["onnx/model_quantized.onnx", "onnx/model_bnb4.onnx", *TORCH], False, ["onnx/model_quantized.onnx"]),
        (TORCH, False, []),
        (TORCH, True, ["model-00001-of-00002.safetensors", "model.safetensors"]),
        (["model-00001-of-00002.safetensors", "model.safetensors.index.json"], True, ["model-00001-of-00002.safetensors", "model.safetensors.index.json"]),
        (["pytorch_model.bin", "training_args.bin", "tf_model.h5"], True, ["pytorch_model.bin"]),
        (["tf_model.h5", "flax_model.msgpack"], True, []),
    ],
)  # fmt: skip
def test_one_kind_of_weights_is_fetched(listed: list[str], torch: bool, weights: list[str]) -> None:
    about = ["config.json", "tokenizer.json", "vocab.txt"]
    assert wanted_files([*listed, *about, "README.md", "runs/config.json"], torch=torch) == sorted(
        weights + about
    )


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
