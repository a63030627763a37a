"""Train the built-in names model from a pack (see `training.names.pack`), on a GPU or on the CPU.

    python -m training.names.train PACK.npz OUT.npz --epochs 14 --quantise-from 8

Labels are learned from the labelled sentences; beside them the embedding is taught to stay where
multilingual-e5-small's own is (cosine, on unlabelled sentences), so that one pass gives both. `--soft`
adds what other runs said of the unlabelled sentences (`--say`), as probabilities to be matched.
Prints F1 by corpus on the part kept for choosing and on the part kept for measuring.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from processors.encoder.packed import WIDTH, unpacked
from processors.encoder.decoding import LABELS, best_path, guesses
from training.names.network import MATRICES, Linear, Network, Shape, raw_weights

BEGIN, END, PAD, UNKNOWN = 0, 2, 1, 3
READINGS = 6
OLD = (6, 7)
OLD_SENTENCES = 2500
OWN = 8
OWN_TIMES = 2
WORD_DROPOUT = 0.05
IGNORED = -100
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"


class Pack:
    """A pack, opened: rows of ids and labels, and the word table on the device."""

    def __init__(self, path: Path) -> None:
        file = np.load(path)
        self.file = file
        self.ids = _rows(file["ids"], file["ids_n"])
        self.labels = _rows(file["labels"], file["labels_n"])
        self.about = file["about"]
        self.free = _rows(file["free"], file["free_n"])
        self.free_plain = _rows(file["free_plain"], file["free_plain_n"])
        self.measured = json.loads(file["measured"].tobytes())
        words = unpacked(file["words"].reshape(-1)).reshape(-1, WIDTH)
        self.words = torch.from_numpy(words).to(DEVICE)


def _rows(flat: Any, lengths: Any) -> list[Any]:
    return np.split(flat, np.cumsum(lengths)[:-1])


def padded(rows: list[Any], fill: int = PAD, *, marks: bool = True) -> Tensor:
    """Rows of ids (or labels) as one tensor, with the marks at both ends."""
    width = max(map(len, rows)) + 2
    out = np.full((len(rows), width), fill, np.int64)
    for i, row in enumerate(rows):
        out[i, 1 : len(row) + 1] = row
        if marks:
            out[i, 0], out[i, len(row) + 1] = BEGIN, END
    return torch.from_numpy(out).to(DEVICE)


def batches(sizes: list[int], pieces: int, rng: random.Random | None = None) -> list[list[int]]:
    """Numbers of rows of like length, as many as fill `pieces`."""
    order = list(range(len(sizes)))
    if rng:
        rng.shuffle(order)
    order.sort(key=lambda i: sizes[i] // 8 if rng else sizes[i])
    found: list[list[int]] = [[]]
    for i in order:
        if found[-1] and (len(found[-1]) + 1) * (sizes[i] + 2) > pieces:
            found.append([])
        found[-1].append(i)
    if rng:
        rng.shuffle(found)
    return [batch for batch in found if batch]


def epoch(
    pack: Pack, rng: random.Random, pieces: int, own_times: int, old: int
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Ids, labels and weights of each batch; one reading a sentence, neighbours at times joined."""
    rows: list[tuple[Any, Any, float]] = []
    numbers = [i for i, row in enumerate(pack.about) if row[1] not in OLD]
    numbers += rng.sample([i for i, row in enumerate(pack.about) if row[1] in OLD], old) if old else []
    numbers += [i for i in numbers if pack.about[i][1] == OWN] * (own_times - 1)
    i = 0
    while i < len(numbers):
        joined = [numbers[i]]
        while (
            rng.random() < 0.35
            and i + 1 < len(numbers)
            and pack.about[numbers[i + 1]][1] == pack.about[joined[0]][1]
            and len(joined) < 5
        ):
            i += 1
            joined.append(numbers[i])
        i += 1
        readings = [number * READINGS + rng.randrange(READINGS) for number in joined]
        ids = np.concatenate([pack.ids[k] for k in readings])[:254]
        rows.append(
            (ids, np.concatenate([pack.labels[k] for k in readings])[:254], pack.about[joined[0]][2] / 100)
        )
    for batch in batches([len(ids) for ids, _, _ in rows], pieces, rng):
        ids = padded([rows[k][0] for k in batch])
        drop = (torch.rand(ids.shape, device=ids.device) < WORD_DROPOUT) & (ids > 4)
        labels = padded([rows[k][1] for k in batch], IGNORED, marks=False)
        weights = torch.tensor([rows[k][2] for k in batch], device=DEVICE, dtype=torch.float32)
        yield torch.where(drop, UNKNOWN, ids), labels, weights


def teach(pack: Pack) -> Tensor:
    """Where multilingual-e5-small itself puts each unlabelled sentence."""
    teacher = Network(raw_weights(pack.file), Shape(rank=0)).to(DEVICE).eval()
    out = torch.zeros(len(pack.free_plain), WIDTH, device=DEVICE)
    with torch.inference_mode():
        for batch in batches([len(row) for row in pack.free_plain], 32_000):
            ids = padded([pack.free_plain[k] for k in batch])
            kept = ids != PAD
            out[batch] = teacher.embedding(teacher.flow(pack.words[ids], kept), kept)
    return out


def train(pack: Pack, options: argparse.Namespace) -> Network:
    torch.manual_seed(options.seed)
    rng = random.Random(options.seed)
    network = Network(raw_weights(pack.file), Shape(options.rank, options.dropout)).to(DEVICE)
    target = teach(pack)
    said = _said(pack, options.soft) if options.soft else None
    groups = _groups(network, options)
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=DEVICE == "cuda")
    steps_an_epoch = sum(
        1 for _ in epoch(pack, random.Random(0), options.pieces, options.own_times, options.old)
    )
    total = steps_an_epoch * options.epochs
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda k: min(1, k / (0.06 * total)) * max(0.02, 0.5 * (1 + math.cos(math.pi * k / total)))
    )
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995)
    )
    free_batches: list[list[int]] = []
    started, shown = time.time(), Counter[str]()
    for number in range(options.epochs):
        if number == options.quantise_from:
            _calibrate(network, pack, rng, options)
            average = torch.optim.swa_utils.AveragedModel(
                network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995)
            )
        network.train()
        for ids, labels, weights in epoch(pack, rng, options.pieces, options.own_times, options.old):
            kept = ids != PAD
            half = torch.autocast(
                DEVICE, torch.bfloat16, enabled=DEVICE == "cuda" and not network.layers[0].qkv.quantise
            )
            with half:
                scores, _ = network(pack.words[ids], kept)
            scores = scores.float()
            loss = functional.cross_entropy(
                scores.flatten(0, 1),
                labels.flatten(),
                ignore_index=IGNORED,
                reduction="none",
                label_smoothing=options.smoothing,
            )
            spread = (weights[:, None] * (labels != IGNORED)).flatten()
            loss = (loss * spread).sum() / spread.sum()
            shown["labels"] += float(loss.detach())
            if not (options.embedding or said):
                _advance(network, optimiser, schedule, average, loss)
                continue
            if not free_batches:
                free_batches = batches([len(row) for row in pack.free], options.free_pieces, rng)
            batch = free_batches.pop()
            ids = padded([pack.free[k] for k in batch])
            kept = ids != PAD
            with half:
                scores, placed = network(pack.words[ids], kept)
            scores, placed = scores.float(), placed.float()
            away = (1 - (placed * target[batch]).sum(-1)).mean()
            shown["embedding"] += float(away.detach())
            loss = loss + options.embedding * away
            if said is not None:
                wanted = torch.zeros(*ids.shape, len(LABELS))
                for row, k in enumerate(batch):
                    wanted[row, 1 : len(said[k]) + 1] = torch.from_numpy(said[k])
                wanted = wanted.to(DEVICE)
                there = wanted.sum(-1) > 0
                apart = -(wanted * scores.log_softmax(-1)).sum(-1)[there].mean()
                shown["said"] += float(apart.detach())
                loss = loss + options.say_weight * apart
            _advance(network, optimiser, schedule, average, loss)
        print(
            options.name,
            "epoch",
            number,
            {key: round(value / steps_an_epoch, 4) for key, value in shown.items()},
            f"{time.time() - started:.0f} s",
            flush=True,
        )
        shown.clear()
        if options.quantise_from >= 0 and number >= options.quantise_from:
            save(average.module, options.out)
    final: Network = average.module
    for source, copy in zip(network.linears(), final.linears(), strict=True):
        copy.quantise = source.quantise
    return final.eval()


def _said(pack: Pack, files: list[Path]) -> list[Any]:
    """The mean of what other runs said of each unlabelled sentence, piece by piece."""
    mean = np.mean([np.load(file)["said"].astype(np.float32) for file in files], 0)
    return _rows(mean, np.array([len(row) for row in pack.free]))


def _advance(network: Network, optimiser: Any, schedule: Any, average: Any, loss: Tensor) -> None:
    optimiser.zero_grad(set_to_none=True)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
    optimiser.step()
    schedule.step()
    average.update_parameters(network)


def _groups(network: Network, options: argparse.Namespace) -> list[dict[str, Any]]:
    heads, updates, rest = [], [], []
    for name, parameter in network.named_parameters():
        last = name.rpartition(".")[2]
        if name.startswith(("labels", "turn")):
            heads.append(parameter)
        elif last in {"down", "up"} or (last == "weight" and parameter.ndim == 2):
            updates.append(parameter)
        else:
            rest.append(parameter)
    return [
        {"params": heads, "lr": options.head_lr},
        {"params": updates, "lr": options.lr},
        {"params": rest, "lr": min(options.lr, 2e-4), "weight_decay": 0.0},
    ]


def _calibrate(network: Network, pack: Pack, rng: random.Random, options: argparse.Namespace) -> None:
    """Find the bounds of what flows into each matrix, and quantise from here on."""
    network.eval()
    for linear in network.linears():
        linear.watch, linear.seen = True, []
    with torch.no_grad():
        for count, (ids, _, _) in enumerate(epoch(pack, rng, options.pieces, options.own_times, options.old)):
            network(pack.words[ids], ids != PAD)
            if count == 20:
                break
    for linear in network.linears():
        low, high = torch.stack(linear.seen).mean(0)
        with torch.no_grad():
            linear.low.copy_(low)
            linear.high.copy_(high)
        linear.watch, linear.quantise = False, True


@torch.inference_mode()
def probabilities(network: Network, pack: Pack, rows: list[Any], pieces: int = 16_000) -> list[Any]:
    found: list[Any] = [None] * len(rows)
    for batch in batches([len(row) for row in rows], pieces):
        ids = padded([rows[k] for k in batch])
        scores, _ = network(pack.words[ids], ids != PAD)
        odds = scores.softmax(-1).cpu().numpy()
        for row, k in enumerate(batch):
            found[k] = odds[row, 1 : len(rows[k]) + 1]
    return found


def measure(network: Network, pack: Pack, name: str) -> None:
    """Print exact-span F1 by corpus, language and part, of sentences as they stand and closed up."""
    odds = probabilities(network, pack, [row["ids"] for row in pack.measured])
    right, said, there = Counter[Any](), Counter[Any](), Counter[Any]()
    for number, (row, given) in enumerate(zip(pack.measured, odds, strict=True)):
        if not len(given):
            continue
        path = best_path(np.log(given + 1e-9))
        found = {
            (one.start, one.end, one.type)
            for one in guesses(row["text"], path, np.array(row["offsets"]), given)
        }
        gold = {tuple(span) for span in row["spans"]}
        for kind in ("PER", "ORG", "LOC", "all"):
            key = (
                row["part"],
                row["corpus"] if row["corpus"] != "own" else "own-" + row["language"],
                ("as is", "closed")[number % 2],
                kind,
            )
            right[key] += sum(kind in {one[2], "all"} for one in found & gold)
            said[key] += sum(kind in {one[2], "all"} for one in found)
            there[key] += sum(kind in {one[2], "all"} for one in gold)
    f1 = {key: 200 * right[key] / max(1, said[key] + there[key]) for key in there}
    for part in ("dev", "test"):
        for form in ("as is", "closed"):
            told = {
                corpus: round(value, 1)
                for (p, corpus, f, kind), value in sorted(f1.items())
                if (p, f, kind) == (part, form, "all")
            }
            gold_sets = [value for corpus, value in told.items() if not corpus.startswith(("own", "spot"))]
            print(name, part, form, "mean", round(sum(gold_sets) / len(gold_sets), 2), told, flush=True)
    print(
        name,
        "by type",
        {
            f"{c}-{k}": round(v, 1)
            for (p, c, f, k), v in sorted(f1.items())
            if (p, f) == ("dev", "as is") and k != "all" and not c.startswith("own")
        },
    )


def save(network: Network, path: Path) -> None:
    """What was learned: low-rank updates in float16, or whole matrices as the integers they will run in."""
    arrays = {}
    for name, value in network.state_dict().items():
        if name != "positions" and not name.endswith(tuple(f"{matrix}.weight" for matrix in MATRICES)):
            arrays[name] = (
                value.cpu().numpy().astype(np.float32 if name.endswith(("low", "high")) else np.float16)
            )
    for name, module in network.named_modules():
        if isinstance(module, Linear) and not module.rank:
            steps, scale = module.steps()
            arrays[f"{name}.steps"], arrays[f"{name}.scale"] = steps.cpu().numpy(), scale.cpu().numpy()
    np.savez_compressed(path, **arrays)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pack", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--name", default="run")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--head-lr", type=float, default=1e-3)
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--quantise-from", type=int, default=-1)
    parser.add_argument("--pieces", type=int, default=3000)
    parser.add_argument("--free-pieces", type=int, default=1200)
    parser.add_argument("--embedding", type=float, default=1.0)
    parser.add_argument("--smoothing", type=float, default=0.0)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--own-times", type=int, default=OWN_TIMES)
    parser.add_argument("--old", type=int, default=OLD_SENTENCES)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--soft", type=Path, nargs="*")
    parser.add_argument("--say", type=Path, help="write what this run says of the unlabelled sentences")
    parser.add_argument("--say-weight", type=float, default=1.0)
    options = parser.parse_args()
    torch.set_float32_matmul_precision("high")
    pack = Pack(options.pack)
    network = train(pack, options)
    measure(network, pack, options.name)
    save(network, options.out)
    if options.say:
        np.savez_compressed(
            options.say, said=np.concatenate(probabilities(network, pack, pack.free)).astype(np.float16)
        )


if __name__ == "__main__":
    main()
