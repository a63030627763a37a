"""Train the built-in model from a pack (see `training.understanding.pack`), on a GPU or on the CPU.

    python -m training.understanding.train PACK.npz OUT.npz --epochs 13 --quantise-from 6
    python -m training.understanding.train PACK.npz OUT.npz --from MODEL.onnx --epochs 8 --lr 1e-4

Labels are learned from the labelled sentences; beside them the embedding is taught to stay where
multilingual-e5-small's own is (cosine, on unlabelled sentences), so that one pass gives both. `--soft`
adds what other runs said of the unlabelled sentences (`--say`), as probabilities to be matched: an
ensemble put into one network (Hinton et al., 2015, "Distilling the knowledge in a neural network").
`--from` goes on from an exported model to teach it more, and holds its names and its embedding to what
they were, on every sentence that has no names labelled ("Learning without forgetting", Li and Hoiem, 2016).
Prints F1 by corpus on the part kept for choosing and on the part kept for measuring.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from processors.encoder.decoding import LABELS
from processors.encoder.heads import NAMES
from processors.encoder.packed import WIDTH
from training.understanding.batches import (
    DEVICE,
    IGNORED,
    PAD,
    Batch,
    Pack,
    batches,
    epoch,
    padded,
    split,
    told_epoch,
)
from training.understanding.measure import measure, measure_told, probabilities
from training.understanding.network import Network, from_model, raw_weights, save
from training.understanding.told_loss import told_loss

WARM_UP_SHARE = 0.06
LEAST_RATE = 0.02
REST_RATE_MAX = 2e-4
AVERAGE_KEEPS = 0.995
CALIBRATION_BATCHES = 20


class Run:
    """One training: the network, its optimiser, and the running average that is kept of it."""

    def __init__(self, pack: Pack, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.pack, self.options = pack, options
        self.rng = random.Random(options.seed)
        self.before = from_model(options.start, 0.0).to(DEVICE).eval() if options.start else None
        if self.before is None:
            self.network = Network(raw_weights(pack.file), options.dropout).to(DEVICE)
            self.target = embeddings_of_the_original(pack)
        else:
            self.network = from_model(options.start, options.dropout).to(DEVICE)
        self.told_batches: Any = iter(())
        self.said = _said(pack, options.soft) if options.soft else None
        self.steps_an_epoch = sum(1 for _ in self.batches(random.Random(0)))
        self.optimiser = torch.optim.AdamW(self._groups(), weight_decay=0.01, fused=DEVICE == "cuda")
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, self._rate)
        self.average = self._new_average()
        self.free_batches: list[list[int]] = []
        self.shown = Counter[str]()

    def batches(self, rng: random.Random | None = None) -> Any:
        """The batches of one epoch."""
        options = self.options
        return epoch(self.pack, rng or self.rng, options.pieces, options.own_times, options.old)

    def train(self) -> Network:
        """All epochs; the average network, ready to be measured."""
        started = time.time()
        for number in range(self.options.epochs):
            if number == self.options.quantise_from:
                self.calibrate()
                self.average = self._new_average()
            self.network.train()
            for batch in self.batches():
                self.step(batch)
            shown = {key: round(value / self.steps_an_epoch, 4) for key, value in self.shown.items()}
            print(self.options.name, "epoch", number, shown, f"{time.time() - started:.0f} s", flush=True)
            self.shown.clear()
            if self.network.linears()[0].quantise:
                save(self.average.module, self.options.out)
        final: Network = self.average.module
        for source, copy in zip(self.network.linears(), final.linears(), strict=True):
            copy.quantise = source.quantise
        return final.eval()

    def step(self, batch: Batch) -> None:
        """One batch of labelled sentences, and beside it one of unlabelled ones."""
        loss = self.labelled_loss(batch)
        if self.before is not None or self.options.embedding or self.said:
            loss = loss + self.unlabelled_loss()
        loss = loss + self.told_loss()
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.average.update_parameters(self.network)

    def labelled_loss(self, batch: Batch) -> Tensor:
        """Cross-entropy of the labels, a sentence counting by its weight."""
        scores, _ = self._run(batch.ids)
        each = functional.cross_entropy(
            scores[..., NAMES].flatten(0, 1),
            batch.labels.flatten(),
            ignore_index=IGNORED,
            reduction="none",
            label_smoothing=self.options.smoothing,
        )
        spread = (batch.weights[:, None] * (batch.labels != IGNORED)).flatten()
        loss = (each * spread).sum() / spread.sum()
        self.shown["labels"] += float(loss.detach())
        return loss

    def told_loss(self) -> Tensor:
        """One batch of sentences that tell sanctions or events."""
        batch = next(self.told_batches, None)
        if batch is None:
            options = self.options
            self.told_batches = told_epoch(self.pack, self.rng, options.told_pieces, options.calm)
            batch = next(self.told_batches)
        scores, placed = self._run(batch.ids)
        losses = told_loss(scores, batch, self.options.told_smoothing)
        if self.before is not None:
            losses["kept"] = self.kept_loss(batch.ids, scores, placed)
        for name, loss in losses.items():
            self.shown[name] += float(loss.detach())
        return torch.stack(list(losses.values())).sum()

    def kept_loss(self, ids: Tensor, scores: Tensor, placed: Tensor) -> Tensor:
        """How far names and embedding have moved from those of the model that this run goes on from."""
        assert self.before is not None
        with torch.no_grad():
            before, place = self.before(self.pack.words[ids], ids != PAD)
        apart = functional.kl_div(
            scores[..., NAMES].log_softmax(-1),
            before[..., NAMES].log_softmax(-1),
            log_target=True,
            reduction="none",
        ).sum(-1)
        away = (1 - (placed * place).sum(-1)).mean()
        return self.options.say_weight * apart[ids != PAD].mean() + self.options.embedding * away

    def unlabelled_loss(self) -> Tensor:
        """How far the embedding has moved, and how far the labels are from what other runs said."""
        if not self.free_batches:
            sizes = [len(row) for row in self.pack.free]
            self.free_batches = batches(sizes, self.options.free_pieces, self.rng)
        numbers = self.free_batches.pop()
        ids = padded([self.pack.free[k] for k in numbers])
        scores, placed = self._run(ids)
        if self.before is not None:
            loss = self.kept_loss(ids, scores, placed)
            self.shown["kept"] += float(loss.detach())
            return loss
        away = (1 - (placed * self.target[numbers]).sum(-1)).mean()
        self.shown["embedding"] += float(away.detach())
        loss = self.options.embedding * away
        if self.said is not None:
            wanted = torch.zeros(*scores.shape[:2], len(LABELS))
            for row, k in enumerate(numbers):
                wanted[row, 1 : len(self.said[k]) + 1] = torch.from_numpy(self.said[k])
            wanted = wanted.to(DEVICE)
            apart = -(wanted * scores[..., NAMES].log_softmax(-1)).sum(-1)[wanted.sum(-1) > 0].mean()
            self.shown["said"] += float(apart.detach())
            loss = loss + self.options.say_weight * apart
        return loss

    def calibrate(self) -> None:
        """Find the bounds of what flows into each matrix, and quantise from here on."""
        self.network.eval()
        for linear in self.network.linears():
            linear.watch = True
        with torch.no_grad():
            for _, batch in zip(range(CALIBRATION_BATCHES), self.batches(), strict=False):
                self.network(self.pack.words[batch.ids], batch.ids != PAD)
        for linear in self.network.linears():
            linear.begin_quantising()

    def _run(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        half = DEVICE == "cuda" and not self.network.layers[0].qkv.quantise  # type: ignore[union-attr]
        with torch.autocast(DEVICE, torch.bfloat16, enabled=half):
            scores, placed = self.network(self.pack.words[ids], ids != PAD)
        return scores.float(), placed.float()

    def _rate(self, step: int) -> float:
        total = self.steps_an_epoch * self.options.epochs
        cosine = 0.5 * (1 + math.cos(math.pi * step / total))
        return min(1, step / (WARM_UP_SHARE * total)) * max(LEAST_RATE, cosine)

    def _new_average(self) -> AveragedModel:
        return AveragedModel(self.network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGE_KEEPS))

    def _groups(self) -> list[dict[str, Any]]:
        heads, matrices, rest = [], [], []
        for name, parameter in self.network.named_parameters():
            if name.startswith(("labels", "told", "turn")):
                heads.append(parameter)
            else:
                (matrices if parameter.ndim == 2 else rest).append(parameter)
        options = self.options
        return [
            {"params": heads, "lr": options.head_lr},
            {"params": matrices, "lr": options.lr},
            {"params": rest, "lr": min(options.lr, REST_RATE_MAX), "weight_decay": 0.0},
        ]


def embeddings_of_the_original(pack: Pack) -> Tensor:
    """Where multilingual-e5-small itself puts each unlabelled sentence, as a passage."""
    original = Network(raw_weights(pack.file), 0.0).to(DEVICE).eval()
    out = torch.zeros(len(pack.free_plain), WIDTH, device=DEVICE)
    with torch.inference_mode():
        for batch in batches([len(row) for row in pack.free_plain], 32_000):
            ids = padded([pack.free_plain[k] for k in batch])
            out[batch] = original(pack.words[ids], ids != PAD)[1]
    return out


def _said(pack: Pack, files: list[Path]) -> list[Any]:
    """The mean of what other runs said of each unlabelled sentence, piece by piece."""
    mean = np.mean([np.load(file)["said"].astype(np.float32) for file in files], 0)
    return split(mean, np.array([len(row) for row in pack.free]))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pack", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", default="run")
    parser.add_argument("--from", dest="start", type=Path, help="an exported model to go on from")
    parser.add_argument("--told-pieces", type=int, default=3000, help="pieces of told sentences a step")
    parser.add_argument("--told-smoothing", type=float, default=0.05)
    parser.add_argument("--calm", type=int, default=3500, help="real sentences without sanctions an epoch")
    parser.add_argument("--lr", type=float, default=2.5e-4)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--epochs", type=int, default=13)
    parser.add_argument("--quantise-from", type=int, default=-1, help="epoch; -1 for never")
    parser.add_argument("--pieces", type=int, default=3000, help="labelled pieces a step")
    parser.add_argument("--free-pieces", type=int, default=1000, help="unlabelled pieces a step")
    parser.add_argument("--embedding", type=float, default=1.0, help="weight of the embedding's loss")
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--own-times", type=int, default=2)
    parser.add_argument("--old", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soft", type=Path, nargs="*", help="what other runs said")
    parser.add_argument("--say", type=Path, help="write what this run says of the unlabelled sentences")
    parser.add_argument("--say-weight", type=float, default=1.0)
    return parser.parse_args()


def main() -> None:
    options = _options()
    torch.set_float32_matmul_precision("high")
    pack = Pack(options.pack)
    network = Run(pack, options).train()
    measure(network, pack, options.name)
    measure_told(network, pack, options.name)
    save(network, options.out)
    if options.say:
        said = np.concatenate(probabilities(network, pack, pack.free))
        np.savez_compressed(options.say, said=said.astype(np.float16))


if __name__ == "__main__":
    main()
