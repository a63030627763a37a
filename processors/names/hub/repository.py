"""Where a model's files are: a folder here, or a repository on a hub, of which what is needed is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import httpx

from processors.names.hub.errors import ModelNotFoundError, NotATokenClassifierError, said
from processors.names.hub.labels import Scheme, are_numbers

ONNX = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
PYTORCH = (
    "model.safetensors", "model.safetensors.index.json", "pytorch_model.bin", "pytorch_model.bin.index.json",
)  # fmt: skip
HUB_SECONDS = 10.0
_ABOUT = (
    "config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "vocab.txt", "merges.txt", "sentencepiece.bpe.model", "spiece.model", "spm.model",
    "tokenizer.model",
)  # fmt: skip
_SHARD = re.compile(r"(model|pytorch_model)-\d+-of-\d+\.(safetensors|bin)")
_HUB_ID = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?", re.ASCII)


class Repository(NamedTuple):
    """A model's folder, the name it was asked for by, and the weights it has, fetched or not."""

    name: str
    folder: Path
    weights: frozenset[str]

    @property
    def onnx(self) -> Path | None:
        """Its ONNX weights, whole ones before quantised ones."""
        found = next((name for name in ONNX if name in self.weights), None)
        return self.folder / found if found else None

    @property
    def has_pytorch(self) -> bool:
        """Whether it has PyTorch weights."""
        return not self.weights.isdisjoint(PYTORCH)


class Config(NamedTuple):
    """What `config.json` says: the labels by number, and how many places the model counts, if it says."""

    labels: list[str]
    positions: int | None


def repository(model: str) -> Repository:
    """The model's files, fetched where they are not here. Raises `ModelNotFoundError`."""
    path = Path(model).expanduser()
    if model and path.is_dir():
        return _in_folder(model, path)
    if not _HUB_ID.fullmatch(model):
        raise ModelNotFoundError(
            f"no folder {model!r}: set names.model to builtin, gazetteer, a hub id (name or owner/name), "
            "or a folder that is there"
        )
    return _from_hub(model)


def wanted_files(listed: Collection[str], *, torch: bool) -> list[str]:
    """What to fetch of a repository's files: ONNX weights, else, with torch, PyTorch weights; never both."""
    onnx = next((name for name in ONNX if name in listed), None)
    if onnx:
        weights = [
            name for name in listed if name == onnx or name.startswith((f"{onnx}_data", f"{onnx}.data"))
        ]
    elif torch:
        ending = ".safetensors" if any(name in listed for name in PYTORCH[:2]) else ".bin"
        weights = [
            name
            for name in listed
            if (name in PYTORCH or _SHARD.fullmatch(name))
            and name.removesuffix(".index.json").endswith(ending)
        ]
    else:
        weights = []
    return sorted({*weights, *(name for name in listed if name in _ABOUT)})


def read_config(found: Repository) -> Config:
    """The labels of a model that labels names. Raises `NotATokenClassifierError` where it is none."""
    path = found.folder / "config.json"
    if not path.is_file():
        raise NotATokenClassifierError(
            f"{found.name} has no config.json: name the folder that save_pretrained wrote, "
            "or a token classifier on the hub"
        )
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
        numbered = {int(number): str(label) for number, label in (settings.get("id2label") or {}).items()}
        labels = [numbered[number] for number in range(len(numbered))]
        positions = int(settings.get("max_position_embeddings") or 0) or None
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise NotATokenClassifierError(
            f"the config.json of {found.name} can't be read ({said(error)}): fetch it again, or number the "
            "labels in its id2label from 0 without a gap"
        ) from error
    _check_purpose(found.name, settings.get("architectures") or [], labels)
    return Config(labels, positions)


def _check_purpose(name: str, architectures: list[str], labels: list[str]) -> None:
    shown = ", ".join(labels[:9]) + (", …" if len(labels) > 9 else "")
    if architectures and not any(one.endswith("ForTokenClassification") for one in architectures):
        raise NotATokenClassifierError(
            f"{name} is no token classifier but {', '.join(architectures)}: "
            "choose a model of the hub's token-classification task"
        )
    if are_numbers(labels):
        raise NotATokenClassifierError(
            f"the labels of {name} have no names ({shown or 'none at all'}): write them into id2label in the "
            "config.json of a copy (B-PER, I-PER, …) and set names.model to its folder"
        )
    if not Scheme(labels).types:
        raise NotATokenClassifierError(
            f"{name} labels no people, organisations or places but {shown}: choose a model for named "
            "entities, or, if some of these are such, call them PER, ORG and LOC in id2label of a copy's "
            "config.json"
        )


def _in_folder(model: str, folder: Path) -> Repository:
    return Repository(model, folder, frozenset(n for n in (*ONNX, *PYTORCH) if (folder / n).is_file()))


def _from_hub(model: str) -> Repository:
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import GatedRepoError, OfflineModeIsEnabled, RepositoryNotFoundError

    try:
        listed = [one.rfilename for one in HfApi().model_info(model, timeout=HUB_SECONDS).siblings or []]
        patterns = wanted_files(listed, torch=find_spec("torch") is not None)
        folder = Path(snapshot_download(model, allow_patterns=patterns, etag_timeout=HUB_SECONDS))
    except GatedRepoError as error:
        raise ModelNotFoundError(
            f"{model} is open only to those who accepted its terms: do so on its page, then log in with "
            "`hf auth login` or set HF_TOKEN"
        ) from error
    except RepositoryNotFoundError as error:
        raise ModelNotFoundError(
            f"no folder {model}, and no such model on the hub, or a private one: set names.model to builtin, "
            "gazetteer, a hub id or a folder; for a private model log in with `hf auth login` or set HF_TOKEN"
        ) from error
    except (httpx.ConnectError, httpx.TimeoutException, OfflineModeIsEnabled) as error:
        return _fetched_before(model, error)
    except Exception as error:
        raise ModelNotFoundError(
            f"{model} could not be fetched from the hub ({said(error)}): try again, or fetch it elsewhere "
            "and set names.model to its folder"
        ) from error
    return Repository(model, folder, frozenset(listed))


def _fetched_before(model: str, why: Exception) -> Repository:
    """The model as it was fetched before, for when the hub can't be reached."""
    from huggingface_hub import snapshot_download

    try:
        return _in_folder(model, Path(snapshot_download(model, local_files_only=True)))
    except Exception as error:
        raise ModelNotFoundError(
            f"no folder {model}, and the hub can't be reached ({said(why)}): connect, set HF_ENDPOINT to a "
            "mirror, or fetch the model elsewhere and set names.model to its folder"
        ) from error
